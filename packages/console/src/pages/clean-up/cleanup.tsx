// One clean-up: what went, or by a dry run would go, with the list of it; what stays, why, and until when.

import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { DownloadIcon } from 'tdesign-icons-react'
import { call } from '../../api/call.ts'
import { useList, useRead } from '../../api/use-api.ts'
import { useInstance, useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb, DetailHead, Facts, Panel } from '../../patterns/detail.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { PlainTable } from '../../patterns/plain-table.tsx'
import type { Column } from '../../patterns/rows.tsx'
import { downloadText } from '../../patterns/secret.tsx'
import { Bytes, Count, Digest, FreeText, Time } from '../../patterns/shown.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type WordKey, type Words } from '../../words/use-words.ts'
import { JobState } from '../jobs/job-words.tsx'
import {
  type Cleanup,
  Duration,
  type Item,
  isLive,
  kindWords,
  reasonWords,
  Seconds,
  stayWords,
  typeWords,
} from './cleanup-words.tsx'
import './clean-up.css'

const liveMs = 1000

export function CleanupPage() {
  const { t } = useWords()
  const instance = useInstanceId()
  const { instance: shown } = useInstance(instance)
  const { cleanup: id = '' } = useParams({ strict: false })
  const title = t('cleanUp.one', { id })
  useTitle(title)
  const { data, error, isPending } = useRead(
    'DescribeStorageCleanups',
    { RegistryId: instance, CleanupId: Number(id) },
    { everyMs: (reply) => (reply?.Cleanups.some(isLive) ? liveMs : undefined) },
  )
  if (isPending) return <Skeleton />
  const cleanup = data?.Cleanups[0]
  if (!cleanup) return error ? <Failed error={error} /> : <Empty title={t('cleanUp.noneOfId')} />
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: shown?.RegistryName ?? instance, to: paths.instance(instance) },
          { label: t('cleanUp.title'), to: paths.cleanUp(instance) },
          { label: id },
        ]}
      />
      <DetailHead
        name={title}
        copy={id}
        state={<JobState state={cleanup.State} />}
        facts={t(typeWords[cleanup.Type])}
      />
      <Outcome cleanup={cleanup} />
      {cleanup.Stays.length > 0 && <Stays stays={cleanup.Stays} />}
      {cleanup.Type === 'Dryrun' && <Items instance={instance} cleanup={cleanup} />}
    </>
  )
}

const counted: readonly (readonly [keyof Cleanup['Counts'], WordKey])[] = [
  ['Manifests', 'cleanUp.manifests'],
  ['Referrers', 'cleanUp.referrers'],
  ['Links', 'cleanUp.links'],
  ['Blobs', 'cleanUp.blobs'],
  ['Uploads', 'cleanUp.uploads'],
  ['Objects', 'cleanUp.objects'],
  ['Orphans', 'cleanUp.orphans'],
]

function Outcome({ cleanup }: { readonly cleanup: Cleanup }) {
  const { t } = useWords()
  const { Counts, ExpectedSeconds, JobId } = cleanup
  const isDry = cleanup.Type === 'Dryrun'
  return (
    <Panel title={t(isDry ? 'cleanUp.wouldGo' : 'cleanUp.went')}>
      <Facts
        facts={[
          ...counted.map(([name, label]) => ({
            label: t(label),
            value: <Count value={Counts[name]} />,
          })),
          { label: t('cleanUp.bytes'), value: <Bytes value={Counts.Bytes} /> },
          ExpectedSeconds === null
            ? undefined
            : { label: t('cleanUp.expected'), value: <Seconds value={ExpectedSeconds} t={t} /> },
          { label: t('cleanUp.start'), value: <Time at={cleanup.StartTime} /> },
          { label: t('cleanUp.duration'), value: <Duration cleanup={cleanup} /> },
          { label: t('cleanUp.by'), value: <FreeText text={cleanup.CreatedBy} /> },
          JobId === null
            ? undefined
            : {
                label: t('cleanUp.log'),
                value: <Link to={paths.job(JobId)}>{t('cleanUp.showLog')}</Link>,
              },
        ]}
      />
    </Panel>
  )
}

function Stays({ stays }: { readonly stays: Cleanup['Stays'] }) {
  const { t } = useWords()
  const heads = [
    { label: t('cleanUp.why') },
    { label: t('cleanUp.amount'), isNumber: true },
    { label: t('cleanUp.bytes'), isNumber: true },
    { label: t('cleanUp.firstDue') },
    { label: t('cleanUp.lastDue') },
  ]
  return (
    <Panel title={t('cleanUp.stays')}>
      <PlainTable caption={t('cleanUp.stays')} heads={heads}>
        {stays.map(({ Reason, Count: count, Bytes: bytes, DueTime, LastDueTime }) => (
          <tr key={Reason}>
            <td data-head={t('cleanUp.why')}>{t(stayWords[Reason])}</td>
            <td data-head={t('cleanUp.amount')} className="cell-number">
              <Count value={count} />
            </td>
            <td data-head={t('cleanUp.bytes')} className="cell-number">
              <Bytes value={bytes} />
            </td>
            <td data-head={t('cleanUp.firstDue')}>
              <Time at={DueTime} />
            </td>
            <td data-head={t('cleanUp.lastDue')}>
              <Time at={LastDueTime} />
            </td>
          </tr>
        ))}
      </PlainTable>
    </Panel>
  )
}

const itemKinds = Object.keys(kindWords) as readonly Item['Kind'][]

function Items({ instance, cleanup }: { readonly instance: string; readonly cleanup: Cleanup }) {
  const { t } = useWords()
  const state = useListState()
  const kind = itemKinds.find((one) => one === state.filter('kind'))
  const asked = {
    RegistryId: instance,
    CleanupId: cleanup.CleanupId,
    OnlyDue: state.filter('due') === 'now',
    ...(kind !== undefined && { Kinds: [kind] }),
    ...(state.q !== '' && { Search: state.q }),
  }
  const list = useList('DescribeStorageCleanupItems', asked, {
    rows: (reply) => reply.Items,
    total: (reply) => reply.TotalCount,
  })
  return (
    <ListPage
      isInner
      title={t('cleanUp.items')}
      about={t('cleanUp.itemsAbout')}
      actions={<SaveItems asked={asked} total={list.total ?? 0} />}
      list={list}
      state={state}
      searchFor={t('cleanUp.searchFor')}
      filters={[
        {
          name: 'kind',
          label: t('cleanUp.kind'),
          choices: itemKinds.map((value) => ({ value, label: t(kindWords[value]) })),
        },
        {
          name: 'due',
          label: t('cleanUp.due'),
          choices: [{ value: 'now', label: t('cleanUp.now') }],
        },
      ]}
      columns={itemColumns(t)}
      rowKey={({ Kind, RepositoryPath, Digest: digest }) => `${Kind} ${RepositoryPath} ${digest}`}
      countLabel={(n) => t('cleanUp.things', { n })}
      empty={<Empty title={t('cleanUp.nothing')}>{t('cleanUp.nothingAbout')}</Empty>}
    />
  )
}

function itemColumns(t: Words['t']): readonly Column<Item>[] {
  return [
    { id: 'kind', head: t('cleanUp.kind'), cell: ({ Kind }) => t(kindWords[Kind]) },
    {
      id: 'repository',
      head: t('cleanUp.repository'),
      cell: ({ RepositoryPath }) => <FreeText text={RepositoryPath} />,
    },
    { id: 'digest', head: t('cleanUp.digest'), cell: (item) => <ItemName item={item} /> },
    {
      id: 'size',
      head: t('cleanUp.size'),
      isNumber: true,
      cell: ({ SizeBytes }) => <Bytes value={SizeBytes} />,
    },
    { id: 'reason', head: t('cleanUp.why'), cell: ({ Reason }) => t(reasonWords[Reason]) },
    {
      id: 'due',
      head: t('cleanUp.due'),
      cell: ({ DueTime }) => (DueTime === null ? t('cleanUp.now') : <Time at={DueTime} />),
    },
  ]
}

function ItemName({ item: { Digest: name } }: { readonly item: Item }) {
  return name.includes(':') ? <Digest value={name} /> : <code>{name}</code>
}

const savedAtOnce = 200

interface SaveItemsProps {
  readonly asked: { readonly RegistryId: string; readonly CleanupId: number }
  readonly total: number
}

/** All that the list shows by its filters, as comma separated values. */
function SaveItems({ asked, total }: SaveItemsProps) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const [isBusy, setBusy] = useState(false)
  const save = async (): Promise<void> => {
    const lines = ['kind,repository,digest,bytes,reason,due']
    for (let Offset = 0; Offset < total; Offset += savedAtOnce) {
      const page = { ...asked, Offset, Limit: savedAtOnce }
      const { Items: items } = await call('DescribeStorageCleanupItems', page)
      for (const item of items) {
        const { Kind, RepositoryPath, Digest: digest, SizeBytes, Reason, DueTime } = item
        lines.push([Kind, RepositoryPath ?? '', digest, SizeBytes, Reason, DueTime ?? ''].join(','))
      }
    }
    downloadText(`clean-up-${asked.CleanupId}.csv`, `${lines.join('\n')}\n`, 'text/csv')
  }
  return (
    <Button
      icon={<DownloadIcon />}
      isBusy={isBusy}
      blocked={total === 0 ? t('cleanUp.nothing') : undefined}
      onClick={() => {
        setBusy(true)
        save()
          .catch(tellError)
          .finally(() => setBusy(false))
      }}
    >
      {t('cleanUp.save')}
    </Button>
  )
}
