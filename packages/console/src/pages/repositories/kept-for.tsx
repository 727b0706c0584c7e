// How long what is about to be deleted can come back.

import { useWords } from '../../words/use-words.ts'

interface KeptForProps {
  /** Undefined: not known yet. */
  readonly days: number | undefined
}

export function KeptFor({ days }: KeptForProps) {
  const { t } = useWords()
  if (days === undefined) return null
  return days === 0 ? t('repositories.notKept') : t('repositories.keptFor', { n: days })
}
