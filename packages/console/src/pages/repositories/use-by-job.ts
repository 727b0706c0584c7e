// Whether so many are deleted by a job: where the person may look at it.

import { useRights } from '../../patterns/rights.ts'
import { maxByPage } from './batches.ts'

export function useByJob(instance: string, count: number): boolean {
  const resource = `instance/${instance}`
  const { may } = useRights([['tcr:DescribeJobs', resource]])
  return count > maxByPage && may('tcr:DescribeJobs', resource)
}
