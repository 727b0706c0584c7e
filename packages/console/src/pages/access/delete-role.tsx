import { useChange, useRead } from '../../api/use-api.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

interface DeleteRoleProps {
  readonly role: {
    readonly RoleId: string
    readonly RoleName: string
    readonly RoleType?: string | null
  }
  readonly onClose: () => void
  readonly onDone?: () => void
}

/** Temporary keys of it end at once. Roles of services go by an action of their own. */
export function DeleteRole({ role, onClose, onDone }: DeleteRoleProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { RoleId, RoleName: name, RoleType } = role
  const remove = useChange('DeleteRole')
  const removeLinked = useChange('DeleteServiceLinkedRole')
  const policies = useRead('ListAttachedRolePolicies', { RoleId, Page: 1, Rp: 1 })
  return (
    <Confirm
      title={t('access.deleteRoleTitle', { name })}
      verb={t('access.deleteRole')}
      typeName={name}
      isWaiting={policies.isPending}
      run={() =>
        RoleType === 'service_linked'
          ? removeLinked.mutateAsync({ RoleName: name })
          : remove.mutateAsync({ RoleId })
      }
      onClose={onClose}
      onDone={() => {
        tell(t('access.roleDeleted', { name }))
        onDone?.()
      }}
    >
      {policies.error && <Failed error={policies.error} />}
      {policies.data && <p>{t('access.deleteRoleAbout', { n: policies.data.TotalNum })}</p>}
      {RoleType === 'service_linked' && <p>{t('access.deleteLinkedAbout')}</p>}
    </Confirm>
  )
}
