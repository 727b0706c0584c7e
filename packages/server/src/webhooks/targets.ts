// How a target does: failing since when, switched off after a day of failures, switched on again.

import type { Selectable } from 'kysely'
import { recordAudit } from '../audit/audit.ts'
import { systemOrigin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import type { WebhookTargetsTable } from '../db/schema-webhooks.ts'
import { stopWaiting } from './deliveries.ts'
import { deadAfterMs } from './webhooks.ts'

export type Target = Selectable<WebhookTargetsTable>

export interface SendingTarget extends Target {
  readonly secret: Uint8Array
  readonly number: number
}

/** Undefined: there is nothing to send to, for it or its trigger is off or gone. */
export function findSendingTarget(
  db: Queryable,
  targetId: string,
): Promise<SendingTarget | undefined> {
  return db
    .selectFrom('webhook_targets as a')
    .innerJoin('webhook_triggers as t', 't.id', 'a.trigger_id')
    .selectAll('a')
    .select(['t.secret', 't.number'])
    .where('a.id', '=', targetId)
    .where('a.is_on', '=', 1)
    .where('t.is_on', '=', 1)
    .executeTakeFirst()
}

export async function noteSuccess(tx: Tx, targetId: string): Promise<void> {
  await tx
    .updateTable('webhook_targets')
    .set({ failing_since: null, problem: null })
    .where('id', '=', targetId)
    .where('failing_since', 'is not', null)
    .execute()
}

/** Switches it off where nothing has succeeded for a day; the audit log tells of it. */
export async function noteFailure(
  tx: Tx,
  targetId: string,
  problem: string,
  at: number,
): Promise<void> {
  const target = await tx
    .updateTable('webhook_targets')
    .set((eb) => ({ failing_since: eb.fn.coalesce('failing_since', eb.val(at)), problem }))
    .where('id', '=', targetId)
    .returning(['trigger_id', 'failing_since', 'is_on', 'address'])
    .executeTakeFirst()
  if (!target || target.is_on === 0 || at - (target.failing_since ?? at) < deadAfterMs) return
  await tx
    .updateTable('webhook_targets')
    .set({ is_on: 0, off_at: at })
    .where('id', '=', targetId)
    .execute()
  const why = 'the target was switched off after a day of failures'
  const dropped = await stopWaiting(
    tx,
    { triggerId: target.trigger_id, targetIds: [targetId] },
    why,
    at,
  )
  const trigger = await tx
    .selectFrom('webhook_triggers as t')
    .innerJoin('namespaces as n', 'n.id', 't.namespace_id')
    .select(['t.name', 'n.name as namespace', 'n.instance_id'])
    .where('t.id', '=', target.trigger_id)
    .executeTakeFirstOrThrow()
  await recordAudit(tx, {
    at,
    instanceId: trigger.instance_id,
    origin: systemOrigin('webhooks'),
    action: 'tcr:ModifyWebhookTrigger',
    resource: `${trigger.namespace}/${trigger.name}`,
    reference: new URL(target.address).host,
    result: 'ok',
    reason: `${why}: ${problem}; ${dropped} waiting requests were stopped`,
  })
}

export function switchedOn() {
  return { is_on: 1, off_at: null, failing_since: null, problem: null }
}
