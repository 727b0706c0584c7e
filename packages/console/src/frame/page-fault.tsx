import { useState } from 'react'
import { GoneCode, reloadFor } from '../api/code.ts'
import { Button } from '../patterns/button.tsx'
import { Empty, Skeleton } from '../patterns/states.tsx'
import { useWords } from '../words/use-words.ts'

/** A fault of ours in a page. One whose scripts a newer build replaced is loaded anew by itself, once. */
export function PageFault({ error }: { readonly error: unknown }) {
  const { t } = useWords()
  const [isReloading] = useState(() => error instanceof GoneCode && reloadFor(error))
  if (isReloading) return <Skeleton />
  return (
    <Empty
      title={t('frame.pageFault')}
      actions={<Button onClick={() => window.location.reload()}>{t('frame.reload')}</Button>}
    >
      <code>{error instanceof Error ? error.message : String(error)}</code>
    </Empty>
  )
}
