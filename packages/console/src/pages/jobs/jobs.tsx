// All long work: what it is about, how far it is, how it ended.

import { Link } from '@tanstack/react-router'
import { useList } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { jobColumns, jobStateFilter } from './job-columns.tsx'
import { jobStates } from './job-words.tsx'

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
  const columns = jobColumns(t, {
    id: 'instance',
    head: t('jobs.instance'),
    cell: ({ RegistryId }) =>
      RegistryId === null ? (
        <span className="quiet">–</span>
      ) : (
        <Link to={paths.instance(RegistryId)}>{RegistryId}</Link>
      ),
  })
  return (
    <ListPage
      title={t('jobs.title')}
      about={t('jobs.about')}
      list={list}
      state={state}
      filters={[
        jobStateFilter(t),
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
