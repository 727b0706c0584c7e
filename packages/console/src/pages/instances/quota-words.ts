// What instances have quotas of, in words.

import type { Reply } from '../../api/call.ts'
import type { WordKey } from '../../words/use-words.ts'

export type Quota = Reply<'DescribeInstanceStatistics'>['Statistics'][number]['Quotas'][number]

export const quotaWords: Readonly<Record<Quota['Name'], WordKey>> = {
  Namespaces: 'instances.quotaNamespaces',
  Repositories: 'instances.quotaRepositories',
  ChartRepositories: 'instances.quotaCharts',
  VpcLinks: 'instances.quotaVpc',
  StoredBytes: 'instances.quotaBytes',
}
