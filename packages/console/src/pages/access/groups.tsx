// The user groups of the account.

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
import { FreeText, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { CreateGroup } from './create-group.tsx'
import { DeleteGroup } from './delete-group.tsx'

type Group = NonNullable<Reply<'ListGroups'>['GroupInfo']>[number]

const anyGroup = 'groupid/*'

export function GroupsPage() {
  const { t } = useWords()
  useTitle(t('access.groups'))
  const state = useListState()
  const [deleting, setDeleting] = useState<Group>()
  const { may } = useRights([['cam:CreateGroup'], ['cam:DeleteGroup', anyGroup]])
  const list = useList('ListGroups', state.q === '' ? {} : { Keyword: state.q }, {
    rows: (reply) => reply.GroupInfo,
    total: (reply) => reply.TotalNum,
  })
  const create = may('cam:CreateGroup') && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('access.createGroup')}
    </Button>
  )
  return (
    <ListPage
      title={t('access.groups')}
      about={t('access.groupsAbout')}
      help="access"
      actions={create}
      list={list}
      state={state}
      searchFor={t('access.searchGroups')}
      columns={[
        {
          id: 'name',
          head: t('access.groupName'),
          cell: ({ GroupId, GroupName }) => (
            <Link to={paths.accessDetail('groups', GroupId)}>{GroupName}</Link>
          ),
        },
        { id: 'id', head: t('access.groupId'), isMinor: true, cell: ({ GroupId }) => GroupId },
        {
          id: 'remark',
          head: t('access.remark'),
          cell: ({ Remark }) => <FreeText text={Remark} />,
        },
        {
          id: 'created',
          head: t('access.created'),
          isMinor: true,
          cell: ({ CreateTime }) => <Time at={CreateTime} />,
        },
      ]}
      rowKey={({ GroupId }) => String(GroupId)}
      rowActions={{
        label: ({ GroupName }) => t('access.actionsOf', { name: GroupName }),
        menu: (group) => [
          {
            id: 'members',
            label: t('access.members'),
            to: paths.accessDetail('groups', group.GroupId, 'members'),
          },
          {
            id: 'policies',
            label: t('access.policies'),
            to: paths.accessDetail('groups', group.GroupId, 'policies'),
          },
          ...(may('cam:DeleteGroup', anyGroup)
            ? [
                {
                  id: 'delete',
                  label: t('access.delete'),
                  isDangerous: true,
                  onSelect: () => setDeleting(group),
                },
              ]
            : []),
        ],
      }}
      countLabel={(n) => t('access.groupCount', { n })}
      empty={
        <Empty title={t('access.noGroups')} actions={create}>
          {t('access.groupsAbout')}
        </Empty>
      }
    >
      {state.open === 'new' && <CreateGroup onClose={() => state.setOpen('')} />}
      {deleting && (
        <DeleteGroup
          id={deleting.GroupId}
          name={deleting.GroupName}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </ListPage>
  )
}
