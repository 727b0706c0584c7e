import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

/** Always shown where rights of a service account are given. */
export function ExceedsBanner() {
  const { t } = useWords()
  return (
    <Banner tone="warn">
      <p>{t('credentials.exceeds')}</p>
    </Banner>
  )
}
