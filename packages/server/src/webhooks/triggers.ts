// Triggers of namespaces, and their targets.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Selectable } from 'kysely'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { isUniqueViolation } from '../db/forms.ts'
import { newId } from '../db/ids.ts'
import { nextNumber } from '../db/numbering.ts'
import type { WebhookTriggersTable } from '../db/schema-webhooks.ts'
import { stopWaiting } from './deliveries.ts'
import { switchedOn, type Target } from './targets.ts'
import { type BodyFormat, maxTriggersPerNamespace, pullEvents, type WireEvent } from './webhooks.ts'

export interface TriggerText {
  readonly name: string
  readonly description: string
  readonly events: readonly WireEvent[]
  readonly condition: string
  readonly isOn: boolean
  readonly targets: readonly { readonly address: string; readonly headers: Uint8Array }[]
}

export type TriggerRow = Selectable<WebhookTriggersTable>

function toColumns(text: TriggerText) {
  return {
    name: text.name,
    description: text.description,
    event_types: JSON.stringify([...new Set(text.events)]),
    wants_pulls: text.events.some((event) => pullEvents.includes(event)) ? 1 : 0,
    condition: text.condition,
    is_on: text.isOn ? 1 : 0,
  }
}

export interface TriggerMaker {
  readonly at: number
  readonly by: string
  /** Sealed. */
  readonly secret: Uint8Array
  /** By which the maker reached the instance. */
  readonly host: string
}

/** Throws TRIGGER_EXISTS, LIMIT_EXCEEDED. Returns its number. */
export async function insertTrigger(
  tx: Tx,
  namespaceId: string,
  text: TriggerText,
  { at, by, secret, host }: TriggerMaker,
): Promise<number> {
  await assertFree(tx, namespaceId, text.name)
  await assertRoom(tx, namespaceId)
  const id = newId()
  const number = await nextNumber(tx, 'webhook-trigger')
  const inserted = await tx
    .insertInto('webhook_triggers')
    .values({
      id,
      number,
      namespace_id: namespaceId,
      ...toColumns(text),
      body_format: 'tcr',
      host,
      secret,
      last_sequence: 0,
      created_at: at,
      created_by: by,
      updated_at: at,
    })
    .onConflict((oc) => oc.columns(['namespace_id', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) throw triggerExists(text.name)
  for (const [position, target] of text.targets.entries()) {
    await insertTarget(tx, id, target, position)
  }
  return number
}

async function assertFree(tx: Tx, namespaceId: string, name: string, but = ''): Promise<void> {
  const taken = await tx
    .selectFrom('webhook_triggers')
    .select('id')
    .where('namespace_id', '=', namespaceId)
    .where('name', '=', name)
    .where('id', '<>', but)
    .executeTakeFirst()
  if (taken) throw triggerExists(name)
}

/** Two who come at once may both find room: a trigger more than the limit hurts nobody. */
async function assertRoom(tx: Tx, namespaceId: string): Promise<void> {
  const { count } = await tx
    .selectFrom('webhook_triggers')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('namespace_id', '=', namespaceId)
    .executeTakeFirstOrThrow()
  if (Number(count) < maxTriggersPerNamespace) return
  throw new ApiError('LIMIT_EXCEEDED', {
    message: {
      en: `a namespace has at most ${maxTriggersPerNamespace} triggers`,
      zh: `每个命名空间最多 ${maxTriggersPerNamespace} 个触发器`,
    },
  })
}

async function insertTarget(
  tx: Tx,
  triggerId: string,
  target: TriggerText['targets'][number],
  position: number,
): Promise<void> {
  await tx
    .insertInto('webhook_targets')
    .values({
      id: newId(),
      trigger_id: triggerId,
      position,
      address: target.address,
      headers: target.headers,
      ...switchedOn(),
    })
    .execute()
}

/**
 * Replaces it. A target whose address stays is the same target, with what waits for it; what waits for one that goes is
 * stopped, as is everything when the trigger is turned off. One that is turned on has all its targets on.
 */
export async function updateTrigger(
  tx: Tx,
  trigger: TriggerRow,
  text: TriggerText,
  at: number,
): Promise<void> {
  await assertFree(tx, trigger.namespace_id, text.name, trigger.id)
  try {
    await tx
      .updateTable('webhook_triggers')
      .set({ ...toColumns(text), updated_at: at })
      .where('id', '=', trigger.id)
      .execute()
  } catch (error) {
    // Another change took the name between the two statements.
    if (isUniqueViolation(error)) throw triggerExists(text.name)
    throw error
  }
  const before = await listTargets(tx, [trigger.id])
  const kept = new Set(text.targets.map(({ address }) => address))
  const gone = before.filter(({ address }) => !kept.has(address)).map(({ id }) => id)
  if (!text.isOn) await stopWaiting(tx, { triggerId: trigger.id }, turnedOff, at)
  else await stopWaiting(tx, { triggerId: trigger.id, targetIds: gone }, targetGone, at)
  if (gone.length > 0) await tx.deleteFrom('webhook_targets').where('id', 'in', gone).execute()
  const isTurnedOn = text.isOn && trigger.is_on === 0
  for (const [position, target] of text.targets.entries()) {
    const same = before.find(({ address }) => address === target.address)
    if (!same) await insertTarget(tx, trigger.id, target, position)
    else {
      const { headers } = target
      await tx
        .updateTable('webhook_targets')
        .set({ position, headers, ...(isTurnedOn && switchedOn()) })
        .where('id', '=', same.id)
        .execute()
    }
  }
}

const turnedOff = 'the trigger was turned off'
const targetGone = 'the target was removed from the trigger'

export async function deleteTrigger(tx: Tx, triggerId: string): Promise<void> {
  await tx.deleteFrom('webhook_triggers').where('id', '=', triggerId).execute()
}

/** Throws RESOURCE_NOT_FOUND. */
export async function getTrigger(
  db: Queryable,
  namespaceId: string,
  number: number,
): Promise<TriggerRow> {
  const row = await db
    .selectFrom('webhook_triggers')
    .selectAll()
    .where('namespace_id', '=', namespaceId)
    .where('number', '=', number)
    .executeTakeFirst()
  if (row) return row
  throw new ApiError('RESOURCE_NOT_FOUND', {
    message: {
      en: `the namespace has no trigger ${number}`,
      zh: `命名空间没有触发器 ${number}`,
    },
  })
}

/** In order. */
export function listTargets(db: Queryable, triggerIds: readonly string[]): Promise<Target[]> {
  if (triggerIds.length === 0) return Promise.resolve([])
  return db
    .selectFrom('webhook_targets')
    .selectAll()
    .where('trigger_id', 'in', triggerIds)
    .orderBy('position')
    .execute()
}

export interface TriggerFilter {
  readonly namespace?: string | undefined
  readonly number?: number | undefined
  readonly search?: string | undefined
  readonly event?: WireEvent | undefined
  readonly isFailing?: boolean | undefined
}

export type ListedTrigger = TriggerRow & {
  readonly namespace: string
  readonly namespace_number: number
}

/** By namespace and name. */
export async function listTriggers(
  db: Queryable,
  instanceId: string,
  filter: TriggerFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly triggers: readonly ListedTrigger[] }> {
  let matching = db
    .selectFrom('webhook_triggers as t')
    .innerJoin('namespaces as n', 'n.id', 't.namespace_id')
    .where('n.instance_id', '=', instanceId)
    .where('n.deleted_at', 'is', null)
  const { namespace, number, search, event, isFailing } = filter
  if (namespace) matching = matching.where('n.name', '=', namespace)
  if (number !== undefined) matching = matching.where('t.number', '=', number)
  if (search) matching = matching.where('t.name', 'like', likePattern(search))
  // The words hold no quote: each stands quoted in the list.
  if (event) matching = matching.where('t.event_types', 'like', `%"${event}"%`)
  if (isFailing) {
    matching = matching.where((eb) =>
      eb.exists(
        eb
          .selectFrom('webhook_targets as a')
          .select('a.id')
          .whereRef('a.trigger_id', '=', 't.id')
          .where('a.failing_since', 'is not', null),
      ),
    )
  }
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const triggers = await matching
    .selectAll('t')
    .select((eb) => [
      'n.name as namespace',
      eb.fn.coalesce('n.number', eb.lit(0)).as('namespace_number'),
    ])
    .orderBy('n.name')
    .orderBy('t.name')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), triggers }
}

/** Names hold `_`, which is any character to LIKE: finding a little more than was meant does no harm. */
function likePattern(text: string): string {
  return `%${text.toLowerCase().replaceAll('%', '')}%`
}

export async function setBodyFormat(tx: Tx, triggerId: string, format: BodyFormat, at: number) {
  await tx
    .updateTable('webhook_triggers')
    .set({ body_format: format, updated_at: at })
    .where('id', '=', triggerId)
    .execute()
}

export async function setSecret(tx: Tx, triggerId: string, sealed: Uint8Array, at: number) {
  await tx
    .updateTable('webhook_triggers')
    .set({ secret: sealed, updated_at: at })
    .where('id', '=', triggerId)
    .execute()
}

function triggerExists(name: string): ApiError {
  return new ApiError('TRIGGER_EXISTS', {
    message: {
      en: `notification policy named ${name} already exists`,
      zh: `命名空间中已有名为 ${name} 的触发器`,
    },
    detail: { name },
  })
}
