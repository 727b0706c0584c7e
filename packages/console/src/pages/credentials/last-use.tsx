import { Time } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import type { CredentialUse } from './use-credential-use.ts'

/** Nothing until it is known. */
export function LastUse({ use }: { readonly use: CredentialUse | undefined }) {
  const { t } = useWords()
  if (!use) return <span className="quiet">–</span>
  if (use.LastUsedTime === null) return <span className="quiet">{t('credentials.neverUsed')}</span>
  return (
    <span className="last-use">
      <Time at={use.LastUsedTime} />
      {use.LastUsedAddress !== null && <bdi className="quiet">{use.LastUsedAddress}</bdi>}
    </span>
  )
}
