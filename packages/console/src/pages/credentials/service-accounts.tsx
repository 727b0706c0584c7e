// Logins for machines, belonging to the instance: who made one may go.

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { type Filter, ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { MenuEntry } from '../../patterns/menu.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { sortWhole, wholeList } from '../../patterns/whole-list.ts'
import { useWords } from '../../words/use-words.ts'
import { endsWithin } from './expiry.ts'
import {
  type AccountState,
  accountColumns,
  accountOrders,
  type ServiceAccount,
  stateOf,
  stateWords,
} from './service-account-columns.tsx'
import { type OpenedAccounts, ServiceAccountDialogs } from './service-account-dialogs.tsx'
import { otherSpelling } from './service-account-name.ts'
import { useAccountSwitch, useServiceAccountRights } from './service-account-rights.ts'
import { useCredentialUse } from './use-credential-use.ts'
import './credentials.css'

/** Of the filter "expiring". */
const expiringDays = 30

export function ServiceAccountsPage() {
  const { t } = useWords()
  useTitle(t('credentials.serviceTitle'))
  const instance = useInstanceId()
  const state = useListState()
  const rights = useServiceAccountRights(instance)
  const [opened, setOpened] = useState<OpenedAccounts>()
  const { list, found, filters } = useAccounts(instance, state)
  const open = (kind: OpenedAccounts['kind'], names: readonly string[]) =>
    setOpened({ kind, rows: found.filter(({ Name }) => names.includes(Name)) })
  const rowMenu = useRowMenu(instance, rights, open)
  const create = rights.mayCreate && (
    <LinkButton to={paths.newServiceAccount(instance)} theme="primary" icon={<AddIcon />}>
      {t('credentials.createService')}
    </LinkButton>
  )
  return (
    <ListPage
      title={t('credentials.serviceTitle')}
      about={t('credentials.serviceAbout')}
      help="access"
      actions={create}
      list={list}
      state={state}
      searchFor={t('credentials.searchAccount')}
      filters={filters}
      columns={accountColumns(instance, t)}
      rowKey={({ Name }) => Name}
      rowActions={{
        label: ({ Name }) => t('credentials.actionsOf', { name: Name }),
        menu: rowMenu,
      }}
      bulk={[
        ...(rights.mayModify
          ? (['disable', 'enable', 'extend'] as const).map((kind) => ({
              id: kind,
              label: t(`credentials.${kind}`),
              run: (names: readonly string[]) => open(kind, names),
            }))
          : []),
        ...(rights.mayDelete
          ? [
              {
                id: 'delete',
                label: t('credentials.delete'),
                isDangerous: true,
                run: (names: readonly string[]) => open('delete', names),
              },
            ]
          : []),
      ]}
      countLabel={(n) => t('credentials.countAccounts', { n })}
      empty={
        <Empty title={t('credentials.noAccounts')} actions={create}>
          <p>{t('credentials.noAccountsAbout')}</p>
        </Empty>
      }
    >
      {opened && (
        <ServiceAccountDialogs
          instance={instance}
          opened={opened}
          onClose={() => setOpened(undefined)}
        />
      )}
    </ListPage>
  )
}

function useRowMenu(
  instance: string,
  rights: ReturnType<typeof useServiceAccountRights>,
  open: (kind: OpenedAccounts['kind'], names: readonly string[]) => void,
): (row: ServiceAccount) => readonly MenuEntry[] {
  const { t } = useWords()
  const navigate = useNavigate()
  const turn = useAccountSwitch(instance)
  return ({ Name, Disable }) => [
    {
      id: 'edit',
      label: t(rights.mayModify ? 'credentials.edit' : 'credentials.open'),
      onSelect: () => void navigate({ to: paths.serviceAccount(instance, Name) }),
    },
    ...(rights.mayReset
      ? [
          {
            id: 'reset',
            label: t('credentials.resetPassword'),
            onSelect: () => open('reset', [Name]),
          },
        ]
      : []),
    ...(rights.mayModify
      ? [
          {
            id: 'switch',
            label: t(Disable ? 'credentials.enable' : 'credentials.disable'),
            onSelect: () => (Disable ? turn(Name, true) : open('disable', [Name])),
          },
        ]
      : []),
    ...(rights.mayDelete
      ? [
          {
            id: 'delete',
            label: t('credentials.delete'),
            isDangerous: true,
            onSelect: () => open('delete', [Name]),
          },
        ]
      : []),
  ]
}

type Finders = Pick<ReturnType<typeof useListState>, 'q' | 'sort' | 'filter'>

/** All at once: an instance has 500 at most, and the API finds whole names only. */
function useAccounts(instance: string, { q, sort, filter }: Finders) {
  const { t } = useWords()
  const reply = useRead('DescribeServiceAccounts', {
    RegistryId: instance,
    All: true,
    EmbedPermission: true,
  })
  const all = reply.data?.ServiceAccounts
  const { uses } = useCredentialUse(instance, 'ServiceAccount')
  const rows = all?.map((one): ServiceAccount => ({ ...one, use: uses.get(one.Name) }))
  const [state, namespace, ends] = ['state', 'namespace', 'ends'].map(filter)
  const matching = rows?.filter(
    (row) =>
      isNamed(row, q.toLowerCase()) &&
      (state === '' || stateOf(row) === state) &&
      (namespace === '' || row.Permissions.some(({ Resource }) => Resource === namespace)) &&
      (ends === '' || endsWithin(row.ExpiresAt, Date.now(), expiringDays)),
  )
  const found = matching && sortWhole(matching, sort, accountOrders)
  const namespaces = new Set(
    all?.flatMap(({ Permissions }) => Permissions.map(({ Resource }) => Resource)),
  )
  const states: readonly AccountState[] = ['enabled', 'disabled', 'expired']
  const filters: readonly Filter[] = [
    {
      name: 'state',
      label: t('credentials.state'),
      choices: states.map((value) => ({ value, label: t(stateWords[value]) })),
    },
    {
      name: 'namespace',
      label: t('credentials.namespace'),
      choices: [...namespaces].sort().map((value) => ({ value, label: value })),
    },
    {
      name: 'ends',
      label: t('credentials.expires'),
      choices: [{ value: 'soon', label: t('credentials.inDays', { n: expiringDays }) }],
    },
  ]
  return { list: wholeList(reply, found), found: found ?? [], filters }
}

function isNamed({ Name, Description }: ServiceAccount, text: string): boolean {
  return [Name, otherSpelling(Name), Description].some((one) => one.toLowerCase().includes(text))
}
