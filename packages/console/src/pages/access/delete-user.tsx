// Deleting a user takes his logins, keys and credentials with it, at once: the figures, and his name to type.

import { useChange, useRead } from '../../api/use-api.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Count, Time } from '../../patterns/shown.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

interface DeleteUserProps {
  readonly uin: number
  readonly name: string
  readonly onClose: () => void
  readonly onDone?: () => void
}

export function DeleteUser({ uin, name, onClose, onDone }: DeleteUserProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const remove = useChange('DeleteUser')
  const { data, error, isPending } = useRead('DescribeUserDeletion', { TargetUin: uin })
  return (
    <Confirm
      title={t('access.deleteUserTitle', { name })}
      verb={t('access.deleteUser')}
      typeName={name}
      isWaiting={isPending}
      run={() => remove.mutateAsync({ Name: name, Force: 1 })}
      onClose={onClose}
      onDone={() => {
        tell(t('access.userDeleted', { name }))
        onDone?.()
      }}
    >
      <p>{t('access.deleteUserAbout')}</p>
      {error && <Failed error={error} />}
      {data && (
        <Facts
          facts={[
            { label: t('access.keys'), value: <Count value={data.ApiKeyCount} /> },
            { label: t('access.credentials'), value: <Count value={data.CredentialCount} /> },
            { label: t('access.sessions'), value: <Count value={data.SessionCount} /> },
            { label: t('access.groups'), value: <Count value={data.GroupCount} /> },
            { label: t('access.policies'), value: <Count value={data.PolicyCount} /> },
            { label: t('access.recentPulls'), value: <Count value={data.RecentPulls} /> },
            {
              label: t('access.lastLogin'),
              value: <Time at={data.LastLoginTime} none={t('access.never')} />,
            },
          ]}
        />
      )}
    </Confirm>
  )
}
