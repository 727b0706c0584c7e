// Own action: instances in numbers.

import { describeInstanceStatistics } from '@entrepot/contract/entrepot/statistics.ts'
import { reachFor } from '../actions/authority.ts'
import { type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { listUsage } from '../quotas/quotas.ts'
import { listInstances } from './queries.ts'
import { quotasOf } from './quotas.ts'
import type { TagCounts } from './tag-counts.ts'

export function instanceStatisticsHandlers(tagCounts: TagCounts): readonly Handler[] {
  return [
    read(describeInstanceStatistics, async (call) => {
      const { ground, db, actor, input } = call
      const { permission, paging } = describeInstanceStatistics
      const filter = {
        ownerUin: actor.ownerUin,
        reach: await reachFor(call, permission, 'instance/'),
        region: undefined,
        ids: input.RegistryIds ?? [],
        names: [],
      }
      const { total, instances } = await listInstances(db, filter, pageRange(paging, input))
      const ids = instances.map(({ id }) => id)
      const usage = await listUsage(db, ids)
      const tags = await tagCounts.of(ground.db.heavy, ids)
      return {
        Statistics: instances.map(({ id, edition }) => {
          const used = usage.get(id)
          return {
            RegistryId: id,
            NamespaceCount: used?.get('namespaces')?.used ?? 0,
            RepositoryCount: used?.get('repositories')?.used ?? 0,
            TagCount: tags.get(id) ?? 0,
            StoredBytes: used?.get('bytes')?.used ?? 0,
            LimitBytes: used?.get('bytes')?.quota ?? null,
            Quotas: quotasOf(edition, used),
          }
        }),
        TotalCount: total,
      }
    }),
  ]
}
