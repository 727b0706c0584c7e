// The clean-up of the Personal edition: an account's one rule, each day, over all its namespaces.

import { systemOrigin } from '../audit/origin.ts'
import type { Clock } from '../clock.ts'
import type { Tx } from '../db/database.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { getPersonalInstance } from '../personal/instance.ts'
import {
  findLifecycleRule,
  type LifecycleRule,
  lifecycleRevision,
  listDueLifecycleRules,
  listOwnNamespaces,
  setNextLifecycleRun,
} from '../personal/lifecycle-rules.ts'
import type { RuleItem } from './retention.ts'
import { findOpenRun, startRun } from './runs.ts'
import { nextRunAt } from './schedule.ts'

interface Ground {
  readonly clock: Clock
  readonly region: string
  readonly timeZone: string
}

export async function startPersonalRuns(
  ground: Ground,
  job: Pick<JobContext, 'db' | 'write' | 'signal'>,
): Promise<void> {
  const now = await ground.clock.deployment(job.db.read)
  const due = await listDueLifecycleRules(job.db.read, now)
  if (due.length === 0) return
  const instance = await getPersonalInstance(job.db.read, ground.region)
  for (const { owner_uin: ownerUin } of due) {
    job.signal.throwIfAborted()
    await job.write((tx) => startForAccount(tx, ground, { instanceId: instance.id, ownerUin }))
  }
}

async function startForAccount(
  tx: Tx,
  { clock, timeZone }: Ground,
  { instanceId, ownerUin }: { readonly instanceId: string; readonly ownerUin: number },
): Promise<void> {
  const at = await clock.deployment(tx)
  const rule = await findLifecycleRule(tx, ownerUin)
  if (!rule) return
  const isDue = rule.next_run_at !== null && rule.next_run_at <= at
  await setNextLifecycleRun(tx, ownerUin, nextRunAt('daily', at, timeZone))
  if (!isDue) return
  for (const namespaceId of await listOwnNamespaces(tx, instanceId, ownerUin)) {
    if (await findOpenRun(tx, namespaceId)) continue
    await startRun(tx, {
      instanceId,
      namespaceId,
      ruleNumber: undefined,
      items: [itemOf(rule)],
      revision: lifecycleRevision(rule),
      startedBy: 'time',
      isDry: false,
      by: systemOrigin('retention').actor,
      ownerUin,
      at,
    })
  }
}

/** There a chart is an artifact as any other. */
function itemOf({ kind, value }: LifecycleRule): RuleItem {
  const keep =
    kind === 'keep-tags'
      ? ({ kind: 'newest', count: value } as const)
      : ({ kind: 'days', days: value } as const)
  return { keep, withCharts: true }
}
