// A clean-up that was asked for: the same sweeps as those that run by themselves, of one instance, now. Asking shortens
// nothing: what has not been unnamed for long enough, or lies in the bin, stays, and the run says until when. It can be
// stopped between two batches; what went stays counted.

import { defineJob, type JobContext, type JobDefinition } from '../jobs/jobs.ts'
import { collectBlobs } from './collect.ts'
import { endExpired } from './expiry.ts'
import type { Cleaner } from './jobs.ts'
import { deleteCondemned, findHold, sweepOrphans } from './objects.ts'
import { besidePushes, Pace } from './pace.ts'
import { type PlannedItem, planCleanup } from './plan.ts'
import { purgeDeleted } from './purge.ts'
import { sweepReferrers } from './referrers.ts'
import { gcRunJob, insertItems, type Stay, updateRun } from './runs.ts'
import { type Counts, kinds, nothing, Tally } from './tally.ts'

/** Of a dry run: what people search and save. */
const maxItems = 10_000
/** So often the run's row tells how far it is. */
const tellEveryMs = 1000
/** Until this instance has told how fast it is: measured on a folder with SQLite, pushes going on. */
const thingsPerSecond = 1000

interface Asked {
  readonly runId: string
  readonly instanceId: string
  readonly isDry: boolean
}

export function gcRunJobs(cleaner: Cleaner): JobDefinition {
  return defineJob({
    kind: gcRunJob,
    parse: (payload) => payload as Asked,
    run: (context) => run(cleaner, context),
  })
}

async function run(cleaner: Cleaner, context: JobContext<Asked>): Promise<void> {
  const { runId, isDry } = context.payload
  const begunAt = await cleaner.clock.deployment(context.db.read)
  await context.write((tx) =>
    updateRun(tx, runId, { state: 'running', started_at: begunAt, at: begunAt }),
  )
  const stop = await whyNot(cleaner, context)
  if (stop) return end(cleaner, context, { went: nothing, stays: [stop] })
  if (isDry) await runDry(cleaner, context)
  else await runReal(cleaner, context)
}

/** While the clock is not to be trusted, or the database may be older than its store, nothing goes. */
async function whyNot(cleaner: Cleaner, context: JobContext): Promise<Stay | undefined> {
  const none = { count: 0, bytes: 0, dueAt: null, lastDueAt: null }
  if (await cleaner.isPaused()) {
    context.log('the clock was set: nothing goes until a grace period has passed')
    return { ...none, reason: 'clock' }
  }
  const hold = await findHold(context.db.read, await cleaner.clock.deployment(context.db.read))
  if (!hold) return undefined
  context.log('nobody ran for a while: nothing goes until the store was compared with the database')
  return { ...none, reason: hold === 'operator' ? 'operator' : 'hold' }
}

async function end(
  { clock }: Pick<Cleaner, 'clock'>,
  context: JobContext<Asked>,
  what: { readonly went: Counts; readonly stays: readonly Stay[]; readonly expected_ms?: number },
): Promise<void> {
  const at = await clock.deployment(context.db.read)
  for (const { reason, count, bytes, dueAt, lastDueAt } of what.stays) {
    if (dueAt === null || lastDueAt === null) continue
    const [first, last] = [new Date(dueAt).toISOString(), new Date(lastDueAt).toISOString()]
    context.log(`${count} things stay (${reason}, ${bytes} bytes): due from ${first} to ${last}`)
  }
  await context.write((tx) =>
    updateRun(tx, context.payload.runId, { ...what, state: 'succeeded', ended_at: at, at }),
  )
}

function plannerOf({ graceMs }: Cleaner, context: JobContext<Asked>, now: number) {
  return { db: context.db, graceMs, now, instanceId: context.payload.instanceId }
}

async function runDry(cleaner: Cleaner, context: JobContext<Asked>): Promise<void> {
  const { runId } = context.payload
  const { signal } = context
  const now = await cleaner.clock.deployment(context.db.read)
  let kept = 0
  // An earlier attempt may have begun the list.
  await context.write((tx) => tx.deleteFrom('gc_items').where('run_id', '=', runId).execute())
  const keep = async (items: readonly PlannedItem[]): Promise<void> => {
    const room = items.slice(0, maxItems - kept)
    if (room.length === 0) return
    const first = kept
    await context.write((tx) => insertItems(tx, runId, room, first))
    kept += room.length
  }
  const plan = await planCleanup(plannerOf(cleaner, context, now), signal, keep)
  const things = countOf(plan.went)
  context.log(`${things} things would go now, ${plan.went.bytes} bytes`)
  const expected = Math.ceil((things / thingsPerSecond) * 1000)
  await end(cleaner, context, { ...plan, expected_ms: expected })
}

function countOf(counts: Counts): number {
  return kinds.reduce((sum, kind) => sum + counts[kind], 0)
}

async function runReal(cleaner: Cleaner, context: JobContext<Asked>): Promise<void> {
  const { instanceId } = context.payload
  const { clock } = cleaner
  const planned = await planCleanup(
    plannerOf(cleaner, context, await clock.deployment(context.db.read)),
    context.signal,
  )
  const teller = new Teller(clock, context, countOf(planned.went))
  const { tally } = teller
  const scope = { instanceId, tally }
  const { signal } = context
  const write: JobContext['write'] = async (work) => {
    const value = await context.write(work)
    await teller.tellSoon()
    return value
  }
  const pace = new Pace(clock, besidePushes)
  const fenced = { ...cleaner, pace, db: { ...context.db, write } }
  // What a stop interrupts is counted up to there.
  try {
    await sweepReferrers(fenced, signal, scope)
    await purgeDeleted(fenced, signal, scope)
    const { suspiciousBytes } = await collectBlobs(fenced, signal, scope)
    if (suspiciousBytes > 0) teller.asks = suspiciousBytes
    tally.add(instanceId, 'uploads', await endExpired(fenced, signal, instanceId))
    tally.add(instanceId, 'objects', await deleteCondemned(fenced, signal, instanceId))
    const own = await listOwnStores(context, instanceId)
    const { condemned } = await sweepOrphans(fenced, signal, own)
    tally.add(instanceId, 'orphans', condemned)
  } catch (error) {
    await teller.tell().catch(() => undefined)
    throw error
  }
  const left = await planCleanup(
    plannerOf(cleaner, context, await clock.deployment(context.db.read)),
    signal,
  )
  await end(cleaner, context, { went: tally.of(instanceId), stays: teller.withAsked(left.stays) })
}

/** Stores that hold nothing of another instance: what is in them and named by nobody is this one's. */
async function listOwnStores({ db }: JobContext, instanceId: string): Promise<ReadonlySet<string>> {
  const rows = await db.read
    .selectFrom('storage_backends')
    .select('id')
    .where('instance_id', '=', instanceId)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Says how far the run is, in its row and in the progress of its job. */
class Teller {
  readonly tally = new Tally()
  /** Bytes that wait for the operator. */
  asks = 0
  readonly #clock: Cleaner['clock']
  readonly #context: JobContext<Asked>
  readonly #planned: number
  #toldAtMs = Number.NEGATIVE_INFINITY

  constructor(clock: Cleaner['clock'], context: JobContext<Asked>, planned: number) {
    this.#clock = clock
    this.#context = context
    this.#planned = planned
  }

  async tellSoon(): Promise<void> {
    if (this.#clock.monotonicMs() - this.#toldAtMs >= tellEveryMs) await this.tell()
  }

  async tell(): Promise<void> {
    this.#toldAtMs = this.#clock.monotonicMs()
    const { runId, instanceId } = this.#context.payload
    const went = this.tally.of(instanceId)
    const at = await this.#clock.deployment(this.#context.db.read)
    await this.#context.write((tx) => updateRun(tx, runId, { went, at }))
    const done = countOf(went)
    // What became due since it was planned makes it longer.
    await this.#context.progress({ done, total: Math.max(this.#planned, done), ...went })
  }

  withAsked(stays: readonly Stay[]): readonly Stay[] {
    if (this.asks === 0) return stays
    const none = { count: 0, dueAt: null, lastDueAt: null }
    return [...stays, { ...none, reason: 'operator', bytes: this.asks }]
  }
}
