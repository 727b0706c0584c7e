// One group: what it is, its members, its policies.

import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb, DetailHead, Facts, Panel, Tabs } from '../../patterns/detail.tsx'
import { useRights } from '../../patterns/rights.ts'
import { FreeText, Time } from '../../patterns/shown.tsx'
import { Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { AttachedPolicies } from './attached-policies.tsx'
import { DeleteGroup } from './delete-group.tsx'
import { FailedPage } from './failed-page.tsx'
import { GroupMembers } from './group-members.tsx'

type Group = Reply<'GetGroup'>

export function GroupPage() {
  const { t } = useWords()
  const { id = '', tab = 'basic' } = useParams({ strict: false })
  const navigate = useNavigate()
  const [isDeleting, setDeleting] = useState(false)
  const groupId = Number(id)
  const resource = `groupid/${groupId}`
  const { may } = useRights([
    ['cam:DeleteGroup', resource],
    ['cam:UpdateGroup', resource],
  ])
  const { data: group, error, isPending, refetch } = useRead('GetGroup', { GroupId: groupId })
  useTitle(group?.GroupName ?? t('access.groups'))
  if (isPending) return <Skeleton />
  if (error) return <FailedPage title={t('access.groups')} error={error} retry={refetch} />
  const name = group.GroupName
  const tabs = [
    { id: 'basic', label: t('access.basic') },
    { id: 'members', label: t('access.members'), count: group.GroupNum },
    { id: 'policies', label: t('access.policies') },
  ]
  return (
    <>
      <Breadcrumb
        crumbs={[{ label: t('access.groups'), to: paths.access('groups') }, { label: name }]}
      />
      <DetailHead
        name={name}
        facts={<span className="quiet">{t('access.memberCount', { n: group.GroupNum })}</span>}
        actions={
          may('cam:DeleteGroup', resource) && (
            <Button theme="danger-text" onClick={() => setDeleting(true)}>
              {t('access.delete')}
            </Button>
          )
        }
      />
      <Tabs
        label={name}
        current={tab}
        tabs={tabs.map((one) => ({ ...one, to: paths.accessDetail('groups', groupId, one.id) }))}
      />
      {tab === 'basic' && <GroupFacts group={group} mayEdit={may('cam:UpdateGroup', resource)} />}
      {tab === 'members' && <GroupMembers id={groupId} name={name} />}
      {tab === 'policies' && <AttachedPolicies of={{ kind: 'group', id: String(groupId), name }} />}
      {isDeleting && (
        <DeleteGroup
          id={groupId}
          name={name}
          onClose={() => setDeleting(false)}
          onDone={() => void navigate({ to: paths.access('groups') })}
        />
      )}
    </>
  )
}

function GroupFacts({ group, mayEdit }: { readonly group: Group; readonly mayEdit: boolean }) {
  const { t } = useWords()
  const update = useChange('UpdateGroup')
  const { GroupId, GroupName, Remark, CreateTime } = group
  const editable = (text: string, save: (text: string) => Promise<unknown>) =>
    mayEdit ? { edit: { text, save } } : {}
  return (
    <Panel title={t('access.basic')}>
      <Facts
        facts={[
          {
            label: t('access.groupName'),
            value: <bdi>{GroupName}</bdi>,
            ...editable(GroupName, (text) => update.mutateAsync({ GroupId, GroupName: text })),
          },
          { label: t('access.groupId'), value: GroupId },
          {
            label: t('access.remark'),
            value: <FreeText text={Remark} />,
            ...editable(Remark, (text) => update.mutateAsync({ GroupId, Remark: text })),
          },
          { label: t('access.created'), value: <Time at={CreateTime} /> },
        ]}
      />
    </Panel>
  )
}
