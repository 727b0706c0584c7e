// Disabling and deleting long-term credentials: what stops, when each was last used, and which feature breaks.

import { call } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Time } from '../../patterns/shown.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { ConfirmedWork } from '../repositories/bulk-work.tsx'
import { LastUse } from './last-use.tsx'
import { type CredentialUse, useCredentialUse } from './use-credential-use.ts'
import { switches } from './use-switch.ts'
import type { UserCredential } from './user-credential-columns.tsx'

export interface OpenedCredentials {
  readonly kind: 'disable' | 'delete'
  readonly rows: readonly UserCredential[]
}

interface CredentialDialogsProps {
  readonly instance: string
  readonly opened: OpenedCredentials
  onClose(): void
}

interface Work {
  readonly title: string
  readonly verb: string
  readonly about: string
  readonly done: WordKey
  readonly progress: WordKey
  /** While it runs. */
  readonly doing: WordKey
}

export function CredentialDialogs({ instance, opened, onClose }: CredentialDialogsProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyInstanceToken')
  const remove = useChange('DeleteInstanceToken')
  // Asked anew: they may have been used since the page was opened.
  const { uses, isFetching } = useCredentialUse(instance, 'LongTerm')
  const { kind } = opened
  const rows = opened.rows.map((one) => ({ ...one, use: uses.get(one.Id) }))
  const [row] = rows
  if (!row) return null
  const name = nameOf(row)
  const work = kind === 'disable' ? disabling(rows.length) : deleting(rows.length)
  if (rows.length > 1) {
    return (
      <ConfirmedWork
        title={work.title}
        workTitle={t(work.doing)}
        verb={work.verb}
        isWaiting={isFetching}
        items={rows.map(({ Id }) => Id)}
        batchSize={1}
        run={([id = '']) =>
          kind === 'disable'
            ? call('ModifyInstanceToken', disabledOne(id))
            : call('DeleteInstanceToken', { RegistryId: instance, TokenId: id })
        }
        progressLabel={(done, of) => t(work.progress, { done, of })}
        onClose={onClose}
      >
        <p>{work.about}</p>
        <ul className="uses">
          {rows.map((one) => (
            <li key={one.Id}>
              <bdi>{nameOf(one)}</bdi>
              <LastUse use={one.use} />
            </li>
          ))}
        </ul>
      </ConfirmedWork>
    )
  }
  return (
    <Confirm
      title={work.title}
      verb={work.verb}
      isWaiting={isFetching}
      run={() =>
        kind === 'disable'
          ? modify.mutateAsync(disabledOne(row.Id))
          : remove.mutateAsync({ RegistryId: instance, TokenId: row.Id })
      }
      onClose={onClose}
      onDone={() => tell(t(work.done, { name }))}
    >
      <p>{work.about}</p>
      <Breaks use={row.use} />
      <Facts
        facts={[
          { label: t('credentials.purpose'), value: <bdi>{name}</bdi> },
          { label: t('credentials.lastUse'), value: <LastUse use={row.use} /> },
          { label: t('credentials.created'), value: <Time at={row.CreatedAt} /> },
        ]}
      />
    </Confirm>
  )

  function disabledOne(id: string) {
    return { RegistryId: instance, TokenId: id, ModifyFlag: switches, Enable: false }
  }

  function disabling(n: number): Work {
    return {
      title:
        n === 1
          ? t('credentials.disableTitle', { name })
          : t('credentials.disableManyTitle', { n }),
      verb: t('credentials.disable'),
      about: t('credentials.disableAbout'),
      done: 'credentials.wasDisabled',
      progress: 'credentials.disabledSome',
      doing: 'credentials.disabling',
    }
  }

  function deleting(n: number): Work {
    return {
      title:
        n === 1 ? t('credentials.deleteTitle', { name }) : t('credentials.deleteManyTitle', { n }),
      verb: t('credentials.deleteVerb', { n }),
      about: t('credentials.deleteAbout'),
      done: 'credentials.wasDeleted',
      progress: 'credentials.deletedSome',
      doing: 'credentials.deleting',
    }
  }
}

function nameOf({ Desc, Id }: UserCredential): string {
  return Desc === '' ? Id : Desc
}

const breaking: Readonly<Partial<Record<CredentialUse['MadeBy'], WordKey>>> = {
  Build: 'credentials.breaksBuild',
  Sync: 'credentials.breaksSync',
  Kubernetes: 'credentials.breaksKubernetes',
}

/** What was made by a feature is missed by it. */
function Breaks({ use }: { readonly use: CredentialUse | undefined }) {
  const { t } = useWords()
  const key = use && breaking[use.MadeBy]
  return key ? <Banner tone="warn">{t(key)}</Banner> : null
}
