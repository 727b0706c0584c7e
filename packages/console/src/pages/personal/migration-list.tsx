// Migrations into an instance that were asked for before.

import { Link } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { useList } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Panel } from '../../patterns/detail.tsx'
import { formatPercent } from '../../patterns/format.ts'
import { type Column, Rows } from '../../patterns/rows.tsx'
import { Status, Time, type Tone } from '../../patterns/shown.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'

export type Migration = Reply<'DescribePersonalNamespaceMigrations'>['Migrations'][number]

const states: Readonly<Record<Migration['State'], readonly [Tone, WordKey]>> = {
  Waiting: ['off', 'jobs.waiting'],
  Running: ['busy', 'jobs.running'],
  Succeeded: ['good', 'jobs.succeeded'],
  Failed: ['bad', 'jobs.failed'],
  Cancelled: ['off', 'jobs.cancelled'],
}

export function isUnderWay({ State }: Migration): boolean {
  return State === 'Waiting' || State === 'Running'
}

export function MigrationState({ migration }: { readonly migration: Migration }) {
  const { t } = useWords()
  const [tone, word] = states[migration.State]
  return <Status tone={tone}>{t(word)}</Status>
}

export function MigrationBar({ migration }: { readonly migration: Migration }) {
  const { t, locale } = useWords()
  const { TagsDone, TagsFailed, TagCount, State } = migration
  const share = State === 'Succeeded' ? 1 : TagCount === 0 ? 0 : (TagsDone + TagsFailed) / TagCount
  return (
    <span className="meter">
      <progress className="bar" max={1} value={share} aria-label={t('personal.progress')} />
      {formatPercent(share, locale)}
    </span>
  )
}

const liveMs = 5000

export function Migrations({ instance }: { readonly instance: string }) {
  const { t } = useWords()
  const list = useList(
    'DescribePersonalNamespaceMigrations',
    { RegistryId: instance },
    { rows: (reply) => reply.Migrations, total: (reply) => reply.TotalCount, everyMs: liveMs },
  )
  if (list.rows.length === 0) return null
  const columns: readonly Column<Migration>[] = [
    {
      id: 'job',
      head: t('personal.namespaces'),
      cell: ({ JobId, Namespaces }) => (
        <Link to={paths.job(JobId)}>
          {Namespaces.map(({ Namespace: name }) => name).join(', ') || JobId}
        </Link>
      ),
    },
    {
      id: 'state',
      head: t('personal.state'),
      cell: (migration) => <MigrationState migration={migration} />,
    },
    {
      id: 'progress',
      head: t('personal.progress'),
      cell: (migration) => <MigrationBar migration={migration} />,
    },
    {
      id: 'created',
      head: t('personal.askedAt'),
      cell: ({ CreateTime }) => <Time at={CreateTime} />,
    },
  ]
  return (
    <Panel title={t('personal.earlier')}>
      <Rows
        label={t('personal.earlier')}
        list={list}
        columns={columns}
        rowKey={({ JobId }) => JobId}
      />
    </Panel>
  )
}
