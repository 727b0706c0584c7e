// How many jobs run, in the head of every page.

import { Link } from '@tanstack/react-router'
import { useRead } from '../api/use-api.ts'
import { paths } from '../paths.ts'
import { useRights } from '../patterns/rights.ts'
import { useWords } from '../words/use-words.ts'

const askEveryMs = 20_000

export function JobMark() {
  const { t } = useWords()
  const { may } = useRights([['tcr:DescribeJobs']])
  const { data } = useRead(
    'DescribeJobs',
    { States: ['Running'], IncludeBackground: false, Limit: 1 },
    { isEnabled: may('tcr:DescribeJobs'), everyMs: askEveryMs },
  )
  const running = data?.TotalCount ?? 0
  if (running === 0) return null
  return (
    <Link
      to={paths.jobs()}
      className="job-mark"
      aria-label={t('frame.jobsRunning', { n: running })}
    >
      <span className="spinner" aria-hidden="true" />
      {running}
    </Link>
  )
}
