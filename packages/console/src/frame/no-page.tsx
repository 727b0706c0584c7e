import { paths } from '../paths.ts'
import { LinkButton } from '../patterns/button.tsx'
import { Empty } from '../patterns/states.tsx'
import { useWords } from '../words/use-words.ts'

/** An address that no page has. */
export function NoPage() {
  const { t } = useWords()
  return (
    <Empty
      title={t('frame.noPage')}
      actions={<LinkButton to={paths.overview()}>{t('frame.toOverview')}</LinkButton>}
    />
  )
}
