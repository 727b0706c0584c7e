import { Button } from '../patterns/button.tsx'
import { Empty } from '../patterns/states.tsx'
import { useWords } from '../words/use-words.ts'

/** A fault of ours in a page, or a page of an older release that is gone from the server: loading anew helps both. */
export function PageFault({ error }: { readonly error: unknown }) {
  const { t } = useWords()
  return (
    <Empty
      title={t('frame.pageFault')}
      actions={<Button onClick={() => window.location.reload()}>{t('frame.reload')}</Button>}
    >
      <code>{error instanceof Error ? error.message : String(error)}</code>
    </Empty>
  )
}
