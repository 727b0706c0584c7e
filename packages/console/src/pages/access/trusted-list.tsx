import { FreeText } from '../../patterns/shown.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { type Trusted, trustedBy } from './trust.ts'

/** Who may take on a role, in short. */
export function TrustedList({ document }: { readonly document: string }) {
  const { t } = useWords()
  const trusted = trustedBy(document)
  if (trusted.length === 0) return <span className="quiet">–</span>
  return (
    <ul>
      {trusted.map(({ kind, name }) => (
        <li key={`${kind} ${name}`}>
          <span className="quiet">{kindWord(kind, t)}</span> <FreeText text={name} />
        </li>
      ))}
    </ul>
  )
}

function kindWord(kind: Trusted['kind'], t: Words['t']): string {
  switch (kind) {
    case 'account':
      return t('access.trustAccount')
    case 'user':
      return t('access.trustUser')
    case 'role':
      return t('access.trustRole')
    case 'service':
      return t('access.trustService')
    case 'provider':
      return t('access.trustProvider')
    case 'other':
      return ''
  }
}
