// How the deployment runs: processes, database, storage, clock, queues. Asked for again while it is looked at.

import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { formatExactTime, readTime } from '../../patterns/format.ts'
import { type Column, Rows } from '../../patterns/rows.tsx'
import { Bytes, Count, FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { wholeList } from '../../patterns/whole-list.ts'
import { useWords, type WordKey, type Words } from '../../words/use-words.ts'

const liveMs = 5000

type System = Reply<'DescribeSystem'>
type Process = System['Processes'][number]
type Store = System['Storages'][number]
type Queue = System['Queues'][number]

export function Health() {
  const words = useWords()
  const { t } = words
  const reply = useRead('DescribeSystem', {}, { everyMs: liveMs })
  const { data, error, isPending, refetch } = reply
  if (isPending) return <Skeleton lines={12} />
  if (!data) return <Failed error={error} retry={() => void refetch()} />
  return (
    <>
      <Warnings system={data} />
      <Deployment system={data} />
      <Panel title={t('system.processes')}>
        <Rows
          label={t('system.processes')}
          list={wholeList(reply, data.Processes)}
          columns={processColumns(words)}
          rowKey={({ ProcessId }) => ProcessId}
        />
      </Panel>
      <Panel title={t('system.stores')}>
        <Rows
          label={t('system.stores')}
          list={wholeList(reply, data.Storages)}
          columns={storeColumns(words)}
          rowKey={({ Name }) => Name ?? ''}
        />
      </Panel>
      <Panel title={t('system.queues')}>
        <Rows
          label={t('system.queues')}
          list={wholeList(reply, data.Queues)}
          columns={queueColumns(words)}
          rowKey={({ State }) => State}
        />
      </Panel>
    </>
  )
}

/** What needs somebody, before all figures. */
function Warnings({ system }: { readonly system: System }) {
  const { t, locale } = useWords()
  const versions = new Set(system.Processes.filter((one) => one.IsAlive).map((one) => one.Version))
  const silent = system.Processes.filter((one) => !one.IsAlive)
  const lost = system.Storages.filter((one) => !one.IsReachable)
  const paused = readTime(system.ClockPausedUntil)
  return (
    <div role="status">
      {lost.map((one) => (
        <Banner key={one.Name} tone="bad">
          {t('system.storeLost', { name: one.Name ?? t('system.ownStore') })}{' '}
          <FreeText text={one.Reason} />
        </Banner>
      ))}
      {paused && (
        <Banner tone="warn">
          {t('system.clockPaused', { until: formatExactTime(paused, locale) })}
        </Banner>
      )}
      {silent.length > 0 && (
        <Banner tone="warn">{t('system.silentCount', { n: silent.length })}</Banner>
      )}
      {versions.size > 1 && (
        <Banner tone="warn">{t('system.mixed', { versions: [...versions].join(', ') })}</Banner>
      )}
    </div>
  )
}

function Deployment({ system }: { readonly system: System }) {
  const { t, locale } = useWords()
  const clock = readTime(system.ClockTime)
  const ms = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
  const database = system.DatabaseKind === 'Sqlite' ? 'SQLite' : 'PostgreSQL'
  return (
    <div className="columns system-panels">
      <Panel title={t('system.deployment')}>
        <Facts
          facts={[
            { label: t('system.version'), value: system.Version },
            { label: t('system.clock'), value: clock ? formatExactTime(clock, locale) : '–' },
            { label: t('system.accountsFact'), value: <Count value={system.AccountCount} /> },
            { label: t('system.instances'), value: <Count value={system.InstanceCount} /> },
            { label: t('system.openUploads'), value: <Count value={system.OpenUploads} /> },
            { label: t('system.eventsBehind'), value: <Count value={system.EventsBehind} /> },
          ]}
        />
      </Panel>
      <Panel title={t('system.database')}>
        <Facts
          facts={[
            { label: t('system.kind'), value: `${database} ${system.DatabaseVersion}` },
            { label: t('system.schema'), value: system.SchemaVersion },
            { label: t('system.size'), value: <Bytes value={system.DatabaseBytes} /> },
            {
              label: t('system.latency'),
              value: t('system.ms', { ms: ms.format(system.DatabaseLatencyMs) }),
            },
          ]}
        />
      </Panel>
    </div>
  )
}

function processColumns({ t }: Words): readonly Column<Process>[] {
  return [
    {
      id: 'host',
      head: t('system.process'),
      cell: ({ Host, Pid }) => (
        <>
          <bdi>{Host}</bdi> <span className="quiet">{Pid}</span>
        </>
      ),
    },
    {
      id: 'state',
      head: t('system.state'),
      cell: ({ IsAlive }) => (
        <Status tone={IsAlive ? 'good' : 'bad'}>
          {t(IsAlive ? 'system.alive' : 'system.silent')}
        </Status>
      ),
    },
    { id: 'version', head: t('system.version'), cell: ({ Version }) => Version },
    { id: 'node', head: t('system.node'), isMinor: true, cell: ({ NodeVersion }) => NodeVersion },
    {
      id: 'memory',
      head: t('system.memory'),
      isNumber: true,
      cell: ({ MemoryBytes }) => <Bytes value={MemoryBytes} />,
    },
    { id: 'started', head: t('system.started'), cell: ({ StartTime }) => <Time at={StartTime} /> },
    { id: 'seen', head: t('system.seen'), cell: ({ SeenTime }) => <Time at={SeenTime} /> },
  ]
}

const storeKinds: Readonly<Record<Store['Kind'], WordKey>> = {
  Folder: 'system.folder',
  S3: 'system.s3',
  Memory: 'system.memory',
}

function storeColumns({ t, locale }: Words): readonly Column<Store>[] {
  const ms = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
  return [
    { id: 'name', head: t('system.name'), cell: ({ Name }) => Name ?? t('system.ownStore') },
    { id: 'kind', head: t('system.kind'), cell: ({ Kind }) => t(storeKinds[Kind]) },
    {
      id: 'state',
      head: t('system.state'),
      cell: ({ IsReachable, Reason }) =>
        IsReachable ? (
          <Status tone="good">{t('system.reachable')}</Status>
        ) : (
          <>
            <Status tone="bad">{t('system.unreachable')}</Status> <FreeText text={Reason} />
          </>
        ),
    },
    {
      id: 'latency',
      head: t('system.latency'),
      isNumber: true,
      cell: ({ LatencyMs }) =>
        LatencyMs === null ? '–' : t('system.ms', { ms: ms.format(LatencyMs) }),
    },
    {
      id: 'free',
      head: t('system.free'),
      isNumber: true,
      cell: ({ FreeBytes }) => <Bytes value={FreeBytes} />,
    },
  ]
}

const queueWords: Readonly<Record<Queue['State'], WordKey>> = {
  Waiting: 'jobs.waiting',
  Running: 'jobs.running',
  Succeeded: 'jobs.succeeded',
  Failed: 'jobs.failed',
  Cancelled: 'jobs.cancelled',
}

function queueColumns({ t }: Words): readonly Column<Queue>[] {
  return [
    { id: 'state', head: t('system.state'), cell: ({ State }) => t(queueWords[State]) },
    {
      id: 'count',
      head: t('system.jobs'),
      isNumber: true,
      cell: ({ Count: count }) => <Count value={count} />,
    },
    { id: 'oldest', head: t('system.oldest'), cell: ({ OldestTime }) => <Time at={OldestTime} /> },
  ]
}
