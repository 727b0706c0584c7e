// Deleting a policy takes its rights from all who have it: they are named, and the name is to be typed.

import { useChange, useReads } from '../../api/use-api.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

interface DeletePolicyProps {
  readonly id: number
  readonly name: string
  onClose(): void
  onDone?(): void
}

const shown = 10
const kinds = ['User', 'Group', 'Role'] as const

export function DeletePolicy({ id, name, onClose, onDone }: DeletePolicyProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const remove = useChange('DeletePolicy')
  const replies = useReads(
    'ListEntitiesForPolicy',
    kinds.map((EntityFilter) => ({ PolicyId: id, EntityFilter, Page: 1, Rp: shown })),
  )
  const [users = 0, groups = 0, roles = 0] = replies.map(({ data }) => data?.TotalNum ?? 0)
  const all = users + groups + roles
  const named = replies.flatMap(({ data }) => data?.List ?? []).slice(0, shown)
  const error = replies.find((reply) => reply.error)?.error
  return (
    <Confirm
      title={t('policies.deleteTitle', { name })}
      verb={t('policies.deleteVerb')}
      typeName={name}
      isWaiting={replies.some(({ isPending }) => isPending)}
      run={() => remove.mutateAsync({ PolicyId: [id] })}
      onClose={onClose}
      onDone={() => {
        tell(t('policies.deleted', { name }))
        onDone?.()
      }}
    >
      {error && <Failed error={error} />}
      {all === 0 ? (
        <p>{t('policies.nobodyLoses')}</p>
      ) : (
        <>
          <p>
            {t('policies.whoLoses', {
              users: t('policies.nUsers', { n: users }),
              groups: t('policies.nGroups', { n: groups }),
              roles: t('policies.nRoles', { n: roles }),
            })}
          </p>
          <ul className="policy-chips">
            {named.map(({ Id, Name, RelatedType }) => (
              <li key={`${RelatedType} ${Id}`} className="policy-chip">
                <bdi>{Name}</bdi>
              </li>
            ))}
            {all > named.length && <li>{t('policies.andMore', { n: all - named.length })}</li>}
          </ul>
        </>
      )}
      <p>{t('policies.noWayBack')}</p>
    </Confirm>
  )
}
