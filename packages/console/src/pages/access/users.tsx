// The sub-accounts of the account.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useChange, useList } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { type Rights, useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Count, FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { CreateUser } from './create-user.tsx'
import { DeleteUser } from './delete-user.tsx'
import { LoginAddresses } from './login-addresses.tsx'
import { PasswordRules } from './password-rules.tsx'
import { ResetPassword } from './reset-password.tsx'
import { SuspendUser } from './suspend-user.tsx'
import './access.css'

type User = Reply<'DescribeUsers'>['Users'][number]

const anyUser = 'uin/*'

export function UsersPage() {
  const { t } = useWords()
  useTitle(t('access.users'))
  const state = useListState()
  const [deleting, setDeleting] = useState<User>()
  const [resetting, setResetting] = useState<User>()
  const rights = useRights([
    ['cam:AddUser'],
    ['cam:UpdatePasswordRules'],
    ['cam:CreateSubAccountLoginIpPolicy'],
    ['cam:UpdateUser', anyUser],
    ['cam:DeleteUser', anyUser],
  ])
  const [suspending, setSuspending] = useState<User>()
  const { tell, tellError } = useNotices()
  const setUserState = useChange('ModifyUserState')
  const resume = ({ Uin, Name }: User) =>
    void setUserState
      .mutateAsync({ TargetUin: Uin, State: 'Active' })
      .then(() => tell(t('access.resumed', { name: Name })), tellError)
  const login = state.filter('login')
  const wanted = states.find((one) => one === state.filter('state'))
  const list = useList(
    'DescribeUsers',
    {
      ...(state.q !== '' && { Search: state.q }),
      ...(login !== '' && { ConsoleLogin: login === 'on' }),
      ...(wanted && { State: wanted }),
    },
    { rows: (reply) => reply.Users, total: (reply) => reply.TotalCount },
  )
  const create = rights.may('cam:AddUser') && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('access.createUser')}
    </Button>
  )
  return (
    <ListPage
      title={t('access.users')}
      about={t('access.usersAbout')}
      help="access"
      actions={
        <>
          {create}
          {rights.may('cam:UpdatePasswordRules') && (
            <Button onClick={() => state.setOpen('rules')}>{t('access.passwordRules')}</Button>
          )}
          {rights.may('cam:CreateSubAccountLoginIpPolicy') && (
            <Button onClick={() => state.setOpen('addresses')}>{t('access.loginAddresses')}</Button>
          )}
        </>
      }
      list={list}
      state={state}
      searchFor={t('access.searchUsers')}
      filters={[
        {
          name: 'login',
          label: t('access.consoleLogin'),
          choices: [
            { value: 'on', label: t('access.allowed') },
            { value: 'off', label: t('access.disabled') },
          ],
        },
        {
          name: 'state',
          label: t('access.state'),
          choices: states.map((value) => ({ value, label: t(stateWords[value]) })),
        },
      ]}
      columns={columnsOf(t)}
      rowKey={({ Uin }) => String(Uin)}
      rowActions={{
        label: ({ Name }) => t('access.actionsOf', { name: Name }),
        menu: (user) =>
          menuOf(user, { t, rights, setDeleting, setResetting, setSuspending, resume }),
      }}
      countLabel={(n) => t('access.userCount', { n })}
      empty={
        <Empty title={t('access.noUsers')} actions={create}>
          {t('access.usersAbout')}
        </Empty>
      }
    >
      {state.open === 'rules' && <PasswordRules onClose={() => state.setOpen('')} />}
      {state.open === 'addresses' && <LoginAddresses onClose={() => state.setOpen('')} />}
      {state.open === 'new' && <CreateUser onClose={() => state.setOpen('')} />}
      {resetting && <ResetPassword name={resetting.Name} onClose={() => setResetting(undefined)} />}
      {suspending && (
        <SuspendUser
          uin={suspending.Uin}
          name={suspending.Name}
          onClose={() => setSuspending(undefined)}
        />
      )}
      {deleting && (
        <DeleteUser
          uin={deleting.Uin}
          name={deleting.Name}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </ListPage>
  )
}

const states = ['Active', 'Suspended'] as const
const stateWords = { Active: 'access.active', Suspended: 'access.suspended' } as const

interface MenuGround {
  readonly t: Words['t']
  readonly rights: Rights
  setDeleting(user: User): void
  setResetting(user: User): void
  setSuspending(user: User): void
  resume(user: User): void
}

function menuOf(user: User, ground: MenuGround) {
  const { t, rights, setDeleting, setResetting, setSuspending, resume } = ground
  const detail = (tab: string) => paths.accessDetail('users', user.Uin, tab)
  return [
    { id: 'groups', label: t('access.groups'), to: detail('groups') },
    { id: 'policies', label: t('access.policies'), to: detail('policies') },
    { id: 'keys', label: t('access.keys'), to: detail('keys') },
    ...(rights.may('cam:UpdateUser', anyUser)
      ? [
          { id: 'reset', label: t('access.resetPassword'), onSelect: () => setResetting(user) },
          user.State === 'Active'
            ? { id: 'suspend', label: t('access.suspend'), onSelect: () => setSuspending(user) }
            : { id: 'resume', label: t('access.resume'), onSelect: () => resume(user) },
        ]
      : []),
    ...(rights.may('cam:DeleteUser', anyUser)
      ? [
          {
            id: 'delete',
            label: t('access.delete'),
            isDangerous: true,
            onSelect: () => setDeleting(user),
          },
        ]
      : []),
  ]
}

function columnsOf(t: Words['t']): readonly Column<User>[] {
  return [
    {
      id: 'name',
      head: t('access.userName'),
      cell: ({ Name, Uin, Remark }) => (
        <span className="name-cell">
          <Link to={paths.accessDetail('users', Uin)}>{Name}</Link>
          <small>{Uin}</small>
          {Remark !== '' && (
            <small>
              <FreeText text={Remark} />
            </small>
          )}
        </span>
      ),
    },
    {
      id: 'state',
      head: t('access.state'),
      cell: ({ State }) => (
        <Status tone={State === 'Active' ? 'good' : 'bad'}>{t(stateWords[State])}</Status>
      ),
    },
    {
      id: 'groups',
      head: t('access.groups'),
      cell: ({ GroupNames }) => <FreeText text={GroupNames.join(', ')} />,
    },
    {
      id: 'policies',
      head: t('access.policies'),
      cell: ({ Uin, PolicyCount }) => (
        <Link to={paths.accessDetail('users', Uin, 'policies')}>
          <Count value={PolicyCount} />
        </Link>
      ),
    },
    {
      id: 'keys',
      head: t('access.keys'),
      cell: ({ Uin, ApiKeyCount }) => (
        <Link to={paths.accessDetail('users', Uin, 'keys')}>
          <Count value={ApiKeyCount} />
        </Link>
      ),
    },
    {
      id: 'login',
      head: t('access.consoleLogin'),
      cell: ({ ConsoleLogin }) => (
        <Status tone={ConsoleLogin ? 'good' : 'off'}>
          {t(ConsoleLogin ? 'access.allowed' : 'access.disabled')}
        </Status>
      ),
    },
    {
      id: 'factor',
      head: t('access.factor'),
      cell: ({ HasMfaDevice }) => (
        <Status tone={HasMfaDevice ? 'good' : 'off'}>
          {t(HasMfaDevice ? 'access.factorOn' : 'access.factorOff')}
        </Status>
      ),
    },
    {
      id: 'last',
      head: t('access.lastLogin'),
      cell: ({ LastLoginTime }) => <Time at={LastLoginTime} none={t('access.never')} />,
    },
    {
      id: 'created',
      head: t('access.created'),
      isMinor: true,
      cell: ({ CreateTime }) => <Time at={CreateTime} />,
    },
  ]
}
