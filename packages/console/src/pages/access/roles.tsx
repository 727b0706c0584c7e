// Roles: rights without a person, taken on for a while by people, services or programs.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useList } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Chip, FreeText, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { CreateRole } from './create-role.tsx'
import { DeleteRole } from './delete-role.tsx'
import { TrustedList } from './trusted-list.tsx'
import './access.css'

type Role = NonNullable<Reply<'DescribeRoleList'>['List']>[number]

const anyRole = 'role/*'

export function RolesPage() {
  const { t } = useWords()
  useTitle(t('access.roles'))
  const state = useListState()
  const [deleting, setDeleting] = useState<Role>()
  const { may } = useRights([['cam:CreateRole'], ['cam:DeleteRole', anyRole]])
  const list = useList(
    'DescribeRoleList',
    { Page: 1, Rp: 1, ...(state.q !== '' && { Keyword: state.q }) },
    { rows: (reply) => reply.List, total: (reply) => reply.TotalNum },
  )
  const create = may('cam:CreateRole') && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('access.createRole')}
    </Button>
  )
  return (
    <ListPage
      title={t('access.roles')}
      about={t('access.rolesAbout')}
      help="access"
      actions={create}
      list={list}
      state={state}
      searchFor={t('access.searchRoles')}
      columns={columnsOf(t)}
      rowKey={({ RoleId }) => RoleId}
      rowActions={{
        label: ({ RoleName }) => t('access.actionsOf', { name: RoleName }),
        menu: (role) => [
          {
            id: 'trust',
            label: t('access.trustPolicy'),
            to: paths.accessDetail('roles', role.RoleId, 'trust'),
          },
          {
            id: 'policies',
            label: t('access.policies'),
            to: paths.accessDetail('roles', role.RoleId, 'policies'),
          },
          ...(may('cam:DeleteRole', anyRole)
            ? [
                {
                  id: 'delete',
                  label: t('access.delete'),
                  isDangerous: true,
                  onSelect: () => setDeleting(role),
                },
              ]
            : []),
        ],
      }}
      countLabel={(n) => t('access.roleCount', { n })}
      empty={
        <Empty title={t('access.noRoles')} actions={create}>
          {t('access.rolesAbout')}
        </Empty>
      }
    >
      {state.open === 'new' && <CreateRole onClose={() => state.setOpen('')} />}
      {deleting && <DeleteRole role={deleting} onClose={() => setDeleting(undefined)} />}
    </ListPage>
  )
}

function columnsOf(t: Words['t']): readonly Column<Role>[] {
  return [
    {
      id: 'name',
      head: t('access.roleName'),
      cell: ({ RoleId, RoleName, RoleType }) => (
        <span className="name-cell">
          <Link to={paths.accessDetail('roles', RoleId)}>{RoleName}</Link>
          {RoleType === 'service_linked' && <Chip>{t('access.ofService')}</Chip>}
        </span>
      ),
    },
    {
      id: 'trust',
      head: t('access.takenOnBy'),
      cell: ({ PolicyDocument }) => <TrustedList document={PolicyDocument} />,
    },
    {
      id: 'description',
      head: t('access.description'),
      cell: ({ Description }) => <FreeText text={Description} />,
    },
    {
      id: 'console',
      head: t('access.consoleLogin'),
      isMinor: true,
      cell: ({ ConsoleLogin }) => t(ConsoleLogin === 1 ? 'access.allowed' : 'access.disabled'),
    },
    {
      id: 'created',
      head: t('access.created'),
      isMinor: true,
      cell: ({ AddTime }) => <Time at={AddTime} />,
    },
  ]
}
