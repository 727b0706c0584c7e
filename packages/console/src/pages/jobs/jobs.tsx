// All long work: what it is about, how far it is, how it ended.

import { Link } from '@tanstack/react-router'
import { useList } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { Column } from '../../patterns/rows.tsx'
import { FreeText, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { type Job, JobBar, JobState, jobKindText, jobStates, jobStateWord } from './job-words.tsx'

const liveMs = 5000
/** The program's own too: sweeping, counting. */
const withBackground = 'all'

export function JobsPage() {
  const { t } = useWords()
  useTitle(t('jobs.title'))
  const state = useListState()
  const wanted = jobStates.find((one) => one === state.filter('state'))
  const list = useList(
    'DescribeJobs',
    {
      IncludeBackground: state.filter('by') === withBackground,
      ...(wanted !== undefined && { States: [wanted] }),
    },
    {
      rows: (reply) => reply.Jobs,
      total: (reply) => reply.TotalCount,
      everyMs: liveMs,
    },
  )
  const columns: readonly Column<Job>[] = [
    {
      id: 'kind',
      head: t('jobs.kind'),
      cell: ({ JobId, Kind }) => <Link to={paths.job(JobId)}>{jobKindText(Kind, t)}</Link>,
    },
    { id: 'state', head: t('jobs.state'), cell: ({ State }) => <JobState state={State} /> },
    { id: 'progress', head: t('jobs.progress'), cell: (job) => <JobBar job={job} /> },
    {
      id: 'instance',
      head: t('jobs.instance'),
      cell: ({ RegistryId }) =>
        RegistryId === null ? (
          <span className="quiet">–</span>
        ) : (
          <Link to={paths.instance(RegistryId)}>{RegistryId}</Link>
        ),
    },
    {
      id: 'by',
      head: t('jobs.by'),
      isMinor: true,
      cell: ({ CreatedBy }) => <FreeText text={CreatedBy} />,
    },
    { id: 'created', head: t('jobs.created'), cell: ({ CreateTime }) => <Time at={CreateTime} /> },
    {
      id: 'ended',
      head: t('jobs.ended'),
      isMinor: true,
      cell: ({ EndTime }) => <Time at={EndTime} />,
    },
  ]
  return (
    <ListPage
      title={t('jobs.title')}
      about={t('jobs.about')}
      list={list}
      state={state}
      filters={[
        {
          name: 'state',
          label: t('jobs.state'),
          choices: jobStates.map((value) => ({ value, label: t(jobStateWord(value)) })),
        },
        {
          name: 'by',
          label: t('jobs.by'),
          none: t('jobs.byPeople'),
          choices: [{ value: withBackground, label: t('jobs.byAll') }],
        },
      ]}
      columns={columns}
      rowKey={({ JobId }) => JobId}
      countLabel={(n) => t('jobs.count', { n })}
      empty={<Empty title={t('jobs.none')}>{t('jobs.noneAbout')}</Empty>}
    />
  )
}
