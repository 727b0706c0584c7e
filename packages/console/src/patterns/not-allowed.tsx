// A page or list that this person may not see: what is missing, as a statement to copy, and whom to ask.

import { CallError } from '@entrepot/client/errors.ts'
import { useRead } from '../api/use-api.ts'
import { useWords } from '../words/use-words.ts'
import { explainError } from './errors.tsx'
import { CopyButton } from './shown.tsx'

/** The refusal names action and resources: "tcr:DescribeNamespaces on instance/tcr-1". */
function missingOf(error: unknown): { action: string; resource: string } | undefined {
  if (!(error instanceof CallError)) return undefined
  const action = /\b[a-z]+:[A-Z]\w+/.exec(error.message)?.[0]
  const resource =
    /\b(?:instance|repository|repo|uin|role|roleName|groupid|policyid|oidc-provider)\/[^\s,;，。]+/.exec(
      error.message,
    )?.[0]
  return action === undefined ? undefined : { action, resource: resource ?? '*' }
}

/** Whose resource it is: actions on tags are about resources of others. */
const serviceOf = (resource: string): string =>
  /^(?:instance|repository|repo)\//.test(resource) ? 'tcr' : 'cam'

export function NotAllowed({ error }: { readonly error: unknown }) {
  const { t, locale } = useWords()
  const { data: account } = useRead('DescribeOwnAccount', {})
  const administrators = account?.Administrators.map(({ Name }) => Name) ?? []
  const missing = missingOf(error)
  const statement = missing && {
    effect: 'allow',
    action: [missing.action],
    resource: [
      missing.resource === '*' ? '*' : `qcs::${serviceOf(missing.resource)}:::${missing.resource}`,
    ],
  }
  return (
    <div className="empty">
      <p className="empty-title">{t('patterns.notAllowed')}</p>
      <div className="empty-about">{explainError(error, t)}</div>
      <p>{t('patterns.askAdministrator')}</p>
      {administrators.length > 0 && (
        <p>
          {t('patterns.administrators')}{' '}
          <bdi>{new Intl.ListFormat(locale).format(administrators)}</bdi>
        </p>
      )}
      {statement && (
        <pre className="command">
          <code>{JSON.stringify(statement, undefined, 2)}</code>
          <CopyButton
            text={JSON.stringify(statement, undefined, 2)}
            what={t('patterns.statement')}
          />
        </pre>
      )}
    </div>
  )
}
