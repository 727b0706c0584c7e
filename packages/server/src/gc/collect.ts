// Taking away what nothing names any more, while pushes and pulls go on. Only rows are decided here; bytes
// follow by their condemned keys (`objects.ts`).
//
// A blob's link to a repository goes when no manifest row of the repository (those in the bin included) names it
// (`links.ts`); a blob goes when no repository holds it (`unheld-blobs.ts`). Each needs two sweeps that saw it
// unreferenced, a grace period apart, and no claim in between: a HEAD that told a pusher "it is here" keeps it for
// as long. Interleavings, each driven by a test (`races.test.ts`), and all short histories of the
// steps by `histories.test.ts`:
//
//   push publishes / sweep removes     both lock the blob's row first. Push first: `claimed_at` is fresh and
//                                      the sweep, looking again under its lock, leaves it. Sweep first: the
//                                      row is gone and the push inserts a new one with its own bytes.
//   HEAD says 200 / sweep removes      the HEAD renews a claim older than half the grace period before it
//                                      answers, and looks for the link again under the claim's lock; the
//                                      sweep wants a claim older than the whole.
//   mount / sweep removes              the mount claims the blob in its transaction: as a publish.
//   manifest names it / sweep removes  the manifest's transaction locks blob and link (KEY SHARE) until its
//                                      references can be seen; the sweep locks blobs FOR UPDATE and looks again.
//   tag moves or goes / sweep          a tag holds a manifest, not a blob; no sweep here takes a manifest for
//                                      having no tag.
//   delete / sweep                     a deleted manifest's references hold its blobs as those of a live one
//                                      do, until its row goes.
//   restore / purge of the same row    both lock the manifest's row; who comes second sees that it is gone, or
//                                      no longer deleted. While the row is there so are its references, so
//                                      what comes back is whole.
//   child of an index / purge          a child's references go with its own row, and a deleted child (in the bin
//                                      as well) is no live one: a put of an index that names it notes it as not
//                                      present. A live child of a live index is never deleted.
//   referrer / its subject comes       the sweep of referrers locks the repository, so a put of the subject has
//                                      either committed and is seen, or begins after (`referrers.ts`).
//   storage moves / sweep removes      both lock the blob's row. Sweep first: the move finds no copy's row and
//                                      condemns the bytes it wrote. Move first: the row that the sweep removes
//                                      names the new key, the old one is condemned already.
//
// A batch locks many blobs, in the order of their digests as a manifest's transaction does, and decides each for
// itself: that the ones beside it went changes nothing for it.

import type { Clock } from '../clock.ts'
import type { Database, Queryable } from '../db/database.ts'
import type { Log } from '../log.ts'
import { sweepLinks } from './links.ts'
import { Pace } from './pace.ts'
import { askOperator, findConsent, isTooMuch } from './questions.ts'
import { Tally } from './tally.ts'
import { sweepUnheldBlobs } from './unheld-blobs.ts'

export interface Collector {
  readonly db: Pick<Database, 'read' | 'heavy' | 'write'>
  readonly clock: Clock
  readonly log: Log
  readonly graceMs: number
  /** Left out: as fast as it can. */
  readonly pace?: Pace
}

/** Which part of the deployment a sweep is about, and where it counts. */
export interface SweepScope {
  /** Left out: all. */
  readonly instanceId?: string | undefined
  readonly tally?: Tally
}

export interface Collected {
  readonly links: number
  readonly blobs: number
  readonly bytes: number
  /** Bytes that were left because they are too many to be right. */
  readonly suspiciousBytes: number
}

/** When a sweep looked, and what must have happened before what to be old enough. */
export interface Sight {
  readonly now: number
  readonly before: number
  /** Only what was first seen until then goes. */
  readonly seenUntil: number
}

/** What the parts of a sweep share. */
export interface Sweep {
  readonly db: Collector['db']
  readonly sight: Sight
  readonly pace: Pace
  readonly tally: Tally
  readonly instanceId: string | undefined
  readonly signal: AbortSignal
}

/** One sweep over links and blobs. Stops between batches when the signal says so. */
export async function collectBlobs(
  collector: Collector,
  signal: AbortSignal,
  { instanceId, tally = new Tally() }: SweepScope = {},
): Promise<Collected> {
  const { db, clock, graceMs, pace = new Pace(clock) } = collector
  const now = await clock.deployment(db.read)
  const sight = { now, before: now - graceMs, seenUntil: now - graceMs }
  const sweep = { db, sight, pace, tally, instanceId, signal }
  const before = tally.total
  await sweepLinks(sweep)
  const suspiciousBytes = await askAboutBlobs(collector, sight)
  const consent = suspiciousBytes > 0 ? await findConsent(db.read) : Number.POSITIVE_INFINITY
  const seenUntil = Math.min(sight.seenUntil, consent)
  await sweepUnheldBlobs({ ...sweep, sight: { ...sight, seenUntil } })
  const { links, blobs, bytes } = tally.total
  return {
    links: links - before.links,
    blobs: blobs - before.blobs,
    bytes: bytes - before.bytes,
    suspiciousBytes,
  }
}

/** Bytes for whose removal this sweep needs the operator; 0 when it may go on. Always asked of all instances. */
async function askAboutBlobs(collector: Collector, sight: Sight): Promise<number> {
  const { db, log } = collector
  const all = await sumBlobs(db.heavy, undefined)
  const ripe = await sumBlobs(db.heavy, { ...sight, seenAfter: await findConsent(db.read) })
  if (!isTooMuch(ripe, all)) {
    await askOperator(db, 'blobs', undefined)
    return 0
  }
  log.error(
    'many blobs are named by nothing any more; they are kept. If that is right, run ' +
      '`entrepot verify --sweep-orphans` to agree to their removal',
    { blobs: ripe.count, bytes: ripe.bytes, ofBytes: all.bytes },
  )
  await askOperator(db, 'blobs', {
    about: 'blobs',
    reason: 'more than a tenth',
    ...ripe,
    ofBytes: all.bytes,
    askedAt: sight.now,
  })
  return ripe.bytes
}

async function sumBlobs(
  db: Queryable,
  ripe: (Sight & { readonly seenAfter: number }) | undefined,
): Promise<{ count: number; bytes: number }> {
  let query = db
    .selectFrom('blobs as b')
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      fn.sum<number>('b.size_bytes').as('sum'),
    ])
  if (ripe) {
    query = query
      .where('b.claimed_at', '<', ripe.before)
      .where('b.unreferenced_at', '<=', ripe.seenUntil)
      .where('b.unreferenced_at', '>', ripe.seenAfter)
  }
  const { count, sum } = await query.executeTakeFirstOrThrow()
  return { count: Number(count), bytes: Number(sum ?? 0) }
}
