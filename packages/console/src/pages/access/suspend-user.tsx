// Holding a user out, at once and whole; nothing is deleted.

import { useChange, useRead } from '../../api/use-api.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Count } from '../../patterns/shown.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

interface SuspendUserProps {
  readonly uin: number
  readonly name: string
  onClose(): void
}

export function SuspendUser({ uin, name, onClose }: SuspendUserProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const setState = useChange('ModifyUserState')
  // What a deletion would end is what stops working.
  const { data, error } = useRead('DescribeUserDeletion', { TargetUin: uin })
  return (
    <Confirm
      title={t('access.suspendTitle', { name })}
      verb={t('access.suspendVerb')}
      isWaiting={!data && !error}
      run={() => setState.mutateAsync({ TargetUin: uin, State: 'Suspended' })}
      onClose={onClose}
      onDone={() => tell(t('access.wasSuspended', { name }))}
    >
      <p>{t('access.suspendAbout')}</p>
      {error && <Failed error={error} />}
      {data && (
        <Facts
          facts={[
            { label: t('access.sessions'), value: <Count value={data.SessionCount} /> },
            { label: t('access.keys'), value: <Count value={data.ApiKeyCount} /> },
            { label: t('access.credentials'), value: <Count value={data.CredentialCount} /> },
          ]}
        />
      )}
    </Confirm>
  )
}
