// What needs attention in the instances that somebody may see: quotas, jobs, and what ends soon.

import { sql } from 'kysely'
import type { Queryable } from '../db/database.ts'
import { payInAdvance, renewsItself } from '../instances/prepaid.ts'
import type { InstanceRecord } from '../instances/queries.ts'
import { type QuotaName, quotasOf } from '../instances/quotas.ts'
import type { Metric, Used } from '../quotas/quotas.ts'

export const nearlyUsedShare = 0.7
const dayMs = 86_400_000
export const failedJobsBackMs = 7 * dayMs
const endingAheadMs = 14 * dayMs
const endedBackMs = 7 * dayMs

export interface NearlyUsed {
  readonly instance: InstanceRecord
  readonly namespace: string | null
  readonly name: QuotaName
  readonly used: number
  readonly limit: number
}

type Usage = ReadonlyMap<string, ReadonlyMap<Metric, Used>>

/** Of the instances themselves. */
export function nearlyUsedOf(
  instances: readonly InstanceRecord[],
  usage: Usage,
): readonly NearlyUsed[] {
  return instances.flatMap((instance) =>
    quotasOf(instance.edition, usage.get(instance.id)).flatMap((quota) => {
      const { Name: name, Used: used, Limit: limit } = quota
      const isNear = limit !== null && used > 0 && used >= limit * nearlyUsedShare
      return isNear ? [{ instance, namespace: null, name, used, limit }] : []
    }),
  )
}

/** Bytes of namespaces that have a quota of their own. */
export async function listNearlyUsedNamespaces(
  db: Queryable,
  instances: readonly InstanceRecord[],
): Promise<readonly NearlyUsed[]> {
  if (instances.length === 0) return []
  const { rows } = await sql<{ name: string; instance_id: string; used: number; quota: number }>`
    select n.name, n.instance_id, c.quota, cast(c.value + coalesce((select sum(d.delta)
      from counter_deltas d where d.scope_id = n.id and d.metric = 'bytes'), 0) as bigint) as used
    from namespaces n join counters c on c.scope_id = n.id and c.metric = 'bytes'
    where n.instance_id in (${sql.join(instances.map(({ id }) => id))})
      and n.deleted_at is null and c.quota is not null`.execute(db)
  const byId = new Map(instances.map((instance) => [instance.id, instance]))
  return rows.flatMap((row) => {
    const [used, limit] = [Number(row.used), row.quota]
    const instance = byId.get(row.instance_id)
    if (!instance || used === 0 || used < limit * nearlyUsedShare) return []
    return [{ instance, namespace: row.name, name: 'StoredBytes' as const, used, limit }]
  })
}

export interface Ending {
  readonly kind: 'service-account' | 'instance'
  readonly instanceId: string
  readonly instanceName: string
  readonly name: string
  readonly at: number
}

/** Service accounts that can log in still, or could until a few days ago, the first to end first. */
export async function listEndingServiceAccounts(
  db: Queryable,
  instanceIds: readonly string[],
  now: number,
): Promise<readonly Ending[]> {
  if (instanceIds.length === 0) return []
  const rows = await db
    .selectFrom('service_accounts as s')
    .innerJoin('instances as i', 'i.id', 's.instance_id')
    .select(['s.instance_id', 'i.name as instance_name', 's.name', 's.expires_at'])
    .where('s.instance_id', 'in', instanceIds)
    .where('s.disabled_at', 'is', null)
    .where('s.expires_at', '>', now - endedBackMs)
    .where('s.expires_at', '<=', now + endingAheadMs)
    .orderBy('s.expires_at')
    .orderBy('s.id')
    .limit(maxEnding)
    .execute()
  return rows.map((row) => ({
    kind: 'service-account',
    instanceId: row.instance_id,
    instanceName: row.instance_name,
    name: row.name,
    at: row.expires_at ?? 0,
  }))
}

/** Beyond these the count says so many. */
const maxEnding = 1000

/** Prepaid ones that don't renew themselves. */
export function endingInstances(instances: readonly InstanceRecord[], now: number): Ending[] {
  return instances.flatMap(({ id, name, charge_type, renew_flag, expires_at: at }) => {
    if (charge_type !== payInAdvance || renew_flag === renewsItself || at === null) return []
    if (at <= now - endedBackMs || at > now + endingAheadMs) return []
    return [{ kind: 'instance' as const, instanceId: id, instanceName: name, name, at }]
  })
}
