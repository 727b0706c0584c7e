import { useChange, useRead } from '../../api/use-api.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

interface DeleteGroupProps {
  readonly id: number
  readonly name: string
  readonly onClose: () => void
  readonly onDone?: () => void
}

/** Its members stay; what they had through it ends. */
export function DeleteGroup({ id, name, onClose, onDone }: DeleteGroupProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const remove = useChange('DeleteGroup')
  const group = useRead('GetGroup', { GroupId: id })
  const policies = useRead('ListAttachedGroupPolicies', { TargetGroupId: id, Rp: 1 })
  const error = group.error ?? policies.error
  return (
    <Confirm
      title={t('access.deleteGroupTitle', { name })}
      verb={t('access.deleteGroup')}
      isWaiting={group.isPending || policies.isPending}
      run={() => remove.mutateAsync({ GroupId: id })}
      onClose={onClose}
      onDone={() => {
        tell(t('access.groupDeleted', { name }))
        onDone?.()
      }}
    >
      {error && <Failed error={error} />}
      {group.data && policies.data && (
        <p>
          {t('access.deleteGroupAbout', {
            members: group.data.GroupNum,
            policies: policies.data.TotalNum,
          })}
        </p>
      )}
    </Confirm>
  )
}
