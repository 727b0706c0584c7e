// Logins of the person looking to the registry of an instance; nobody else sees them.

import { useState } from 'react'
import { AddIcon, TimeIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { Button } from '../../patterns/button.tsx'
import { type Filter, ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import { Banner } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { sortWhole, wholeList } from '../../patterns/whole-list.ts'
import { useWords } from '../../words/use-words.ts'
import { CreateCredential } from './create-credential.tsx'
import { CredentialDialogs, type OpenedCredentials } from './credential-dialogs.tsx'
import { CredentialKinds } from './credential-kinds.tsx'
import { TemporaryLogin } from './temporary-login.tsx'
import { useCredentialUse } from './use-credential-use.ts'
import { useSwitch } from './use-switch.ts'
import {
  credentialColumns,
  credentialOrders,
  originWords,
  type UserCredential,
} from './user-credential-columns.tsx'
import './credentials.css'

/** A person has no more at one instance. */
const maxCredentials = 100

export function UserCredentialsPage() {
  const { t } = useWords()
  useTitle(t('credentials.userTitle'))
  const instance = useInstanceId()
  const state = useListState()
  const person = usePerson()
  const [isTemporary, setTemporary] = useState(false)
  const [opened, setOpened] = useState<OpenedCredentials>()
  const turn = useSwitch(instance)
  const rights = useCredentialRights(instance)
  const { list, found, isNone } = useCredentials(instance, state)
  // A role has no login of its own.
  const mayMake = rights.mayCreate && !person.roleName
  const create = mayMake && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('credentials.create')}
    </Button>
  )
  const makeTemporary = mayMake && (
    <Button icon={<TimeIcon />} onClick={() => setTemporary(true)}>
      {t('credentials.makeTemporary')}
    </Button>
  )
  const nameOf = ({ Desc, Id }: UserCredential) => (Desc === '' ? Id : Desc)
  const open = (kind: OpenedCredentials['kind'], ids: readonly string[]) =>
    setOpened({ kind, rows: found.filter(({ Id }) => ids.includes(Id)) })
  return (
    <ListPage
      title={t('credentials.userTitle')}
      about={t('credentials.userAbout', { uin: String(person.uin) })}
      help="access"
      banner={person.roleName && <Banner>{t('credentials.noneOfRoles')}</Banner>}
      actions={
        // Where there is nothing yet, they stand below.
        !isNone && (
          <>
            {create}
            {makeTemporary}
          </>
        )
      }
      list={list}
      state={state}
      searchFor={t('credentials.searchPurpose')}
      filters={useCredentialFilters()}
      columns={credentialColumns({ instance, mayEdit: rights.mayModify, t })}
      rowKey={({ Id }) => Id}
      rowActions={{
        label: (row) => t('credentials.actionsOf', { name: nameOf(row) }),
        menu: (row) => [
          ...(rights.mayModify
            ? [
                {
                  id: 'switch',
                  label: t(row.Enabled ? 'credentials.disable' : 'credentials.enable'),
                  onSelect: () =>
                    row.Enabled ? open('disable', [row.Id]) : turn(row.Id, true, nameOf(row)),
                },
              ]
            : []),
          ...(rights.mayDelete
            ? [
                {
                  id: 'delete',
                  label: t('credentials.delete'),
                  isDangerous: true,
                  onSelect: () => open('delete', [row.Id]),
                },
              ]
            : []),
        ],
      }}
      bulk={[
        ...(rights.mayModify
          ? [
              {
                id: 'disable',
                label: t('credentials.disable'),
                run: (ids: readonly string[]) => open('disable', ids),
              },
            ]
          : []),
        ...(rights.mayDelete
          ? [
              {
                id: 'delete',
                label: t('credentials.delete'),
                isDangerous: true,
                run: (ids: readonly string[]) => open('delete', ids),
              },
            ]
          : []),
      ]}
      countLabel={(n) => t('credentials.countCredentials', { n })}
      empty={<CredentialKinds longTerm={create} temporary={makeTemporary} />}
    >
      {state.open === 'new' && mayMake && (
        <CreateCredential instance={instance} onClose={() => state.setOpen('')} />
      )}
      {isTemporary && <TemporaryLogin instance={instance} onClose={() => setTemporary(false)} />}
      {opened && (
        <CredentialDialogs
          instance={instance}
          opened={opened}
          onClose={() => setOpened(undefined)}
        />
      )}
    </ListPage>
  )
}

function useCredentialRights(instance: string) {
  const at = `instance/${instance}`
  const { may } = useRights([
    ['tcr:CreateInstanceToken', at],
    ['tcr:ModifyInstanceToken', at],
    ['tcr:DeleteInstanceToken', at],
  ])
  return {
    mayCreate: may('tcr:CreateInstanceToken', at),
    mayModify: may('tcr:ModifyInstanceToken', at),
    mayDelete: may('tcr:DeleteInstanceToken', at),
  }
}

type Finders = Pick<ReturnType<typeof useListState>, 'q' | 'sort' | 'filter'>

/** All in one call, and their use in another: there are few. */
function useCredentials(instance: string, { q, sort, filter }: Finders) {
  const reply = useRead('DescribeInstanceToken', { RegistryId: instance, Limit: maxCredentials })
  const { uses } = useCredentialUse(instance, 'LongTerm')
  const rows = reply.data?.Tokens.map((one): UserCredential => ({ ...one, use: uses.get(one.Id) }))
  const matching = rows?.filter(
    (row) =>
      `${row.Desc} ${row.Id}`.toLowerCase().includes(q.toLowerCase()) &&
      (filter('state') === '' || row.Enabled === (filter('state') === 'enabled')) &&
      (filter('origin') === '' || row.use?.MadeBy === filter('origin')),
  )
  const found = matching && sortWhole(matching, sort, credentialOrders)
  return { list: wholeList(reply, found), found: found ?? [], isNone: rows?.length === 0 }
}

function useCredentialFilters(): readonly Filter[] {
  const { t } = useWords()
  return [
    {
      name: 'state',
      label: t('credentials.state'),
      choices: [
        { value: 'enabled', label: t('credentials.enabled') },
        { value: 'disabled', label: t('credentials.disabled') },
      ],
    },
    {
      name: 'origin',
      label: t('credentials.origin'),
      choices: Object.entries(originWords).map(([value, key]) => ({ value, label: t(key) })),
    },
  ]
}
