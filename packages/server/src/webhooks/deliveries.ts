// The rows of what is on its way, and of what was sent.

import type { Selectable } from 'kysely'
import { batches } from '../db/batches.ts'
import type { Queryable, Tx } from '../db/database.ts'
import type { WebhookDeliveriesTable } from '../db/schema-webhooks.ts'
import { backOffMs, byHandStep, lastStep, retryLane, type WireEvent } from './webhooks.ts'

export type Delivery = Selectable<WebhookDeliveriesTable>

export interface NewDelivery {
  readonly triggerId: string
  readonly target: { readonly id: string; readonly address: string }
  readonly lane: number
  readonly eventId: string
  readonly sequence: number
  readonly event: WireEvent
  readonly repository: string
  readonly tag: string
  readonly contentType: string
  readonly body: string
  /** Why it is never sent by itself. */
  readonly problem: string | undefined
  readonly at: number
}

/** Their ids ascend in the order of the list. */
export async function insertDeliveries(tx: Tx, rows: readonly NewDelivery[]): Promise<void> {
  for (const batch of batches(rows)) {
    await tx.insertInto('webhook_deliveries').values(batch.map(toRow)).execute()
  }
}

function toRow(row: NewDelivery) {
  return {
    trigger_id: row.triggerId,
    target_id: row.target.id,
    address: row.target.address,
    lane: row.lane,
    event_id: row.eventId,
    sequence: row.sequence,
    event_type: row.event,
    repository: row.repository,
    tag: row.tag,
    content_type: row.contentType,
    body: row.body,
    is_test: 0,
    state: row.problem === undefined ? ('pending' as const) : ('stopped' as const),
    attempts: 0,
    step: 0,
    next_attempt_at: null,
    status: null,
    duration_ms: null,
    problem: row.problem ?? null,
    created_at: row.at,
    updated_at: row.at,
  }
}

export async function countWaiting(db: Queryable, targetId: string): Promise<number> {
  const { waiting } = await db
    .selectFrom('webhook_deliveries')
    .select((eb) => eb.fn.countAll<number>().as('waiting'))
    .where('target_id', '=', targetId)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow()
  return Number(waiting)
}

export interface Lane {
  readonly target: string
  readonly lane: number
}

/** The next of the lane; of the lane of retries the one that is due longest. */
export function findNext(db: Queryable, { target, lane }: Lane, now: number) {
  const waiting = db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('target_id', '=', target)
    .where('lane', '=', lane)
    .where('state', '=', 'pending')
    .limit(1)
  return lane === retryLane
    ? waiting.where('next_attempt_at', '<=', now).orderBy('next_attempt_at').executeTakeFirst()
    : waiting.orderBy('id').executeTakeFirst()
}

/** When the next retry at the target is due; undefined: none waits. */
export async function findNextRetryAt(
  db: Queryable,
  targetId: string,
): Promise<number | undefined> {
  const { at } = await db
    .selectFrom('webhook_deliveries')
    .select((eb) => eb.fn.min('next_attempt_at').as('at'))
    .where('target_id', '=', targetId)
    .where('lane', '=', retryLane)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow()
  return at ?? undefined
}

/** What came of an attempt. */
export interface Outcome {
  readonly startedAt: number
  readonly durationMs: number
  readonly status: number | null
  /** Undefined: it succeeded. */
  readonly problem: string | undefined
  readonly requestHeaders: string
  readonly responseHeaders: string | null
  readonly responseBody: string | null
  readonly isCut: boolean
}

/** Of one delivery; older ones go. */
const keptAttempts = 20

/** When it is sent again, undefined where it ended; nothing at all where it was deleted meanwhile. */
export async function recordOutcome(
  tx: Tx,
  delivery: Delivery,
  outcome: Outcome,
  at: number,
): Promise<{ readonly retryAt: number | undefined } | undefined> {
  const number = delivery.attempts + 1
  const delay = outcome.problem === undefined ? undefined : backOffMs[delivery.step]
  const retryAt = delay === undefined ? undefined : at + delay
  const ended = outcome.problem === undefined ? ('finished' as const) : ('error' as const)
  const updated = await tx
    .updateTable('webhook_deliveries')
    .set({
      attempts: number,
      step: Math.min(delivery.step + 1, lastStep),
      lane: retryLane,
      next_attempt_at: retryAt ?? null,
      // What was stopped while it was under way stays so where it would be sent again.
      ...(retryAt === undefined && { state: ended }),
      status: outcome.status,
      duration_ms: outcome.durationMs,
      problem: outcome.problem ?? null,
      updated_at: at,
    })
    .where('id', '=', delivery.id)
    .returning('id')
    .executeTakeFirst()
  if (!updated) return undefined
  await insertAttempt(tx, delivery.id, { ...outcome, number, byHand: delivery.step === byHandStep })
  await tx
    .deleteFrom('webhook_attempts')
    .where('delivery_id', '=', delivery.id)
    .where('number', '<=', number - keptAttempts)
    .execute()
  return { retryAt }
}

export async function insertAttempt(
  tx: Tx,
  deliveryId: number,
  outcome: Outcome & { readonly number: number; readonly byHand: boolean },
): Promise<void> {
  await tx
    .insertInto('webhook_attempts')
    .values({
      delivery_id: deliveryId,
      number: outcome.number,
      at: outcome.startedAt,
      duration_ms: outcome.durationMs,
      by_hand: outcome.byHand ? 1 : 0,
      status: outcome.status,
      problem: outcome.problem ?? null,
      request_headers: outcome.requestHeaders,
      response_headers: outcome.responseHeaders,
      response_body: outcome.responseBody,
      is_cut: outcome.isCut ? 1 : 0,
    })
    .execute()
}

/** Those that wait are not sent any more; returns how many that were. */
export async function stopWaiting(
  tx: Tx,
  of: { readonly triggerId: string; readonly targetIds?: readonly string[] },
  why: string,
  at: number,
): Promise<number> {
  if (of.targetIds?.length === 0) return 0
  let query = tx
    .updateTable('webhook_deliveries')
    .set({ state: 'stopped', problem: why, next_attempt_at: null, updated_at: at })
    .where('trigger_id', '=', of.triggerId)
    .where('state', '=', 'pending')
  if (of.targetIds) query = query.where('target_id', 'in', of.targetIds)
  const { numUpdatedRows } = await query.executeTakeFirst()
  return Number(numUpdatedRows)
}

/** For metrics; asked through `Database.heavy`. */
export async function webhookGauges(
  db: Queryable,
): Promise<{ readonly waiting: number; readonly failingTargets: number }> {
  const { waiting } = await db
    .selectFrom('webhook_deliveries')
    .select((eb) => eb.fn.countAll<number>().as('waiting'))
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow()
  const { failing } = await db
    .selectFrom('webhook_targets')
    .select((eb) => eb.fn.countAll<number>().as('failing'))
    .where('failing_since', 'is not', null)
    .executeTakeFirstOrThrow()
  return { waiting: Number(waiting), failingTargets: Number(failing) }
}
