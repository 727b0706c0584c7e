// What the form beside it means, in sentences, as it is filled in.

import { useWords, type WordKey } from '../../words/use-words.ts'
import { soonDays } from './expiry.ts'
import { formatDay } from './expiry-text.tsx'
import { everyNamespace, type Grants, summarizeGrants } from './permissions.ts'

interface InWordsProps {
  readonly grants: Grants
  /** Null: never; undefined: not known yet. */
  readonly endsAt: Date | null | undefined
  readonly isDisabled?: boolean
}

export function InWords({ grants, endsAt, isDisabled = false }: InWordsProps) {
  const { t, locale } = useWords()
  const { read, write, deletes, custom } = summarizeGrants(grants)
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  const groups: readonly (readonly [WordKey, readonly string[]])[] = [
    ['credentials.mayWriteIn', write],
    ['credentials.mayDeleteIn', deletes],
    ['credentials.mayReadIn', read],
    ['credentials.mayCustomIn', custom],
  ]
  const said = groups.filter(([, names]) => names.length > 0)
  return (
    <aside className="panel in-words">
      <h2>{t('credentials.inWords')}</h2>
      <ul>
        {said.map(([key, names]) => (
          <li key={key}>{t(key, { names: list.format(names.map(nameOf)) })}</li>
        ))}
        <li>{t(said.length === 0 ? 'credentials.mayNothing' : 'credentials.nothingElse')}</li>
        {isDisabled && <li>{t('credentials.cannotLogInYet')}</li>}
        {endsAt === null && <li>{t('credentials.endsNever')}</li>}
        {endsAt && <li>{t('credentials.endsOn', { date: formatDay(endsAt, locale) })}</li>}
        {endsAt && <li className="quiet">{t('credentials.toldBefore', { n: soonDays })}</li>}
      </ul>
    </aside>
  )

  function nameOf(namespace: string): string {
    return namespace === everyNamespace ? t('credentials.everyNamespaceWords') : namespace
  }
}
