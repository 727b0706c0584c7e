// Own action: the first page's figures.

import type { ActionReply } from '@entrepot/contract/action.ts'
import { describeOverview } from '@entrepot/contract/entrepot/overview.ts'
import { mayDo, reachFor } from '../actions/authority.ts'
import { type Handler, type ReadCall, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import { type InstanceRecord, listInstances } from '../instances/queries.ts'
import { wireStatus } from '../instances/states.ts'
import type { TagCounts } from '../instances/tag-counts.ts'
import { type JobFilter, listJobs } from '../job-list/queries.ts'
import { listUsage, type Metric } from '../quotas/quotas.ts'
import {
  type Ending,
  endingInstances,
  failedJobsBackMs,
  listEndingServiceAccounts,
  listNearlyUsedNamespaces,
  type NearlyUsed,
  nearlyUsedOf,
} from './overview.ts'

/** As the declaration has it. */
const maxNamed = 20
/** An account has ten in a region. */
const maxInstances = 1000

type Call = ReadCall<typeof describeOverview>
type Reply = ActionReply<typeof describeOverview>

export function overviewHandlers(tagCounts: TagCounts): readonly Handler[] {
  return [
    read(describeOverview, async (call) => {
      const { ground, nowMs } = call
      const { heavy } = ground.db
      const instances = await visibleInstances(call)
      const ids = instances.map(({ id }) => id)
      const usage = await listUsage(heavy, ids)
      const tags = await tagCounts.of(heavy, ids)
      const sum = (metric: Metric) =>
        ids.reduce((total, id) => total + (usage.get(id)?.get(metric)?.used ?? 0), 0)
      const near = [
        ...nearlyUsedOf(instances, usage),
        ...(await listNearlyUsedNamespaces(heavy, instances)),
      ].sort((a, b) => b.used / b.limit - a.used / a.limit)
      const ending = await listEnding(call, instances)
      return {
        ...(await jobsOf(call)),
        InstanceCount: instances.length,
        InstanceStates: countStates(instances, nowMs),
        NamespaceCount: sum('namespaces'),
        RepositoryCount: sum('repositories'),
        TagCount: [...tags.values()].reduce((total, count) => total + count, 0),
        StoredBytes: sum('bytes'),
        NearlyUsedQuotas: near.slice(0, maxNamed).map(quotaToWire),
        NearlyUsedQuotaCount: near.length,
        EndingCredentials: ending.slice(0, maxNamed).map(endingToWire),
        EndingCredentialCount: ending.length,
      }
    }),
  ]
}

async function visibleInstances(call: Call): Promise<readonly InstanceRecord[]> {
  const { ground, actor, input } = call
  const filter = {
    ownerUin: actor.ownerUin,
    reach: await reachFor(call, 'tcr:DescribeInstances', 'instance/'),
    region: input.RegionName || undefined,
    ids: [],
    names: [],
  }
  const page = { offset: 0, limit: maxInstances }
  return (await listInstances(ground.db.heavy, filter, page)).instances
}

/** Service accounts are there for whoever may list them. */
async function listEnding(
  call: Call,
  instances: readonly InstanceRecord[],
): Promise<readonly Ending[]> {
  const ids: string[] = []
  for (const { id } of instances) {
    if (await mayDo(call, 'tcr:DescribeServiceAccounts', [`instance/${id}`])) ids.push(id)
  }
  const accounts = await listEndingServiceAccounts(call.ground.db.heavy, ids, call.nowMs)
  return [...accounts, ...endingInstances(instances, call.nowMs)].sort((a, b) => a.at - b.at)
}

async function jobsOf(
  call: Call,
): Promise<Pick<Reply, 'FailedJobs' | 'FailedJobCount' | 'RunningJobCount'>> {
  const { ground, actor, nowMs } = call
  const filter: JobFilter = {
    ownerUin: actor.ownerUin,
    reach: await reachFor(call, 'tcr:DescribeJobs', 'instance/'),
    instanceId: undefined,
    kinds: [],
    states: ['failed'],
    endedSince: nowMs - failedJobsBackMs,
  }
  const page = { offset: 0, limit: maxNamed }
  const failed = await listJobs(ground.db.heavy, filter, page)
  const running = await listJobs(
    ground.db.heavy,
    { ...filter, states: ['waiting', 'running'], endedSince: undefined },
    { offset: 0, limit: 0 },
  )
  return {
    FailedJobs: failed.jobs.map((job) => ({
      JobId: job.id,
      Kind: job.kind,
      RegistryId: job.instance_id,
      Reason: job.error,
      EndTime: isoUtc(job.ended_at ?? job.created_at),
    })),
    FailedJobCount: failed.total,
    RunningJobCount: running.total,
  }
}

function countStates(instances: readonly InstanceRecord[], nowMs: number) {
  const counts = new Map<string, number>()
  for (const row of instances) {
    const standing = {
      state: row.state,
      chargeType: row.charge_type,
      renewFlag: row.renew_flag,
      expiresAt: row.expires_at,
    }
    const status = wireStatus(standing, nowMs)
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  return [...counts].map(([Status, Count]) => ({ Status, Count }))
}

function quotaToWire(quota: NearlyUsed): Reply['NearlyUsedQuotas'][number] {
  return {
    RegistryId: quota.instance.id,
    RegistryName: quota.instance.name,
    NamespaceName: quota.namespace,
    Name: quota.name,
    Used: quota.used,
    Limit: quota.limit,
  }
}

function endingToWire(ending: Ending): Reply['EndingCredentials'][number] {
  return {
    Kind: ending.kind === 'instance' ? 'Instance' : 'ServiceAccount',
    RegistryId: ending.instanceId,
    RegistryName: ending.instanceName,
    Name: ending.name,
    ExpireTime: isoUtc(ending.at),
  }
}
