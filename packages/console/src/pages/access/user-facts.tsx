// Who a user is: what an administrator may change of it in place.

import { useChange, useRead } from '../../api/use-api.ts'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { useRights } from '../../patterns/rights.ts'
import { FreeText, Time } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

export interface UserProps {
  readonly uin: number
  readonly name: string
}

export function UserFacts({ uin, name }: UserProps) {
  const { t } = useWords()
  const resource = `uin/${uin}`
  const { may } = useRights([['cam:UpdateUser', resource]])
  const update = useChange('UpdateUser')
  const { data: user, error, isPending } = useRead('GetUser', { Name: name })
  if (isPending) return <Skeleton />
  if (error) return <Failed error={error} />
  const editable = (text: string, save: (text: string) => Promise<unknown>) =>
    may('cam:UpdateUser', resource) ? { edit: { text, save } } : {}
  return (
    <Panel title={t('access.basic')}>
      <Facts
        facts={[
          { label: t('access.userName'), value: <bdi>{user.Name}</bdi> },
          { label: t('access.uin'), value: user.Uin },
          {
            label: t('access.remark'),
            value: <FreeText text={user.Remark} />,
            ...editable(user.Remark ?? '', (Remark) => update.mutateAsync({ Name: name, Remark })),
          },
          {
            label: t('access.email'),
            value: <FreeText text={user.Email} />,
            ...editable(user.Email, (Email) => update.mutateAsync({ Name: name, Email })),
          },
          {
            label: t('access.phone'),
            value: <FreeText text={user.PhoneNum} />,
            ...editable(user.PhoneNum, (PhoneNum) => update.mutateAsync({ Name: name, PhoneNum })),
          },
          {
            label: t('access.lastLogin'),
            value: <Time at={user.RecentlyLoginTime} none={t('access.never')} />,
          },
          { label: t('access.lastAddress'), value: <FreeText text={user.RecentlyLoginIP} /> },
        ]}
      />
    </Panel>
  )
}
