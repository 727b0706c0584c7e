// One user: who he is and how he logs in, his groups, policies, keys, sessions and credentials.

import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb, DetailHead, Tabs } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Status } from '../../patterns/shown.tsx'
import { Empty, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { AttachedPolicies } from './attached-policies.tsx'
import { DeleteUser } from './delete-user.tsx'
import { FailedPage } from './failed-page.tsx'
import { KeyList } from './key-list.tsx'
import { ResetPassword } from './reset-password.tsx'
import { SessionList } from './session-list.tsx'
import { SuspendUser } from './suspend-user.tsx'
import { UserBasic } from './user-basic.tsx'
import { UserCredentials } from './user-credentials.tsx'
import { UserGroups } from './user-groups.tsx'

const tabs = ['basic', 'groups', 'policies', 'keys', 'sessions', 'credentials'] as const

export function UserPage() {
  const { t } = useWords()
  const { id = '', tab = 'basic' } = useParams({ strict: false })
  const uin = Number(id)
  const { data, error, isPending, refetch } = useRead('DescribeUsers', { Uins: [uin] })
  const [user] = data?.Users ?? []
  useTitle(user?.Name ?? t('access.users'))
  const words = {
    basic: t('access.basic'),
    groups: t('access.groups'),
    policies: t('access.policies'),
    keys: t('access.keys'),
    sessions: t('access.sessions'),
    credentials: t('access.credentials'),
  }
  if (isPending) return <Skeleton />
  if (error) return <FailedPage title={t('access.users')} error={error} retry={refetch} />
  if (!user) {
    return (
      <>
        <h1 tabIndex={-1}>{t('access.users')}</h1>
        <Empty title={t('patterns.missing')} />
      </>
    )
  }
  return (
    <>
      <Breadcrumb
        crumbs={[{ label: t('access.users'), to: paths.access('users') }, { label: user.Name }]}
      />
      <DetailHead
        name={user.Name}
        copy={String(uin)}
        state={
          user.State === 'Suspended' ? (
            <Status tone="bad">{t('access.suspended')}</Status>
          ) : (
            <Status tone={user.ConsoleLogin ? 'good' : 'off'}>
              {t(user.ConsoleLogin ? 'access.mayLogIn' : 'access.mayNotLogIn')}
            </Status>
          )
        }
        facts={<span className="quiet">{t('access.uinIs', { uin: String(uin) })}</span>}
        actions={
          <UserActions uin={uin} name={user.Name} isSuspended={user.State === 'Suspended'} />
        }
      />
      <Tabs
        label={user.Name}
        current={tab}
        tabs={tabs.map((one) => ({
          id: one,
          label: words[one],
          to: paths.accessDetail('users', uin, one),
        }))}
      />
      <UserTab tab={tab} uin={uin} name={user.Name} />
    </>
  )
}

interface UserProps {
  readonly uin: number
  readonly name: string
}

function UserTab({ tab, uin, name }: UserProps & { readonly tab: string }) {
  switch (tab) {
    case 'groups':
      return <UserGroups uin={uin} name={name} />
    case 'policies':
      return <AttachedPolicies of={{ kind: 'user', id: String(uin), name }} />
    case 'keys':
      return <KeyList uin={uin} name={name} />
    case 'sessions':
      return <SessionList uin={uin} />
    case 'credentials':
      return <UserCredentials uin={uin} />
    default:
      return <UserBasic uin={uin} name={name} />
  }
}

function UserActions({ uin, name, isSuspended }: UserProps & { readonly isSuspended: boolean }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const [open, setOpen] = useState<'reset' | 'suspend' | 'delete'>()
  const resource = `uin/${uin}`
  const { may } = useRights([
    ['cam:UpdateUser', resource],
    ['cam:DeleteUser', resource],
  ])
  const close = () => setOpen(undefined)
  const { tell, tellError } = useNotices()
  const setState = useChange('ModifyUserState')
  const resume = () =>
    void setState
      .mutateAsync({ TargetUin: uin, State: 'Active' })
      .then(() => tell(t('access.resumed', { name })), tellError)
  return (
    <>
      {may('cam:UpdateUser', resource) && (
        <>
          <Button onClick={() => setOpen('reset')}>{t('access.resetPassword')}</Button>
          {isSuspended ? (
            <Button isBusy={setState.isPending} onClick={resume}>
              {t('access.resume')}
            </Button>
          ) : (
            <Button theme="danger-text" onClick={() => setOpen('suspend')}>
              {t('access.suspend')}
            </Button>
          )}
        </>
      )}
      {may('cam:DeleteUser', resource) && (
        <Button theme="danger-text" onClick={() => setOpen('delete')}>
          {t('access.delete')}
        </Button>
      )}
      {open === 'suspend' && <SuspendUser uin={uin} name={name} onClose={close} />}
      {open === 'reset' && <ResetPassword name={name} onClose={close} />}
      {open === 'delete' && (
        <DeleteUser
          uin={uin}
          name={name}
          onClose={close}
          onDone={() => void navigate({ to: paths.access('users') })}
        />
      )}
    </>
  )
}
