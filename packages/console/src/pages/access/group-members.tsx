import { Link } from '@tanstack/react-router'
import { useState } from 'react'
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
import { FreeText, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { type Pick, UserPicks } from './picks.tsx'

interface GroupProps {
  readonly id: number
  readonly name: string
}

/** Several are taken out at once. */
export function GroupMembers({ id, name }: GroupProps) {
  const { t } = useWords()
  const state = useListState()
  const { tell } = useNotices()
  const [leaving, setLeaving] = useState<readonly string[]>()
  const resource = `groupid/${id}`
  const { may } = useRights([
    ['cam:AddUserToGroup', resource],
    ['cam:RemoveUserFromGroup', resource],
  ])
  const remove = useChange('RemoveUserFromGroup')
  const list = useList(
    'ListUsersForGroup',
    { GroupId: id },
    { rows: (reply) => reply.UserInfo, total: (reply) => reply.TotalNum },
  )
  const add = may('cam:AddUserToGroup', resource) && (
    <Button theme="primary" onClick={() => state.setOpen('add')}>
      {t('access.addMembers')}
    </Button>
  )
  const mayRemove = may('cam:RemoveUserFromGroup', resource)
  return (
    <ListPage
      isInner
      title={t('access.members')}
      about={t('access.membersAbout')}
      actions={add}
      list={list}
      state={state}
      columns={[
        {
          id: 'name',
          head: t('access.userName'),
          cell: ({ Uin, Name }) => <Link to={paths.accessDetail('users', Uin)}>{Name}</Link>,
        },
        { id: 'uin', head: t('access.uin'), cell: ({ Uin }) => Uin },
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
      rowKey={({ Uin }) => String(Uin)}
      {...(mayRemove && {
        bulk: [{ id: 'remove', label: t('access.remove'), isDangerous: true, run: setLeaving }],
      })}
      rowActions={{
        label: ({ Name }) => t('access.actionsOf', { name: Name }),
        direct: ({ Uin }) =>
          mayRemove && (
            <Button theme="danger-text" onClick={() => setLeaving([String(Uin)])}>
              {t('access.remove')}
            </Button>
          ),
      }}
      countLabel={(n) => t('access.memberCount', { n })}
      empty={
        <Empty title={t('access.noMembers')} actions={add}>
          {t('access.membersAbout')}
        </Empty>
      }
    >
      {state.open === 'add' && (
        <AddMembers
          id={id}
          name={name}
          except={new Set(list.rows.map(({ Uin }) => String(Uin)))}
          onClose={() => state.setOpen('')}
        />
      )}
      {leaving && (
        <Confirm
          title={t('access.removeTitle', { n: leaving.length, group: name })}
          verb={t('access.remove')}
          run={() =>
            remove.mutateAsync({ Info: leaving.map((uin) => ({ GroupId: id, Uin: Number(uin) })) })
          }
          onClose={() => setLeaving(undefined)}
          onDone={() => tell(t('access.removed', { n: leaving.length, group: name }))}
        >
          <p>{t('access.leaveAbout')}</p>
        </Confirm>
      )}
    </ListPage>
  )
}

interface AddMembersProps extends GroupProps {
  readonly except: ReadonlySet<string>
  readonly onClose: () => void
}

function AddMembers({ id, name, except, onClose }: AddMembersProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const add = useChange('AddUserToGroup')
  const form = useForm<{ readonly users: readonly Pick[] }>({
    initial: { users: [] },
    submit: ({ users }) =>
      add.mutateAsync({ Info: users.map((user) => ({ GroupId: id, Uin: Number(user.id) })) }),
  })
  const { users } = form.values
  return (
    <FormDialog
      title={t('access.addMembers')}
      verb={t('access.add')}
      form={form}
      blocked={users.length === 0 ? t('access.chooseFirst') : undefined}
      onClose={onClose}
      onDone={() => {
        tell(t('access.membersAdded', { n: users.length, group: name }))
        onClose()
      }}
    >
      <UserPicks chosen={users} except={except} onChange={(chosen) => form.set('users', chosen)} />
    </FormDialog>
  )
}
