// The long work of one instance.

import { useList } from '../../api/use-api.ts'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { jobColumns, jobStateFilter } from '../jobs/job-columns.tsx'
import { jobStates } from '../jobs/job-words.tsx'
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
  return (
    <ListPage
      title={t('frame.jobs')}
      about={t('instances.jobsAbout')}
      isInner
      list={list}
      state={state}
      filters={[jobStateFilter(t)]}
      columns={jobColumns(t)}
      rowKey={({ JobId }) => JobId}
      countLabel={(n) => t('jobs.count', { n })}
      empty={<Empty title={t('jobs.none')}>{t('jobs.noneAbout')}</Empty>}
    />
  )
}
