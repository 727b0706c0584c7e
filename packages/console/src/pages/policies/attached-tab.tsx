// Who has a policy: users, groups and roles.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useList, useRefresh } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Time } from '../../patterns/shown.tsx'
import { Banner, Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { DeniesMe } from './denies-me.tsx'
import { HolderPicks } from './holder-picks.tsx'
import {
  attach,
  attachRights,
  detach,
  type Holder,
  type HolderKind,
  holderKinds,
  holderWords,
  keyOf,
  kindOf,
  useDeniesMe,
} from './holders.ts'
import { grantsServiceAccounts } from './warnings.tsx'

type Entity = Reply<'ListEntitiesForPolicy'>['List'][number]

interface AttachedTabProps {
  readonly id: number
  readonly name: string
  readonly document: string
}

const filters = { users: 'User', groups: 'Group', roles: 'Role' } as const

function holderOf({ Id, Name, Uin, RelatedType }: Entity): Holder {
  const kind = kindOf(RelatedType)
  return { kind, id: kind === 'users' ? String(Uin) : Id, name: Name }
}

export function AttachedTab({ id, name, document }: AttachedTabProps) {
  const { t } = useWords()
  const state = useListState()
  const { tell } = useNotices()
  const refresh = useRefresh()
  const [leaving, setLeaving] = useState<Holder>()
  const { may } = useRights(
    Object.values(attachRights).flatMap(([to, from, on]): [string, string][] => [
      [to, on],
      [from, on],
    ]),
  )
  const mayAttach = Object.values(attachRights).some(([to, , on]) => may(to, on))
  const mayDetach = (kind: HolderKind) => may(attachRights[kind][1], attachRights[kind][2])
  const wanted = holderKinds.find((kind) => kind === state.filter('kind'))
  const list = useList(
    'ListEntitiesForPolicy',
    { PolicyId: id, EntityFilter: wanted ? filters[wanted] : 'All' },
    { rows: (reply) => reply.List, total: (reply) => reply.TotalNum },
  )
  const columns: readonly Column<Entity>[] = [
    {
      id: 'name',
      head: t('policies.holder'),
      cell: (entity) => {
        const { kind, id: holderId, name: holderName } = holderOf(entity)
        return (
          <Link to={paths.accessDetail(kind, holderId)}>
            <bdi>{holderName}</bdi>
          </Link>
        )
      },
    },
    {
      id: 'kind',
      head: t('policies.kindOfHolder'),
      cell: ({ RelatedType }) => t(holderWords[kindOf(RelatedType)]),
    },
    {
      id: 'at',
      head: t('policies.attachedAt'),
      cell: ({ AttachmentTime }) => <Time at={AttachmentTime} />,
    },
  ]
  const attachButton = mayAttach && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('attach')}>
      {t('policies.attach')}
    </Button>
  )
  return (
    <ListPage
      isInner
      title={t('policies.attachedTab')}
      about={t('policies.attachedAbout')}
      actions={attachButton}
      list={list}
      state={state}
      filters={[
        {
          name: 'kind',
          label: t('policies.kindOfHolder'),
          choices: holderKinds.map((kind) => ({ value: kind, label: t(holderWords[kind]) })),
        },
      ]}
      columns={columns}
      rowKey={({ RelatedType, Id }) => `${RelatedType} ${Id}`}
      rowActions={{
        label: ({ Name }) => t('policies.actionsOf', { name: Name }),
        direct: (entity) =>
          mayDetach(kindOf(entity.RelatedType)) && (
            <Button theme="danger-text" onClick={() => setLeaving(holderOf(entity))}>
              {t('policies.detach')}
            </Button>
          ),
      }}
      countLabel={(n) => t('policies.holderCount', { n })}
      empty={<Empty title={t('policies.nobody')} actions={attachButton} />}
    >
      {state.open === 'attach' && (
        <AttachMore
          id={id}
          name={name}
          document={document}
          except={new Set(list.rows.map((row) => keyOf(holderOf(row))))}
          onClose={() => state.setOpen('')}
        />
      )}
      {leaving && (
        <Confirm
          title={t('policies.detachTitle', { policy: name, name: leaving.name })}
          verb={t('policies.detachVerb')}
          run={() => detach(id, leaving).then(refresh)}
          onClose={() => setLeaving(undefined)}
          onDone={() => tell(t('policies.detached', { name: leaving.name }))}
        >
          <p>{t('policies.detachAbout')}</p>
        </Confirm>
      )}
    </ListPage>
  )
}

interface AttachMoreProps extends AttachedTabProps {
  readonly except: ReadonlySet<string>
  onClose(): void
}

function AttachMore({ id, name, document, except, onClose }: AttachMoreProps) {
  const { t } = useWords()
  const { tell, tellError } = useNotices()
  const refresh = useRefresh()
  const deniesMe = useDeniesMe()
  const [chosen, setChosen] = useState<readonly Holder[]>([])
  const [isBusy, setBusy] = useState(false)
  const [isAsking, setAsking] = useState(false)
  async function run(): Promise<void> {
    setBusy(true)
    const done = await Promise.allSettled(chosen.map((holder) => attach(id, holder)))
    await refresh()
    setBusy(false)
    const failed = done.filter((one) => one.status === 'rejected')
    for (const one of failed) tellError(one.reason)
    if (done.length > failed.length) {
      tell(t('policies.wasAttached', { name, n: done.length - failed.length }))
    }
    if (failed.length === 0) onClose()
  }
  return (
    <Dialog
      title={t('policies.attachTitle', { name })}
      form="drawer"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.cancel')}</Button>
          <Button
            theme="primary"
            isBusy={isBusy}
            blocked={chosen.length === 0 ? t('policies.chooseWho') : undefined}
            onClick={() => (deniesMe(document, chosen) ? setAsking(true) : void run())}
          >
            {t('policies.attach')}
          </Button>
        </>
      }
    >
      {grantsServiceAccounts(document) && (
        <Banner tone="warn">{t('policies.serviceAccountWarning')}</Banner>
      )}
      <HolderPicks chosen={chosen} except={except} onChange={setChosen} />
      {isAsking && <DeniesMe run={run} onClose={() => setAsking(false)} />}
    </Dialog>
  )
}
