// Bytes in the stores that no row names. Two kinds: condemned keys, whose row went in the transaction that
// wrote them down, and orphans, which a crash left between the bytes and the row. An orphan goes only after
// two listings, at least a grace period apart, in which no row named it.
//
// A sweep that would take more than a tenth of the bytes asks the operator (`questions.ts`). So does one that
// finds bytes written while, by this database, nobody ran: then yesterday's database stands over today's store,
// and until the operator has agreed it deletes nothing at all.

import { condemnObjects } from '../blobs/publish.ts'
import type { Clock } from '../clock.ts'
import { batches } from '../db/batches.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { forgetRests, listRests, minRestMs, type Rest } from '../jobs/rests.ts'
import type { Log } from '../log.ts'
import type { Driver, ObjectStat } from '../storage/driver.ts'
import type { Stores } from '../storage/stores.ts'
import { type Page, reportMissing } from './missing-objects.ts'
import {
  askOperator,
  findConsent,
  isTooMuch,
  listQuestions,
  olderThanStore,
  type Question,
} from './questions.ts'
import { visitStores } from './visit-stores.ts'

const batchSize = 500
const listPage = 1000

/** A pull that read the blob's row just before it went still finds the bytes. */
export const deleteDelayMs = 10 * 60_000

/** What was written may be missing from a listing for so long. */
const listingLagMs = 10 * 60_000

export interface ObjectSweeper {
  readonly db: Pick<Database, 'read' | 'heavy' | 'write'>
  readonly clock: Clock
  readonly stores: Stores
  readonly log: Log
  readonly graceMs: number
}

interface OpenStore {
  readonly backendId: string
  readonly driver: Driver
}

/**
 * Deletes the bytes of condemned keys, of one instance or of all; what a store refuses stays for the next time.
 * Returns how many went.
 */
export async function deleteCondemned(
  sweeper: ObjectSweeper,
  signal: AbortSignal,
  instanceId?: string,
): Promise<number> {
  let deleted = 0
  await visitStores(sweeper.stores, signal, async (driver, backendId) => {
    deleted += await deleteCondemnedOf(sweeper, { driver, backendId, instanceId }, signal)
  })
  return deleted
}

async function deleteCondemnedOf(
  { db, clock, log }: ObjectSweeper,
  { driver, backendId, instanceId }: OpenStore & { readonly instanceId: string | undefined },
  signal: AbortSignal,
): Promise<number> {
  const before = (await clock.deployment(db.read)) - deleteDelayMs
  let deleted = 0
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const rows = await db.read
      .selectFrom('condemned_objects')
      .select(['id', 'key'])
      .where('backend_id', '=', backendId)
      .where('condemned_at', '<=', before)
      .where('id', '>', after)
      .$if(instanceId !== undefined, (query) => query.where('instance_id', '=', instanceId ?? ''))
      .orderBy('id')
      .limit(batchSize)
      .execute()
    const last = rows.at(-1)
    if (!last) return deleted
    after = last.id
    const results = await driver.deleteMany(
      rows.map((row) => row.key),
      signal,
    )
    const failed = new Map(
      results.flatMap((result) => (result.error ? [[result.key, result.error] as const] : [])),
    )
    const gone = rows.filter((row) => !failed.has(row.key))
    if (failed.size > 0) {
      const [[key, error]] = [...failed] as [[string, Error]]
      log.warn('some condemned objects could not be deleted', { count: failed.size, key, error })
    }
    if (gone.length === 0) continue
    const ids = gone.map((row) => row.id)
    await db.write((tx) => tx.deleteFrom('condemned_objects').where('id', 'in', ids).execute())
    deleted += gone.length
  }
}

export interface OrphanSweep {
  readonly listed: number
  readonly condemned: number
  /** Orphans that were left because the operator is to be asked. */
  readonly suspicious: number
  /** Rows whose object is gone. What they told is for `verify` to say and for people to mend: nothing is guessed. */
  readonly missing: number
}

/** One listing of each store against the rows, or only of these. */
export async function sweepOrphans(
  sweeper: ObjectSweeper,
  signal: AbortSignal,
  only?: ReadonlySet<string>,
): Promise<OrphanSweep> {
  const { db, clock, stores } = sweeper
  const rests = await listRests(db.read)
  const now = await clock.deployment(db.read)
  const total = { listed: 0, condemned: 0, suspicious: 0, missing: 0 }
  let isOlder = false
  await visitStores(stores, signal, async (driver, backendId) => {
    if (only && !only.has(backendId)) return
    const listing = { driver, backendId, rests, now }
    const { question, listed, condemned, missing } = await sweepStore(sweeper, listing, signal)
    total.listed += listed
    total.missing += missing
    total.condemned += condemned
    total.suspicious += question?.count ?? 0
    isOlder ||= question?.reason === olderThanStore
  })
  const looked = only ? [] : rests.filter((rest) => isListed(rest, now))
  if (!isOlder && looked.length > 0) await db.write((tx) => forgetRests(tx, looked))
  return total
}

/** What was written in the rest shows in a listing by now. */
function isListed(rest: Rest, now: number): boolean {
  return rest.to + listingLagMs <= now
}

/** Why nothing may be deleted now: the store was not looked at since a rest, or holds what it shouldn't. */
export async function findHold(
  db: Queryable,
  now: number,
): Promise<'to be listed' | 'listed too early' | 'operator' | undefined> {
  const rests = await listRests(db)
  if (rests.length === 0) return undefined
  const questions = await listQuestions(db)
  if (questions.some((question) => question.reason === olderThanStore)) return 'operator'
  return rests.some((rest) => isListed(rest, now)) ? 'to be listed' : 'listed too early'
}

interface Listing extends OpenStore {
  readonly rests: readonly Rest[]
  readonly now: number
}

interface Orphan extends ObjectStat {
  readonly firstSeenAt: number
}

async function sweepStore(
  sweeper: ObjectSweeper,
  listing: Listing,
  signal: AbortSignal,
): Promise<{
  listed: number
  condemned: number
  missing: number
  question: Question | undefined
}> {
  const { db, graceMs } = sweeper
  const { driver, backendId, rests, now } = listing
  const consent = await findConsent(db.read)
  const ripe: Orphan[] = []
  const all = { count: 0, bytes: 0 }
  const unexplained = { count: 0, bytes: 0 }
  let missing = 0
  for await (const page of pages(driver, signal)) {
    add(all, page.objects)
    missing += await reportMissing(sweeper, listing, page, signal)
    const orphans = await sightOrphans(db, { ...listing, page })
    const unasked = orphans.filter((orphan) => orphan.firstSeenAt > consent)
    add(
      unexplained,
      unasked.filter((orphan) => rests.some((rest) => isWithin(orphan, rest))),
    )
    ripe.push(...orphans.filter((orphan) => orphan.firstSeenAt <= now - graceMs))
  }
  const unasked = ripe.filter((orphan) => orphan.firstSeenAt > consent)
  const taken = add({ count: 0, bytes: 0 }, unasked)
  const question: Question | undefined =
    unexplained.count > 0
      ? { ...questionOf(all, now), ...unexplained, reason: olderThanStore }
      : isTooMuch(taken, all)
        ? { ...questionOf(all, now), ...taken, reason: 'more than a tenth' }
        : undefined
  await ask(sweeper, backendId, question)
  const agreed = question ? ripe.filter((orphan) => orphan.firstSeenAt <= consent) : ripe
  for (const batch of batches(agreed)) {
    const keys = batch.map((orphan) => orphan.key)
    await db.write((tx) => condemnOrphans(tx, backendId, keys, now))
  }
  return { listed: all.count, condemned: agreed.length, missing, question }
}

function add(amount: { count: number; bytes: number }, objects: readonly ObjectStat[]) {
  amount.count += objects.length
  for (const object of objects) amount.bytes += object.sizeBytes
  return amount
}

/** What is written in the first minutes of a rest was begun before it. */
function isWithin({ modifiedAtMs }: ObjectStat, rest: Rest): boolean {
  return modifiedAtMs > rest.from + minRestMs && modifiedAtMs < rest.to
}

function questionOf(all: { readonly bytes: number }, now: number) {
  return { about: 'objects', ofBytes: all.bytes, askedAt: now } as const
}

async function ask(
  { db, log }: ObjectSweeper,
  backendId: string,
  question: Question | undefined,
): Promise<void> {
  await askOperator(db, `objects:${backendId}`, question)
  if (!question) return
  const { reason, count, bytes, ofBytes } = question
  log.error(
    'no row names objects of the store, and this looks wrong: is this database older than its store? They ' +
      'are kept. Restore the right database, or run `entrepot verify --sweep-orphans` to agree to their removal',
    { reason, backend: backendId, objects: count, bytes, ofBytes },
  )
}

/** Together the pages cover every key, also those that the store no longer has. */
async function* pages(driver: Driver, signal: AbortSignal): AsyncGenerator<Page> {
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const objects = await driver.list('blobs/', after || undefined, listPage, signal)
    const until = objects.at(-1)?.key
    yield { objects, after, until }
    if (until === undefined) return
    after = until
  }
}

/** Those that a copy, an upload or a condemned row names. */
async function namedKeys(
  db: Queryable,
  backendId: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const named = new Set<string>()
  for (const batch of batches(keys)) {
    for (const table of ['blob_copies', 'uploads', 'condemned_objects'] as const) {
      const rows = await db
        .selectFrom(table)
        .select('key')
        .where('backend_id', '=', backendId)
        .where('key', 'in', batch)
        .execute()
      for (const row of rows) named.add(row.key)
    }
  }
  return named
}

/** Notes new sightings, forgets keys that a row names by now or that are gone, and returns the orphans of the page. */
async function sightOrphans(
  db: ObjectSweeper['db'],
  { backendId, now, page }: Listing & { readonly page: Page },
): Promise<readonly Orphan[]> {
  const { objects, after, until } = page
  const named = await namedKeys(db.heavy, backendId, keysOf(objects))
  const orphans = objects.filter((object) => !named.has(object.key))
  const sighted = await db.read
    .selectFrom('orphan_sightings')
    .select(['key', 'first_seen_at'])
    .where('backend_id', '=', backendId)
    .where('key', '>', after)
    .$if(until !== undefined, (query) => query.where('key', '<=', until ?? ''))
    .execute()
  const seenAt = new Map(sighted.map((row) => [row.key, row.first_seen_at]))
  const isOrphan = new Set(keysOf(orphans))
  const fresh = keysOf(orphans).filter((key) => !seenAt.has(key))
  const stale = sighted.map((row) => row.key).filter((key) => !isOrphan.has(key))
  if (fresh.length > 0 || stale.length > 0) {
    await db.write((tx) => noteSightings(tx, backendId, { fresh, stale, now }))
  }
  return orphans.map((object) => ({ ...object, firstSeenAt: seenAt.get(object.key) ?? now }))
}

function keysOf(objects: readonly ObjectStat[]): readonly string[] {
  return objects.map((object) => object.key)
}

async function noteSightings(
  tx: Tx,
  backendId: string,
  change: { fresh: readonly string[]; stale: readonly string[]; now: number },
): Promise<void> {
  const { fresh, stale, now } = change
  if (fresh.length > 0) {
    await tx
      .insertInto('orphan_sightings')
      .values(fresh.map((key) => ({ backend_id: backendId, key, first_seen_at: now })))
      .onConflict((oc) => oc.columns(['backend_id', 'key']).doNothing())
      .execute()
  }
  for (const batch of batches(stale)) {
    await tx
      .deleteFrom('orphan_sightings')
      .where('backend_id', '=', backendId)
      .where('key', 'in', batch)
      .execute()
  }
}

async function condemnOrphans(
  tx: Tx,
  backendId: string,
  keys: readonly string[],
  at: number,
): Promise<void> {
  // Looked at again in the transaction: a publish may have named one since the listing.
  const named = await namedKeys(tx, backendId, keys)
  const unnamed = keys.filter((key) => !named.has(key))
  await condemnObjects(
    tx,
    unnamed.map((key) => ({ backendId, key })),
    at,
  )
  await tx
    .deleteFrom('orphan_sightings')
    .where('backend_id', '=', backendId)
    .where('key', 'in', [...keys])
    .execute()
}
