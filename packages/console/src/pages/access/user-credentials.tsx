// A user's registry credentials: how many there are. Nobody but he lists them; what ends them all is his deletion.

import { useRead } from '../../api/use-api.ts'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { Count } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

export function UserCredentials({ uin }: { readonly uin: number }) {
  const { t } = useWords()
  const { data, error, isPending } = useRead('DescribeUserDeletion', { TargetUin: uin })
  if (isPending) return <Skeleton />
  if (error) return <Failed error={error} />
  return (
    <Panel title={t('access.credentials')}>
      <p>{t('access.credentialsAbout')}</p>
      <Facts
        facts={[
          { label: t('access.credentials'), value: <Count value={data.CredentialCount} /> },
          { label: t('access.recentPulls'), value: <Count value={data.RecentPulls} /> },
        ]}
      />
    </Panel>
  )
}
