// One group: what it is, its members, its policies.

import { useParams } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { useRights } from '../../patterns/rights.ts'
import { FreeText, Time } from '../../patterns/shown.tsx'
import { Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { DeleteGroup } from './delete-group.tsx'
import { FailedPage } from './failed-page.tsx'
import { GroupMembers } from './group-members.tsx'
import { HolderPage } from './holder-page.tsx'

type Group = Reply<'GetGroup'>

export function GroupPage() {
  const { t } = useWords()
  const { id = '' } = useParams({ strict: false })
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
  return (
    <HolderPage
      kind="group"
      id={String(groupId)}
      name={name}
      facts={<span className="quiet">{t('access.memberCount', { n: group.GroupNum })}</span>}
      mayDelete={may('cam:DeleteGroup', resource)}
      tabs={[
        {
          id: 'basic',
          label: t('access.basic'),
          show: () => <GroupFacts group={group} mayEdit={may('cam:UpdateGroup', resource)} />,
        },
        {
          id: 'members',
          label: t('access.members'),
          count: group.GroupNum,
          show: () => <GroupMembers id={groupId} name={name} />,
        },
      ]}
      confirmDelete={(closing) => <DeleteGroup id={groupId} name={name} {...closing} />}
    />
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
