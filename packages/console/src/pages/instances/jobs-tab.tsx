// The long work of one instance.

import { Link } from '@tanstack/react-router'
import { useList } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { Column } from '../../patterns/rows.tsx'
import { FreeText, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { type Job, JobBar, JobState, jobStates, jobStateWord } from '../jobs/job-words.tsx'
import type { TabProps } from './instance.tsx'

const liveMs = 5000

export function JobsTab({ instance }: TabProps) {
  const { t } = useWords()
  const state = useListState()
  const wanted = jobStates.find((one) => one === state.filter('state'))
  const list = useList(
    'DescribeJobs',
    {
      RegistryId: instance.RegistryId,
      IncludeBackground: false,
      ...(wanted !== undefined && { States: [wanted] }),
    },
    { rows: (reply) => reply.Jobs, total: (reply) => reply.TotalCount, everyMs: liveMs },
  )
  const columns: readonly Column<Job>[] = [
    {
      id: 'kind',
      head: t('jobs.kind'),
      cell: ({ JobId, Kind }) => <Link to={paths.job(JobId)}>{Kind}</Link>,
    },
    { id: 'state', head: t('jobs.state'), cell: ({ State }) => <JobState state={State} /> },
    { id: 'progress', head: t('jobs.progress'), cell: (job) => <JobBar job={job} /> },
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
      title={t('frame.jobs')}
      about={t('instances.jobsAbout')}
      isInner
      list={list}
      state={state}
      filters={[
        {
          name: 'state',
          label: t('jobs.state'),
          choices: jobStates.map((value) => ({ value, label: t(jobStateWord(value)) })),
        },
      ]}
      columns={columns}
      rowKey={({ JobId }) => JobId}
      countLabel={(n) => t('jobs.count', { n })}
      empty={<Empty title={t('jobs.none')}>{t('jobs.noneAbout')}</Empty>}
    />
  )
}
