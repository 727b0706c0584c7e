// The columns of the list of service accounts.

import { Link } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { paths } from '../../paths.ts'
import type { Column } from '../../patterns/rows.tsx'
import { CopyButton, Count, FreeText, Status, Time } from '../../patterns/shown.tsx'
import type { SortValue } from '../../patterns/whole-list.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { endOf, isOver } from './expiry.ts'
import { ExpiryText } from './expiry-text.tsx'
import { LastUse } from './last-use.tsx'
import { everyNamespace, grantsOf, summarizeGrants } from './permissions.ts'
import type { CredentialUse } from './use-credential-use.ts'

export type ServiceAccount = Reply<'DescribeServiceAccounts'>['ServiceAccounts'][number] & {
  readonly use: CredentialUse | undefined
}

export type AccountState = 'enabled' | 'disabled' | 'expired'

export function stateOf({ Disable, ExpiresAt }: ServiceAccount): AccountState {
  if (isOver(ExpiresAt, Date.now())) return 'expired'
  return Disable ? 'disabled' : 'enabled'
}

export const stateWords = {
  enabled: 'credentials.enabled',
  disabled: 'credentials.disabled',
  expired: 'credentials.expired',
} as const
const tones = { enabled: 'good', disabled: 'off', expired: 'bad' } as const

export function AccountStatus({ account }: { readonly account: ServiceAccount }) {
  const { t } = useWords()
  const state = stateOf(account)
  return <Status tone={tones[state]}>{t(stateWords[state])}</Status>
}

export const accountOrders: Readonly<Record<string, (row: ServiceAccount) => SortValue>> = {
  name: ({ Name }) => Name,
  expires: ({ ExpiresAt }) => endOf(ExpiresAt)?.getTime(),
  used: ({ use }) => use?.LastUsedTime,
  pulls: ({ use }) => use?.RecentPulls,
  created: ({ CreateTime }) => Date.parse(CreateTime),
  updated: ({ UpdateTime }) => Date.parse(UpdateTime),
}

export function accountColumns(instance: string, t: Words['t']): readonly Column<ServiceAccount>[] {
  return [
    {
      id: 'name',
      head: t('credentials.name'),
      sort: 'name',
      cell: (account) => <NameCell instance={instance} account={account} />,
    },
    {
      id: 'permissions',
      head: t('credentials.permissions'),
      cell: (account) => <GrantedSummary account={account} />,
    },
    {
      id: 'state',
      head: t('credentials.state'),
      cell: (account) => <AccountStatus account={account} />,
    },
    {
      id: 'expires',
      head: t('credentials.expires'),
      sort: 'expires',
      cell: ({ ExpiresAt }) => <ExpiryText at={ExpiresAt} />,
    },
    {
      id: 'used',
      head: t('credentials.lastUse'),
      sort: 'used',
      isDownFirst: true,
      cell: ({ use }) => <LastUse use={use} />,
    },
    {
      id: 'pulls',
      head: t('credentials.recentPulls'),
      sort: 'pulls',
      isDownFirst: true,
      cell: ({ use }) => <Count value={use?.RecentPulls} />,
    },
    {
      id: 'created',
      head: t('credentials.created'),
      sort: 'created',
      isDownFirst: true,
      isMinor: true,
      cell: ({ CreateTime }) => <Time at={CreateTime} />,
    },
    {
      id: 'updated',
      head: t('credentials.updated'),
      sort: 'updated',
      isDownFirst: true,
      isMinor: true,
      cell: ({ UpdateTime }) => <Time at={UpdateTime} />,
    },
  ]
}

function NameCell({
  instance,
  account: { Name, Description },
}: {
  readonly instance: string
  readonly account: ServiceAccount
}) {
  return (
    <div>
      <span className="account-name">
        <Link to={paths.serviceAccount(instance, Name)}>{Name}</Link>
        <CopyButton text={Name} what={Name} />
      </span>
      {Description !== '' && (
        <div className="account-about">
          <FreeText text={Description} />
        </div>
      )}
    </div>
  )
}

/** "2 namespaces: read-write 1, read-only 1". */
function GrantedSummary({ account }: { readonly account: ServiceAccount }) {
  const { t, locale } = useWords()
  const grants = grantsOf(account.Permissions)
  const names = Object.keys(grants)
  const { read, write, custom } = summarizeGrants(grants)
  const levels = [
    ...(write.length > 0 ? [t('credentials.levelWrite')] : []),
    ...(read.length > 0 ? [t('credentials.levelRead')] : []),
    ...(custom.length > 0 ? [t('credentials.levelCustom')] : []),
  ]
  const where = names.includes(everyNamespace)
    ? t('credentials.everyNamespaceShort')
    : t('credentials.inNamespaces', { n: names.length })
  return (
    <span title={names.join(', ')}>
      {where}
      <small className="account-levels">{new Intl.ListFormat(locale).format(levels)}</small>
    </span>
  )
}
