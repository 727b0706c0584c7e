// What is one's own: who one is, password, second factor, signed-in devices, how the console looks.

import { useParams } from '@tanstack/react-router'
import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { paths } from '../../paths.ts'
import { Tabs } from '../../patterns/detail.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { SessionList } from '../access/session-list.tsx'
import { FactorTab } from './factor-tab.tsx'
import { PasswordTab } from './password-tab.tsx'
import { ProfileTab } from './profile-tab.tsx'
import { ViewTab } from './view-tab.tsx'

export function MePage() {
  const { t } = useWords()
  useTitle(t('me.title'))
  const { tab = 'profile' } = useParams({ strict: false })
  const { data: account, error, isPending } = useRead('DescribeOwnAccount', {})
  // Who works by a role has no password here, and no devices.
  const isPerson = account?.Kind === 'Main' || account?.Kind === 'User'
  const tabs = [
    { id: 'profile', label: t('me.profile') },
    ...(isPerson
      ? [
          { id: 'password', label: t('me.password') },
          { id: 'factor', label: t('me.factor') },
          { id: 'sessions', label: t('access.sessions') },
        ]
      : []),
    { id: 'view', label: t('me.view') },
  ]
  if (isPending) return <Skeleton />
  if (error) return <Failed error={error} />
  return (
    <>
      <header className="page-head">
        <h1 tabIndex={-1}>{t('me.title')}</h1>
        <p className="page-about">{t('me.about')}</p>
      </header>
      <Tabs
        label={t('me.title')}
        current={tab}
        tabs={tabs.map((one) => ({ ...one, to: paths.me(one.id) }))}
      />
      {isPerson ? <PersonTab tab={tab} /> : tab !== 'view' && <ProfileTab />}
      {tab === 'view' && <ViewTab />}
    </>
  )
}

function PersonTab({ tab }: { readonly tab: string }) {
  const { uin } = usePerson()
  switch (tab) {
    case 'password':
      return <PasswordTab />
    case 'factor':
      return <FactorTab />
    case 'sessions':
      return <SessionList uin={uin} isOwn />
    case 'view':
      return null
    default:
      return <ProfileTab />
  }
}
