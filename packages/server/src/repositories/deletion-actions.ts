// Own actions: what deleting a repository or a namespace would take, and who uses it.

import {
  describeNamespaceDeletion,
  describeRepositoryDeletion,
} from '@entrepot/contract/entrepot/deletions.ts'
import { reachFor } from '../actions/authority.ts'
import { type Handler, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import { countPulls, countPullsOf, recentMs } from '../audit/recent-pulls.ts'
import type { Queryable } from '../db/database.ts'
import { findCoveredTag } from '../immutability/queries.ts'
import { namespaceUnknown } from '../namespaces/namespaces.ts'
import { listNamespaceNumbers } from '../namespaces/statistics.ts'
import type { Reach } from '../policies/reach.ts'
import { getBinDays } from '../recycle-bin/deletions.ts'
import { weighBin } from '../recycle-bin/queries.ts'
import { repositoryUnknown } from './repositories.ts'
import { listRepositoryNumbers } from './statistics.ts'

const namedRepositories = 10
const one = { offset: 0, limit: 1 }
/** The action itself was allowed on what it names. */
const everything: Reach = { kind: 'all' }

export const deletionHandlers: readonly Handler[] = [
  read(describeRepositoryDeletion, async ({ ground, db, instance, input, nowMs }) => {
    const { heavy } = ground.db
    const path = `${input.NamespaceName}/${input.RepositoryName}`
    const filter = { reach: everything, namespace: undefined, paths: [path] }
    const { repositories } = await listRepositoryNumbers(heavy, instance.id, filter, one)
    const [repository] = repositories
    if (!repository) throw repositoryUnknown(path)
    const { ownerUin, id: instanceId } = instance
    const { id } = await db
      .selectFrom('repositories')
      .select('id')
      .where('instance_id', '=', instance.id)
      .where('path', '=', path)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow()
    const covered = await findCoveredTag(heavy, { id, path })
    const pulls = await countPulls(heavy, { ownerUin, instanceId, path, since: nowMs - recentMs })
    return {
      TagCount: repository.tags,
      ManifestCount: repository.manifests,
      StoredBytes: repository.bytes,
      ImmutableTag: covered?.tag ?? null,
      BinDays: await getBinDays(db, instanceId),
      RecentPulls: [...pulls.values()].reduce((sum, count) => sum + count, 0),
      LastPullTime: timeOrNull(repository.lastPulledAt),
      LastPushTime: timeOrNull(repository.lastPushedAt),
    }
  }),

  read(describeNamespaceDeletion, async (call) => {
    const { ground, instance, input, nowMs } = call
    const { heavy } = ground.db
    const { NamespaceName: name } = input
    const filter = { reach: everything, names: [name] }
    const { namespaces } = await listNamespaceNumbers(heavy, instance.id, filter, one)
    const [namespace] = namespaces
    if (!namespace) throw namespaceUnknown(name)
    const { repositories } = await listRepositoryNumbers(
      heavy,
      instance.id,
      {
        reach: await reachFor(call, 'tcr:DescribeRepositories', `repository/${instance.id}/`),
        namespace: name,
        paths: [],
      },
      { offset: 0, limit: namedRepositories },
    )
    const since = nowMs - recentMs
    const { ownerUin, id: instanceId } = instance
    const within = { ownerUin, since, instanceId, namespace: name }
    const bin = await weighBin(heavy, instanceId, namespace.id)
    return {
      IsPublic: namespace.isPublic,
      RepositoryCount: namespace.repositories,
      Repositories: repositories.map(({ path }) => path.slice(name.length + 1)),
      TagCount: namespace.tags,
      StoredBytes: namespace.bytes,
      BinDays: await getBinDays(call.db, instanceId),
      BinCount: bin.count,
      BinBytes: bin.heldBytes,
      RecentPulls: await sumUsedPulls(heavy, within),
      RecentAnonymousPulls: await countPullsOf(heavy, 'anonymous', within),
      ServiceAccountCount: await countServiceAccounts(heavy, namespace.id),
    }
  }),
]

/** From the days that are metered: to the day, and without the last hour. */
async function sumUsedPulls(
  db: Queryable,
  within: {
    readonly since: number
    readonly instanceId: string
    readonly namespace: string
  },
): Promise<number> {
  const { pulls } = await db
    .selectFrom('usage_days')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('pulls'), eb.lit(0)).as('pulls'))
    .where('instance_id', '=', within.instanceId)
    .where('namespace', '=', within.namespace)
    .where('day', '>=', isoUtc(within.since).slice(0, 10))
    .executeTakeFirstOrThrow()
  return Number(pulls)
}

async function countServiceAccounts(db: Queryable, namespaceId: string): Promise<number> {
  const { count } = await db
    .selectFrom('service_account_permissions')
    .select((eb) => eb.fn.count<number>('service_account_id').distinct().as('count'))
    .where('namespace_id', '=', namespaceId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoUtc(ms)
}
