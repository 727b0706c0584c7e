// Nothing yet: the two kinds of logins side by side, a button each.

import type { ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'

interface CredentialKindsProps {
  readonly longTerm: ReactNode
  readonly temporary: ReactNode
}

export function CredentialKinds({ longTerm, temporary }: CredentialKindsProps) {
  const { t } = useWords()
  return (
    <div className="kinds">
      <section className="panel">
        <h2>{t('credentials.longTerm')}</h2>
        <p>{t('credentials.longTermAbout')}</p>
        <div className="kinds-action">{longTerm}</div>
      </section>
      <section className="panel">
        <h2>{t('credentials.temporary')}</h2>
        <p>{t('credentials.temporaryKindAbout')}</p>
        <div className="kinds-action">{temporary}</div>
      </section>
    </div>
  )
}
