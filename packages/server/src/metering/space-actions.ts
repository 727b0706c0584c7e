// Own action: what takes the space of an instance.

import { describeSpaceUsage } from '@entrepot/contract/entrepot/metering.ts'
import { reachFor } from '../actions/authority.ts'
import { type Handler, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import type { Clock } from '../clock.ts'
import { listNamespaceNumbers } from '../namespaces/statistics.ts'
import { getUsage } from '../quotas/quotas.ts'
import { RepositorySpace } from './space.ts'

/** As the declaration has it. */
const maxNamespaces = 1000

export function spaceHandlers(clock: Clock): readonly Handler[] {
  const repositorySpace = new RepositorySpace(clock)
  return [
    read(describeSpaceUsage, async (call) => {
      const { ground, db, instance, input } = call
      const { heavy } = ground.db
      const root = `repository/${instance.id}/`
      const namespace = input.NamespaceName || undefined
      const { repositories, total, countedAt } = await repositorySpace.of(heavy, {
        instanceId: instance.id,
        namespace,
        reach: await reachFor(call, describeSpaceUsage.permission, root),
        top: input.Top,
      })
      const seen = await reachFor(call, 'tcr:DescribeNamespaces', root)
      const { namespaces } = await listNamespaceNumbers(
        heavy,
        instance.id,
        { reach: seen, names: namespace === undefined ? [] : [namespace] },
        { offset: 0, limit: maxNamespaces },
      )
      // What the rest of the instance holds is nothing for who may not list it.
      const isWhole = seen.kind === 'all' && namespace === undefined
      const largestFirst = [...namespaces].sort((a, b) => b.bytes - a.bytes)
      return {
        StoredBytes: isWhole
          ? await getUsage(db, instance.id, 'bytes')
          : namespaces.reduce((sum, { bytes }) => sum + bytes, 0),
        Namespaces: largestFirst.map(({ name, bytes }) => ({
          NamespaceName: name,
          StoredBytes: bytes,
        })),
        Repositories: repositories.map(({ path, bytes }) => ({
          NamespaceName: path.slice(0, path.indexOf('/')),
          RepositoryName: path.slice(path.indexOf('/') + 1),
          StoredBytes: bytes,
        })),
        RepositoryCount: total,
        CountTime: isoUtc(countedAt),
      }
    }),
  ]
}
