// Makes deliveries of what happened: which triggers hear of it, under which number, to which targets.

import { batches } from '../db/batches.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { type Condition, compileCondition } from './condition.ts'
import { countWaiting, insertDeliveries, type NewDelivery } from './deliveries.ts'
import { chartKey, findCharts, type Happening, wireEvent } from './happenings.ts'
import { bodyOf, contentTypes, type Told } from './payload.ts'
import { scheduleSending } from './sending.ts'
import { laneOf, maxWaitingPerTarget, type Trigger, type WireEvent } from './webhooks.ts'

/** A repository with the triggers that are on over it. */
interface Watched {
  readonly instanceId: string
  /** Undefined: there is no base domain, and each trigger says by which host it was made. */
  readonly host: string | undefined
  readonly namespace: string
  readonly path: string
  readonly isPublic: boolean
  readonly createdAtMs: number
  readonly triggers: readonly Trigger[]
}

type Numbered = Omit<Told, 'sequence' | 'eventId'>

export interface Naming {
  readonly baseDomain: string | undefined
}

export async function enqueue(
  tx: Tx,
  happenings: readonly Happening[],
  at: number,
  naming: Naming,
): Promise<void> {
  const watched = await listWatched(tx, [...new Set(happenings.map((h) => h.repositoryId))], naming)
  const heard = happenings.filter(({ repositoryId }) => watched.has(repositoryId))
  if (heard.length === 0) return
  const charts = await findCharts(tx, heard)
  const matches = conditions()
  const byTrigger = new Map<string, { trigger: Trigger; told: Numbered[] }>()
  for (const happening of heard) {
    const place = watched.get(happening.repositoryId)
    for (const trigger of place?.triggers ?? []) {
      const own = byTrigger.get(trigger.id) ?? { trigger, told: [] }
      byTrigger.set(trigger.id, own)
      if (place) own.told.push(...tell(happening, place, trigger, { charts, matches }))
    }
  }
  // In one order, so that two who number events of the same triggers don't wait for each other.
  for (const id of [...byTrigger.keys()].sort()) {
    const own = byTrigger.get(id)
    if (own && own.told.length > 0) await enqueueFor(tx, own.trigger, own.told, at)
  }
}

function tell(
  happening: Happening,
  place: Watched,
  trigger: Trigger,
  by: {
    readonly charts: ReadonlySet<string>
    readonly matches: (condition: string) => Condition
  },
): Numbered[] {
  const { kind, atMs, operator, pulls, repositoryId } = happening
  const name = place.path.slice(place.namespace.length + 1)
  const matches = by.matches(trigger.condition)
  const { triggers: _, ...where } = place
  return [false, true].flatMap((isChart): Numbered[] => {
    const event: WireEvent = wireEvent(kind, isChart)
    if (!trigger.events.includes(event)) return []
    const resources = happening.resources.filter(
      ({ digest, tag }) =>
        by.charts.has(chartKey(repositoryId, digest)) === isChart && matches(name, tag),
    )
    if (resources.length === 0) return []
    const host = where.host ?? trigger.host
    return [
      { ...where, host, event, atMs, operator, resources, ...(pulls !== undefined && { pulls }) },
    ]
  })
}

/** The same condition of one batch is compiled once, and asked once about the same image. */
function conditions(): (condition: string) => Condition {
  const known = new Map<string, Condition>()
  return (text) => {
    const found = known.get(text)
    if (found) return found
    const compiled = compileCondition(text)
    const answers = new Map<string, boolean>()
    const remembering: Condition = (repository, tag) => {
      const key = `${repository}:${tag}`
      const answer = answers.get(key) ?? compiled(repository, tag)
      answers.set(key, answer)
      return answer
    }
    known.set(text, remembering)
    return remembering
  }
}

async function enqueueFor(
  tx: Tx,
  trigger: Trigger,
  told: readonly Numbered[],
  at: number,
): Promise<void> {
  const first = await takeSequence(tx, trigger.id, told.length)
  if (first === undefined) return
  const numbered = told.map((one, n) => ({ ...one, eventId: newId(), sequence: first + n }))
  const bodies = numbered.map((one) => bodyOf(one, trigger.bodyFormat))
  const targets = await tx
    .selectFrom('webhook_targets')
    .select(['id', 'address'])
    .where('trigger_id', '=', trigger.id)
    .where('is_on', '=', 1)
    .orderBy('position')
    .execute()
  for (const target of targets) {
    const room = maxWaitingPerTarget - (await countWaiting(tx, target.id))
    const rows = numbered.map((one, n): NewDelivery => {
      const fits = n < room
      return {
        triggerId: trigger.id,
        target,
        lane: laneOf(one.path),
        eventId: one.eventId,
        sequence: one.sequence,
        event: one.event,
        repository: one.path,
        tag: one.resources[0]?.tag ?? '',
        contentType: contentTypes[trigger.bodyFormat],
        body: bodies[n] ?? '',
        problem: fits
          ? undefined
          : `more than ${maxWaitingPerTarget} requests wait for this target`,
        at,
      }
    })
    await insertDeliveries(tx, rows)
    const lanes = new Set(rows.filter((row) => row.problem === undefined).map(({ lane }) => lane))
    for (const lane of lanes) await scheduleSending(tx, { target: target.id, lane }, at)
  }
}

/** The first of as many numbers; undefined: the trigger was deleted meanwhile. */
async function takeSequence(tx: Tx, id: string, count: number): Promise<number | undefined> {
  const row = await tx
    .updateTable('webhook_triggers')
    .set((eb) => ({ last_sequence: eb('last_sequence', '+', count) }))
    .where('id', '=', id)
    .returning('last_sequence')
    .executeTakeFirst()
  return row && row.last_sequence - count + 1
}

async function listWatched(
  db: Queryable,
  repositoryIds: readonly string[],
  { baseDomain }: Naming,
): Promise<ReadonlyMap<string, Watched>> {
  const watched = new Map<string, Watched & { triggers: Trigger[] }>()
  for (const ids of batches(repositoryIds)) {
    for (const row of await selectWatched(db, ids)) {
      const place = watched.get(row.repository_id) ?? {
        instanceId: row.instance_id,
        host: baseDomain ? `${row.instance_name}.${baseDomain}` : undefined,
        namespace: row.namespace,
        path: row.path,
        isPublic: row.is_public === 1,
        createdAtMs: row.created_at,
        triggers: [],
      }
      watched.set(row.repository_id, place)
      place.triggers.push({
        id: row.id,
        number: row.number,
        namespaceId: row.namespace_id,
        events: JSON.parse(row.event_types),
        condition: row.condition,
        bodyFormat: row.body_format,
        host: row.host,
      })
    }
  }
  return watched
}

/** By the repository's row, so that the last events of a namespace that is just being deleted are told of too. */
function selectWatched(db: Queryable, repositoryIds: readonly string[]) {
  return db
    .selectFrom('repositories as r')
    .innerJoin('webhook_triggers as t', 't.namespace_id', 'r.namespace_id')
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .innerJoin('instances as i', 'i.id', 'r.instance_id')
    .select(['r.id as repository_id', 'r.path', 'r.created_at', 'n.name as namespace'])
    .select(['i.id as instance_id', 'i.name as instance_name'])
    .select((eb) => eb.fn.coalesce('r.is_public', 'n.is_public').as('is_public'))
    .select([
      't.id',
      't.number',
      't.namespace_id',
      't.event_types',
      't.condition',
      't.body_format',
      't.host',
    ])
    .where('r.id', 'in', repositoryIds)
    .where('t.is_on', '=', 1)
    .orderBy('t.number')
    .execute()
}
