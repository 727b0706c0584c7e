// The clean-up of an instance's storage: what takes the space, what can be free by when; by hand, or as a dry run; what
// it did before.

import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange, useList, useRead } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Count, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { JobState } from '../jobs/job-words.tsx'
import { type Cleanup, Duration, isLive, typeWords } from './cleanup-words.tsx'
import { SpacePicture } from './space-picture.tsx'
import './clean-up.css'

const liveMs = 1000
const restMs = 30_000

export function CleanUpPage() {
  const { t } = useWords()
  useTitle(t('cleanUp.title'))
  const instance = useInstanceId()
  const state = useListState()
  const type = types.find((one) => one === state.filter('type'))
  // The newest alone says whether one is under way.
  const { data: newest } = useRead(
    'DescribeStorageCleanups',
    { RegistryId: instance, Types: ['Manual', 'Dryrun'], Limit: 1 },
    { everyMs: (reply) => (reply?.Cleanups.some(isLive) ? liveMs : restMs) },
  )
  const live = newest?.Cleanups.find(isLive)
  // The list may show as running what the newest is known to have ended.
  const [showsLive, setShowsLive] = useState(false)
  const list = useList(
    'DescribeStorageCleanups',
    { RegistryId: instance, ...(type !== undefined && { Types: [type] }) },
    {
      rows: (reply) => reply.Cleanups,
      total: (reply) => reply.TotalCount,
      everyMs: live || showsLive ? liveMs : restMs,
    },
  )
  const hasLive = list.rows.some(isLive)
  useEffect(() => setShowsLive(hasLive), [hasLive])
  return (
    <ListPage
      title={t('cleanUp.title')}
      about={t('cleanUp.about')}
      help="clean-up"
      banner={<SpacePicture instance={instance} isLive={live !== undefined} />}
      actions={<Actions instance={instance} live={live} />}
      list={list}
      state={state}
      filters={[
        {
          name: 'type',
          label: t('cleanUp.type'),
          choices: types.map((value) => ({ value, label: t(typeWords[value]) })),
        },
      ]}
      columns={columnsOf(t, instance)}
      rowKey={({ CleanupId }) => String(CleanupId)}
      countLabel={(n) => t('cleanUp.count', { n })}
      empty={<Empty title={t('cleanUp.none')}>{t('cleanUp.noneAbout')}</Empty>}
    />
  )
}

const types = ['Manual', 'Dryrun', 'Hourly'] as const

function columnsOf(t: Words['t'], instance: string): readonly Column<Cleanup>[] {
  return [
    {
      id: 'id',
      head: t('cleanUp.id'),
      cell: ({ CleanupId }) => (
        <Link to={paths.cleanup(instance, CleanupId)}>{String(CleanupId)}</Link>
      ),
    },
    { id: 'type', head: t('cleanUp.type'), cell: ({ Type }) => t(typeWords[Type]) },
    { id: 'state', head: t('cleanUp.state'), cell: ({ State }) => <JobState state={State} /> },
    { id: 'start', head: t('cleanUp.start'), cell: (row) => <Time at={row.StartTime} /> },
    {
      id: 'duration',
      head: t('cleanUp.duration'),
      isMinor: true,
      cell: (row) => <Duration cleanup={row} />,
    },
    {
      id: 'manifests',
      head: t('cleanUp.manifests'),
      isNumber: true,
      cell: ({ Counts }) => <Count value={Counts.Manifests} />,
    },
    {
      id: 'blobs',
      head: t('cleanUp.blobs'),
      isNumber: true,
      cell: ({ Counts }) => <Count value={Counts.Blobs} />,
    },
    {
      id: 'bytes',
      head: t('cleanUp.bytes'),
      isNumber: true,
      cell: ({ Counts }) => <Bytes value={Counts.Bytes} />,
    },
  ]
}

interface ActionsProps {
  readonly instance: string
  readonly live: Cleanup | undefined
}

function Actions({ instance, live }: ActionsProps) {
  const { t } = useWords()
  const { tell, tellError } = useNotices()
  const [isAsking, setAsking] = useState(false)
  const resource = `instance/${instance}`
  const { may } = useRights([
    ['tcr:CreateGCJob', resource],
    ['tcr:TerminateGCJob', resource],
  ])
  const create = useChange('CreateGCJob')
  const stop = useChange('TerminateGCJob')
  const blocked = live && t('cleanUp.underWay')
  const start = (Dryrun: boolean) =>
    create.mutateAsync({ RegistryId: instance, GCParameters: { Dryrun } })
  return (
    <>
      {may('tcr:CreateGCJob', resource) && (
        <>
          <Button theme="primary" blocked={blocked} onClick={() => setAsking(true)}>
            {t('cleanUp.runNow')}
          </Button>
          <Button
            blocked={blocked}
            isBusy={create.isPending}
            onClick={() => start(true).then(() => tell(t('cleanUp.dryStarted')), tellError)}
          >
            {t('cleanUp.runDry')}
          </Button>
        </>
      )}
      {live && may('tcr:TerminateGCJob', resource) && (
        <Button
          theme="danger-text"
          isBusy={stop.isPending}
          onClick={() =>
            stop
              .mutateAsync({ RegistryId: instance })
              .then(() => tell(t('cleanUp.stopped')), tellError)
          }
        >
          {t('cleanUp.stop')}
        </Button>
      )}
      {isAsking && (
        <RunNow instance={instance} run={() => start(false)} onClose={() => setAsking(false)} />
      )}
    </>
  )
}

interface RunNowProps {
  readonly instance: string
  run(): Promise<unknown>
  onClose(): void
}

/** Nothing is read-only for it and nothing that is in use goes: what it says is what is over. */
function RunNow({ instance, run, onClose }: RunNowProps) {
  const { t } = useWords()
  const { data, isPending } = useRead('DescribeReclaimableSpace', { RegistryId: instance })
  return (
    <Confirm
      title={t('cleanUp.runTitle')}
      verb={t('cleanUp.runNow')}
      isWaiting={isPending}
      run={run}
      onClose={onClose}
    >
      <p>{t('cleanUp.runAbout', { hours: data?.GraceHours ?? 0 })}</p>
      {data && <RunFigures space={data} />}
    </Confirm>
  )
}

function RunFigures({ space }: { readonly space: Reply<'DescribeReclaimableSpace'> }) {
  const { t } = useWords()
  return (
    <p>
      {t('cleanUp.binOf')} <Bytes value={space.BinBytes} /> · {t('cleanUp.unreferencedOf')}{' '}
      <Bytes value={space.UnreferencedBytes} />
    </p>
  )
}
