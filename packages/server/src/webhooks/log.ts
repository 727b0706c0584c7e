// The log: what triggers sent, and what came back.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import type { DeliveryState } from '../db/schema-webhooks.ts'
import type { Delivery } from './deliveries.ts'
import { scheduleSending } from './sending.ts'
import { byHandStep, retryLane } from './webhooks.ts'

export type LoggedDelivery = Delivery & { readonly trigger_number: number }

interface LogFilter {
  readonly namespaceId: string
  readonly number?: number
  readonly state?: DeliveryState | undefined
}

function selectLog(db: Queryable, { namespaceId, number, state }: LogFilter) {
  let query = db
    .selectFrom('webhook_deliveries as d')
    .innerJoin('webhook_triggers as t', 't.id', 'd.trigger_id')
    .where('t.namespace_id', '=', namespaceId)
  if (number !== undefined) query = query.where('t.number', '=', number)
  if (state !== undefined) query = query.where('d.state', '=', state)
  return query
}

/** Newest first. */
export async function listDeliveries(
  db: Queryable,
  filter: LogFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly deliveries: readonly LoggedDelivery[] }> {
  const { total } = await selectLog(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const deliveries = await selectLog(db, filter)
    .selectAll('d')
    .select('t.number as trigger_number')
    .orderBy('d.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), deliveries }
}

/** Throws RESOURCE_NOT_FOUND. */
export async function getDelivery(
  db: Queryable,
  namespaceId: string,
  id: number,
): Promise<LoggedDelivery> {
  const found = await selectLog(db, { namespaceId })
    .selectAll('d')
    .select('t.number as trigger_number')
    .where('d.id', '=', id)
    .executeTakeFirst()
  if (found) return found
  throw new ApiError('RESOURCE_NOT_FOUND', {
    message: {
      en: `there is no delivery ${id}, or its log entry has been removed`,
      zh: `没有投递任务 ${id}，或其日志已被清理`,
    },
  })
}

/** Newest first. */
export function listAttempts(db: Queryable, deliveryId: number) {
  return db
    .selectFrom('webhook_attempts')
    .selectAll()
    .where('delivery_id', '=', deliveryId)
    .orderBy('number', 'desc')
    .execute()
}

/** The last of each trigger. */
export async function findLastDeliveries(
  db: Queryable,
  triggerIds: readonly string[],
): Promise<ReadonlyMap<string, Delivery>> {
  if (triggerIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('webhook_deliveries as d')
        .select((of) => of.fn.max('d.id').as('id'))
        .where('d.trigger_id', 'in', triggerIds)
        .groupBy('d.trigger_id'),
    )
    .execute()
  return new Map(rows.map((row) => [row.trigger_id, row]))
}

export async function countWaitingOf(
  db: Queryable,
  triggerIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (triggerIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('webhook_deliveries')
    .select((eb) => ['trigger_id', eb.fn.countAll<number>().as('count')])
    .where('trigger_id', 'in', triggerIds)
    .where('state', '=', 'pending')
    .groupBy('trigger_id')
    .execute()
  return new Map(rows.map(({ trigger_id, count }) => [trigger_id, Number(count)]))
}

/** Once more and at once, whatever became of it. Throws OPERATION_DENIED where there is nowhere to send it. */
export async function redeliver(tx: Tx, delivery: Delivery, at: number): Promise<void> {
  const target = await tx
    .selectFrom('webhook_targets as a')
    .innerJoin('webhook_triggers as t', 't.id', 'a.trigger_id')
    .select(['a.is_on', 't.is_on as is_trigger_on'])
    .where('a.id', '=', delivery.target_id)
    .executeTakeFirst()
  if (!target || target.is_on === 0 || target.is_trigger_on === 0) throw nowhere(delivery)
  await tx
    .updateTable('webhook_deliveries')
    .set({
      state: 'pending',
      lane: retryLane,
      // One that still has its back-off before it keeps what is left of it.
      ...(delivery.state !== 'pending' && { step: byHandStep }),
      next_attempt_at: at,
      updated_at: at,
    })
    .where('id', '=', delivery.id)
    .execute()
  await scheduleSending(tx, { target: delivery.target_id, lane: retryLane }, at)
}

function nowhere({ address }: Delivery): ApiError {
  return new ApiError('OPERATION_DENIED', {
    message: {
      en: `${address} is no target of the trigger, or it is off: switch it on first`,
      zh: `${address} 已不是该触发器的目标或已关闭，请先开启`,
    },
  })
}
