// The sub-accounts of the account.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useRead, useReads } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { type ListState, useListState } from '../../patterns/list-state.ts'
import { type Rights, useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { CreateUser } from './create-user.tsx'
import { DeleteUser } from './delete-user.tsx'
import { PasswordRules } from './password-rules.tsx'
import { ResetPassword } from './reset-password.tsx'
import { inChunks, isFound, wholeList } from './whole-list.ts'
import './access.css'

type User = NonNullable<Reply<'ListUsers'>['Data']>[number]

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
    ['cam:UpdateUser', anyUser],
    ['cam:DeleteUser', anyUser],
  ])
  const read = useRead('ListUsers', {})
  const users = (read.data?.Data ?? []).filter((user) => isWanted(user, state))
  const logins = useLastLogins(read.data?.Data ?? [])
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
        </>
      }
      list={wholeList(users, read)}
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
      ]}
      columns={columnsOf(t, logins)}
      rowKey={({ Uin }) => String(Uin)}
      rowActions={{
        label: ({ Name }) => t('access.actionsOf', { name: Name }),
        menu: (user) => menuOf(user, { t, rights, setDeleting, setResetting }),
      }}
      countLabel={(n) => t('access.userCount', { n })}
      empty={
        <Empty title={t('access.noUsers')} actions={create}>
          {t('access.usersAbout')}
        </Empty>
      }
    >
      {state.open === 'rules' && <PasswordRules onClose={() => state.setOpen('')} />}
      {state.open === 'new' && <CreateUser onClose={() => state.setOpen('')} />}
      {resetting && <ResetPassword name={resetting.Name} onClose={() => setResetting(undefined)} />}
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

function isWanted({ Name, Uin, Remark, Email, ConsoleLogin }: User, state: ListState): boolean {
  const login = state.filter('login')
  return (
    isFound(state.q, Name, Uin, Remark, Email) &&
    (login === '' || (login === 'on') === (ConsoleLogin === 1))
  )
}

interface MenuGround {
  readonly t: Words['t']
  readonly rights: Rights
  setDeleting(user: User): void
  setResetting(user: User): void
}

function menuOf(user: User, { t, rights, setDeleting, setResetting }: MenuGround) {
  const detail = (tab: string) => paths.accessDetail('users', user.Uin, tab)
  return [
    { id: 'groups', label: t('access.groups'), to: detail('groups') },
    { id: 'policies', label: t('access.policies'), to: detail('policies') },
    { id: 'keys', label: t('access.keys'), to: detail('keys') },
    ...(rights.may('cam:UpdateUser', anyUser)
      ? [{ id: 'reset', label: t('access.resetPassword'), onSelect: () => setResetting(user) }]
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

type LastLogins = ReadonlyMap<number, string | null>

function columnsOf(t: Words['t'], logins: LastLogins): readonly Column<User>[] {
  return [
    {
      id: 'name',
      head: t('access.userName'),
      cell: ({ Name, Uin }) => (
        <span className="name-cell">
          <Link to={paths.accessDetail('users', Uin)}>{Name}</Link>
          <small>{Uin}</small>
        </span>
      ),
    },
    {
      id: 'login',
      head: t('access.consoleLogin'),
      cell: ({ ConsoleLogin }) => (
        <Status tone={ConsoleLogin === 1 ? 'good' : 'off'}>
          {t(ConsoleLogin === 1 ? 'access.allowed' : 'access.disabled')}
        </Status>
      ),
    },
    {
      id: 'remark',
      head: t('access.remark'),
      cell: ({ Remark }) => <FreeText text={Remark} />,
    },
    {
      id: 'last',
      head: t('access.lastLogin'),
      cell: ({ Uin }) => <Time at={logins.get(Uin)} none={t('access.never')} />,
    },
    {
      id: 'created',
      head: t('access.created'),
      isMinor: true,
      cell: ({ CreateTime }) => <Time at={CreateTime} />,
    },
  ]
}

/** The API tells them of so many people in a call. */
const maxUins = 50

function useLastLogins(users: readonly User[]): LastLogins {
  const chunks = inChunks(
    users.map(({ Uin }) => Uin),
    maxUins,
  )
  const reads = useReads(
    'DescribeSubAccounts',
    chunks.map((FilterSubAccountUin) => ({ FilterSubAccountUin: [...FilterSubAccountUin] })),
  )
  return new Map(
    reads
      .flatMap(({ data }) => data?.SubAccounts ?? [])
      .map(({ Uin, LastLoginTime }) => [Uin, LastLoginTime ?? null]),
  )
}
