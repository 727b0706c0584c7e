// The groups of a user; their policies are his.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange, useList } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { FreeText } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { GroupPicks, type Pick } from './picks.tsx'

type Group = NonNullable<Reply<'ListGroupsForUser'>['GroupInfo']>[number]

interface UserProps {
  readonly uin: number
  readonly name: string
}

export function UserGroups({ uin, name }: UserProps) {
  const { t } = useWords()
  const state = useListState()
  const { tell } = useNotices()
  const [leaving, setLeaving] = useState<Group>()
  const { may } = useRights([
    ['cam:AddUserToGroup', 'groupid/*'],
    ['cam:RemoveUserFromGroup', 'groupid/*'],
  ])
  const leave = useChange('RemoveUserFromGroup')
  const list = useList(
    'ListGroupsForUser',
    { SubUin: uin },
    { rows: (reply) => reply.GroupInfo, total: (reply) => reply.TotalNum },
  )
  const join = may('cam:AddUserToGroup', 'groupid/*') && (
    <Button theme="primary" onClick={() => state.setOpen('join')}>
      {t('access.joinGroups')}
    </Button>
  )
  return (
    <ListPage
      isInner
      title={t('access.groups')}
      about={t('access.userGroupsAbout')}
      actions={join}
      list={list}
      state={state}
      columns={[
        {
          id: 'name',
          head: t('access.groupName'),
          cell: ({ GroupId, GroupName }) => (
            <Link to={paths.accessDetail('groups', GroupId)}>{GroupName}</Link>
          ),
        },
        {
          id: 'remark',
          head: t('access.remark'),
          cell: ({ Remark }) => <FreeText text={Remark} />,
        },
      ]}
      rowKey={({ GroupId }) => String(GroupId)}
      rowActions={{
        label: ({ GroupName }) => t('access.actionsOf', { name: GroupName }),
        direct: (group) =>
          may('cam:RemoveUserFromGroup', 'groupid/*') && (
            <Button theme="danger-text" onClick={() => setLeaving(group)}>
              {t('access.leave')}
            </Button>
          ),
      }}
      countLabel={(n) => t('access.groupCount', { n })}
      empty={
        <Empty title={t('access.inNoGroup')} actions={join}>
          {t('access.userGroupsAbout')}
        </Empty>
      }
    >
      {state.open === 'join' && (
        <JoinGroups uin={uin} name={name} onClose={() => state.setOpen('')} />
      )}
      {leaving && (
        <Confirm
          title={t('access.leaveTitle', { name, group: leaving.GroupName })}
          verb={t('access.leave')}
          run={() => leave.mutateAsync({ Info: [{ GroupId: leaving.GroupId, Uin: uin }] })}
          onClose={() => setLeaving(undefined)}
          onDone={() => tell(t('access.left', { name, group: leaving.GroupName }))}
        >
          <p>{t('access.leaveAbout')}</p>
        </Confirm>
      )}
    </ListPage>
  )
}

function JoinGroups({ uin, name, onClose }: UserProps & { readonly onClose: () => void }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const join = useChange('AddUserToGroup')
  const form = useForm<{ readonly groups: readonly Pick[] }>({
    initial: { groups: [] },
    submit: ({ groups }) =>
      join.mutateAsync({ Info: groups.map(({ id }) => ({ GroupId: Number(id), Uin: uin })) }),
  })
  const { groups } = form.values
  return (
    <FormDialog
      title={t('access.joinGroups')}
      verb={t('access.add')}
      form={form}
      blocked={groups.length === 0 ? t('access.chooseFirst') : undefined}
      onClose={onClose}
      onDone={() => {
        tell(t('access.joined', { name, n: groups.length }))
        onClose()
      }}
    >
      <GroupPicks chosen={groups} onChange={(chosen) => form.set('groups', chosen)} />
    </FormDialog>
  )
}
