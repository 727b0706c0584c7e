// The main accounts. One that is suspended holds everybody in it out; nothing of it is deleted.

import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useList } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { MenuEntry } from '../../patterns/menu.tsx'
import { type Rights, useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Chip, CopyButton, Count, Status, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { CreateAccount, EditAccount } from './account-forms.tsx'
import { AccountSecrets, type MadeAccount } from './account-secrets.tsx'
import { DeleteAccount, ResetPassword, ResumeAccount, SuspendAccount } from './account-work.tsx'
import { PersonalQuotas } from './personal-quotas.tsx'

export type Account = Reply<'DescribeAccounts'>['Accounts'][number]

type Work = 'suspend' | 'resume' | 'reset' | 'delete' | 'quotas'

export function Accounts() {
  const words = useWords()
  const { t } = words
  const state = useListState()
  const [work, setWork] = useState<{ readonly kind: Work; readonly account: Account }>()
  const [made, setMade] = useState<MadeAccount>()
  const { may } = useRights([
    ['entrepot:CreateAccount'],
    ['entrepot:ModifyAccount'],
    ['entrepot:DeleteAccount'],
    ['entrepot:ResetAccountPassword'],
    ['entrepot:ModifyQuotaPersonal'],
  ])
  const wanted = (['Active', 'Suspended'] as const).find((one) => one === state.filter('state'))
  const list = useList(
    'DescribeAccounts',
    {
      ...(state.q !== '' && { Keyword: state.q }),
      ...(wanted !== undefined && { State: wanted }),
    },
    { rows: (reply) => reply.Accounts, total: (reply) => reply.TotalCount },
  )
  const edited = list.rows.find(({ Uin }) => String(Uin) === state.open)
  const begin = (kind: Work, account: Account) => setWork({ kind, account })
  const end = () => setWork(undefined)
  return (
    <ListPage
      isInner
      title={t('system.accounts')}
      about={t('system.accountsAbout')}
      actions={
        may('entrepot:CreateAccount') && (
          <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
            {t('system.createAccount')}
          </Button>
        )
      }
      list={list}
      state={state}
      searchFor={t('system.searchAccounts')}
      filters={[
        {
          name: 'state',
          label: t('system.state'),
          choices: [
            { value: 'Active', label: t('system.active') },
            { value: 'Suspended', label: t('system.suspended') },
          ],
        },
      ]}
      columns={columnsOf(
        words,
        may('entrepot:ModifyAccount') ? (account) => state.setOpen(String(account.Uin)) : undefined,
      )}
      rowKey={({ Uin }) => String(Uin)}
      rowActions={{
        label: ({ Name }) => t('system.actionsOf', { name: Name }),
        menu: (account) =>
          menuOf(account, words, {
            may,
            begin,
            edit: () => state.setOpen(String(account.Uin)),
          }),
      }}
      countLabel={(n) => t('system.accountCount', { n })}
      empty={<Empty title={t('patterns.nothingFound')} />}
    >
      {state.open === 'new' && <CreateAccount onClose={() => state.setOpen('')} onMade={setMade} />}
      {edited && <EditAccount account={edited} onClose={() => state.setOpen('')} />}
      {work?.kind === 'suspend' && <SuspendAccount account={work.account} onClose={end} />}
      {work?.kind === 'resume' && <ResumeAccount account={work.account} onClose={end} />}
      {work?.kind === 'reset' && (
        <ResetPassword account={work.account} onClose={end} onMade={setMade} />
      )}
      {work?.kind === 'delete' && <DeleteAccount account={work.account} onClose={end} />}
      {work?.kind === 'quotas' && <PersonalQuotas account={work.account} onClose={end} />}
      {made && <AccountSecrets made={made} onClose={() => setMade(undefined)} />}
    </ListPage>
  )
}

interface MenuDeeds {
  readonly may: Rights['may']
  begin(kind: Work, account: Account): void
  edit(): void
}

function menuOf(
  account: Account,
  { t }: Words,
  { may, begin, edit }: MenuDeeds,
): readonly MenuEntry[] {
  const isActive = account.State === 'Active'
  const blocked = account.IsOperator ? t('system.isOperatorBlocked') : undefined
  const turn: MenuEntry = isActive
    ? {
        id: 'suspend',
        label: t('system.suspend'),
        blocked,
        onSelect: () => begin('suspend', account),
      }
    : { id: 'resume', label: t('system.resume'), onSelect: () => begin('resume', account) }
  const entries: readonly (readonly [permission: string, entry: MenuEntry])[] = [
    ['entrepot:ModifyAccount', { id: 'edit', label: t('system.edit'), onSelect: edit }],
    [
      'entrepot:ResetAccountPassword',
      {
        id: 'reset',
        label: t('system.resetPassword'),
        onSelect: () => begin('reset', account),
      },
    ],
    [
      'entrepot:ModifyQuotaPersonal',
      {
        id: 'quotas',
        label: t('system.personalQuotas'),
        onSelect: () => begin('quotas', account),
      },
    ],
    ['entrepot:ModifyAccount', turn],
    [
      'entrepot:DeleteAccount',
      {
        id: 'delete',
        label: t('system.delete'),
        isDangerous: true,
        blocked,
        onSelect: () => begin('delete', account),
      },
    ],
  ]
  return entries.filter(([permission]) => may(permission)).map(([, entry]) => entry)
}

function columnsOf(
  { t }: Words,
  open: ((account: Account) => void) | undefined,
): readonly Column<Account>[] {
  return [
    {
      id: 'name',
      head: t('system.name'),
      cell: (account) => (
        <>
          {open ? (
            <button type="button" className="link" onClick={() => open(account)}>
              <bdi>{account.Name}</bdi>
            </button>
          ) : (
            <bdi>{account.Name}</bdi>
          )}{' '}
          {account.IsOperator && <Chip tone="busy">{t('system.operator')}</Chip>}
        </>
      ),
    },
    {
      id: 'uin',
      head: t('system.uin'),
      cell: ({ Uin }) => (
        <span className="digest">
          <code>{Uin}</code>
          <CopyButton text={String(Uin)} what={t('system.uin')} />
        </span>
      ),
    },
    {
      id: 'state',
      head: t('system.state'),
      cell: ({ State, SuspendReason }) => (
        <span title={SuspendReason ?? undefined}>
          <Status tone={State === 'Active' ? 'good' : 'bad'}>
            {t(State === 'Active' ? 'system.active' : 'system.suspended')}
          </Status>
        </span>
      ),
    },
    {
      id: 'people',
      head: t('system.subAccounts'),
      isNumber: true,
      cell: ({ SubAccountCount }) => <Count value={SubAccountCount} />,
    },
    {
      id: 'instances',
      head: t('system.instances'),
      isNumber: true,
      cell: ({ InstanceCount }) => <Count value={InstanceCount} />,
    },
    {
      id: 'created',
      head: t('system.created'),
      isMinor: true,
      cell: ({ CreateTime }) => <Time at={CreateTime} />,
    },
    {
      id: 'login',
      head: t('system.lastLogin'),
      isMinor: true,
      cell: ({ LastLoginTime }) => <Time at={LastLoginTime} none={t('system.never')} />,
    },
  ]
}
