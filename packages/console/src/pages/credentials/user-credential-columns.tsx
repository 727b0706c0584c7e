// The columns of the list of user-level accounts.

import type { Reply } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import type { Column } from '../../patterns/rows.tsx'
import { CopyButton, Count, Status, Time } from '../../patterns/shown.tsx'
import type { SortValue } from '../../patterns/whole-list.ts'
import type { WordKey, Words } from '../../words/use-words.ts'
import { EditableText } from './editable-text.tsx'
import { LastUse } from './last-use.tsx'
import type { CredentialUse } from './use-credential-use.ts'

export type UserCredential = Reply<'DescribeInstanceToken'>['Tokens'][number] & {
  readonly use: CredentialUse | undefined
}

export const originWords: Readonly<Record<CredentialUse['MadeBy'], WordKey>> = {
  User: 'credentials.originUser',
  Build: 'credentials.originBuild',
  Sync: 'credentials.originSync',
  Kubernetes: 'credentials.originKubernetes',
}

export const credentialOrders: Readonly<Record<string, (row: UserCredential) => SortValue>> = {
  purpose: ({ Desc }) => Desc.toLowerCase(),
  created: ({ CreatedAt }) => Date.parse(CreatedAt),
  used: ({ use }) => use?.LastUsedTime,
  pulls: ({ use }) => use?.RecentPulls,
}

interface ColumnOptions {
  readonly instance: string
  readonly mayEdit: boolean
  readonly t: Words['t']
}

export function credentialColumns({
  instance,
  mayEdit,
  t,
}: ColumnOptions): readonly Column<UserCredential>[] {
  return [
    {
      id: 'purpose',
      head: t('credentials.purpose'),
      sort: 'purpose',
      cell: (row) => <Purpose instance={instance} credential={row} mayEdit={mayEdit} t={t} />,
    },
    {
      id: 'id',
      head: t('credentials.id'),
      isMinor: true,
      cell: ({ Id }) => (
        <span className="credential-id">
          <code>{Id}</code>
          <CopyButton text={Id} what={t('credentials.id')} />
        </span>
      ),
    },
    {
      id: 'state',
      head: t('credentials.state'),
      cell: ({ Enabled }) => (
        <Status tone={Enabled ? 'good' : 'off'}>
          {t(Enabled ? 'credentials.enabled' : 'credentials.disabled')}
        </Status>
      ),
    },
    {
      id: 'origin',
      head: t('credentials.origin'),
      isMinor: true,
      cell: ({ use }) => (use ? t(originWords[use.MadeBy]) : <span className="quiet">–</span>),
    },
    {
      id: 'created',
      head: t('credentials.created'),
      sort: 'created',
      isDownFirst: true,
      isMinor: true,
      cell: ({ CreatedAt }) => <Time at={CreatedAt} />,
    },
    {
      id: 'expires',
      head: t('credentials.expires'),
      isMinor: true,
      // The API tells ten years for those that hold until they are deleted.
      cell: () => t('credentials.noExpiry'),
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
  ]
}

/** Of `ModifyFlag`. */
const describes = 1

interface PurposeProps {
  readonly instance: string
  readonly credential: UserCredential
  readonly mayEdit: boolean
  readonly t: Words['t']
}

function Purpose({ instance, credential: { Id, Desc }, mayEdit, t }: PurposeProps) {
  const modify = useChange('ModifyInstanceToken')
  return (
    <EditableText
      text={Desc}
      label={t('credentials.purpose')}
      mayEdit={mayEdit}
      save={(text) =>
        modify.mutateAsync({
          RegistryId: instance,
          TokenId: Id,
          ModifyFlag: describes,
          Desc: text,
        })
      }
    />
  )
}
