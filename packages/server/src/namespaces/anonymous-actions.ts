// Own action: what anybody may pull from an instance without a login.

import { describeInstanceAnonymousAccess } from '@entrepot/contract/entrepot/instances.ts'
import { reachFor } from '../actions/authority.ts'
import { type Handler, read } from '../actions/define.ts'
import { countPullsOf, recentMs } from '../audit/recent-pulls.ts'
import { listNamespaceNumbers } from './statistics.ts'

/** As the declaration has it. */
const maxNamespaces = 1000

export const anonymousAccessHandlers: readonly Handler[] = [
  read(describeInstanceAnonymousAccess, async (call) => {
    const { ground, instance, nowMs } = call
    const { heavy } = ground.db
    const reach = await reachFor(call, 'tcr:DescribeNamespaces', `repository/${instance.id}/`)
    const page = { offset: 0, limit: maxNamespaces }
    const filter = { reach, names: [], isPublic: true }
    const { namespaces } = await listNamespaceNumbers(heavy, instance.id, filter, page)
    const within = {
      ownerUin: instance.ownerUin,
      instanceId: instance.id,
      since: nowMs - recentMs,
    }
    return {
      EnableAnonymous: instance.allowsAnonymousPull,
      Namespaces: namespaces.map(({ name, repositories }) => ({
        NamespaceName: name,
        RepositoryCount: repositories,
      })),
      RecentPulls: await countPullsOf(heavy, 'anonymous', within),
    }
  }),
]
