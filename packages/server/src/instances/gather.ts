// Brings an instance's bytes to the backend where it lies, blob by blob, while pushes and pulls go on. New pushes go
// there from the moment that the instance's row names it; what lies elsewhere is served from there until it is copied.
//
//   step of one blob                       a crash leaves                     who cleans
//   1 bytes under a new key, compared      an object that no row names        the sweep of orphans
//     with the digest on their way
//   2 one transaction: the copy's row      nothing                            –
//     names the new key, the old one is
//     condemned
//   3 the old bytes                        a condemned key                    the sweep of condemned keys
//
// Between 1 and 2 the blob may have been removed, pushed anew or moved by somebody else: then the copy's row is not
// what it was, and the new key is condemned instead. The instance may be sent elsewhere meanwhile (a cancelled move):
// then the row still names the bytes, wherever they are, and the next round takes them on. Nothing is told apart by
// which move it belongs to, so that whatever was stopped at any step goes on by looking again.

import { createHash } from 'node:crypto'
import { type Digest, digestAlgorithm, digestHex } from '@entrepot/oci/digest.ts'
import { condemnObjects } from '../blobs/publish.ts'
import type { Clock } from '../clock.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { lockForUpdate } from '../db/forms.ts'
import { copyObject } from '../storage/copy.ts'
import { type Driver, StorageError } from '../storage/driver.ts'
import { newBlobKey, type Stores } from '../storage/stores.ts'

const batchSize = 200
/** Enough to keep a disk or a connection busy while another blob is hashed. */
const parallelCopies = 4
/** As for pushes: until its row names it, two sweeps a grace period apart would take the new object. */
const maxUnnamedMs = 30 * 60_000
/** Told by name; further ones are only counted. */
const maxNamed = 20

export interface Gatherer {
  readonly db: Pick<Database, 'read' | 'heavy' | 'write'>
  readonly clock: Clock
  readonly stores: Stores
}

export interface Gathered {
  readonly moved: number
  /** Digests of which the old backend holds no good bytes. */
  readonly lost: readonly string[]
}

/** One round over all of the instance's blobs. Throws StorageError where a store does not answer. */
export async function gatherBlobs(
  gatherer: Gatherer,
  instanceId: string,
  signal: AbortSignal,
): Promise<Gathered> {
  let moved = 0
  const lost: string[] = []
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const targetId = await findBackendOf(gatherer.db.read, instanceId)
    if (targetId === undefined) return { moved, lost }
    const copies = await listElsewhere(gatherer.db.heavy, { instanceId, targetId, after })
    const last = copies.at(-1)
    if (!last) return { moved, lost }
    const target = { backendId: targetId, driver: await gatherer.stores.driver(targetId) }
    await inParallel(copies, async (copy) => {
      const outcome = await moveCopy(gatherer, { copy, target, instanceId }, signal)
      if (outcome === 'moved') moved += 1
      else if (outcome === 'lost' && lost.length < maxNamed) lost.push(copy.digest)
    })
    after = last.digest
  }
}

/** Stops at the first failure, and throws it when nothing runs any more. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>) {
  const waiting = items.values()
  let failure: { readonly error: unknown } | undefined
  const worker = async () => {
    for (const item of waiting) {
      if (failure) return
      await work(item).catch((error: unknown) => {
        failure ??= { error }
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallelCopies, items.length) }, worker))
  if (failure) throw failure.error
}

async function findBackendOf(db: Queryable, instanceId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('instances')
    .select('backend_id')
    .where('id', '=', instanceId)
    .executeTakeFirst()
  return row?.backend_id
}

interface Copy {
  readonly id: string
  readonly blob_id: string
  readonly backend_id: string
  readonly key: string
  readonly digest: string
  readonly stored_bytes: number
}

function listElsewhere(
  db: Queryable,
  { instanceId, targetId, after }: { instanceId: string; targetId: string; after: string },
): Promise<Copy[]> {
  return db
    .selectFrom('blobs as b')
    .innerJoin('blob_copies as c', 'c.blob_id', 'b.id')
    .select(['c.id', 'c.blob_id', 'c.backend_id', 'c.key', 'c.stored_bytes', 'b.digest'])
    .where('b.instance_id', '=', instanceId)
    .where('b.digest', '>', after)
    .where('c.backend_id', '!=', targetId)
    .orderBy('b.digest')
    .limit(batchSize)
    .execute()
}

interface Move {
  readonly copy: Copy
  readonly target: { readonly backendId: string; readonly driver: Driver }
  readonly instanceId: string
}

async function moveCopy(
  gatherer: Gatherer,
  move: Move,
  signal: AbortSignal,
): Promise<'moved' | 'lost' | 'changed'> {
  const { clock, db, stores } = gatherer
  const { copy, target } = move
  signal.throwIfAborted()
  const key = newBlobKey()
  const digest = copy.digest as Digest
  const source = await stores.driver(copy.backend_id)
  try {
    const isWhole = await copyObject(
      {
        source,
        from: copy.key,
        target: target.driver,
        to: key,
        hash: createHash(digestAlgorithm(digest)),
        isRight: (hash) => hash.digest('hex') === digestHex(digest),
      },
      signal,
    )
    if (!isWhole) return (await isStill(db.read, copy)) ? 'lost' : 'changed'
  } catch (error) {
    const isMissing = error instanceof StorageError && error.fault === 'missing'
    if (!isMissing) throw error
    return (await isStill(db.read, copy)) ? 'lost' : 'changed'
  }
  const untilMs = clock.now() + maxUnnamedMs
  return db.write(async (tx) => {
    if (clock.now() > untilMs) throw new StorageError('unavailable', 'the process stood still')
    return nameNewKey(tx, move, key, await clock.deployment(tx))
  })
}

/** It was not swept, pushed anew or moved since it was listed. */
async function isStill(db: Queryable, copy: Copy): Promise<boolean> {
  const row = await db
    .selectFrom('blob_copies')
    .select('id')
    .where('id', '=', copy.id)
    .where('key', '=', copy.key)
    .executeTakeFirst()
  return row !== undefined
}

async function nameNewKey(
  tx: Tx,
  { copy, target, instanceId }: Move,
  key: string,
  at: number,
): Promise<'moved' | 'changed'> {
  await lockForUpdate(tx, 'blobs', [copy.blob_id])
  const renamed = await tx
    .updateTable('blob_copies')
    .set({ backend_id: target.backendId, key, state: 'present', verified_at: at })
    .where('id', '=', copy.id)
    .where('backend_id', '=', copy.backend_id)
    .where('key', '=', copy.key)
    .executeTakeFirst()
  const isMoved = renamed.numUpdatedRows > 0n
  const unused = isMoved
    ? { backendId: copy.backend_id, key: copy.key }
    : { backendId: target.backendId, key }
  await condemnObjects(tx, [unused], at)
  if (!isMoved) return 'changed'
  // A copy that was marked damaged and is whole heals its blob.
  await tx
    .updateTable('blobs')
    .set({ state: 'present' })
    .where('id', '=', copy.blob_id)
    .where('state', '=', 'damaged')
    .execute()
  await tx
    .updateTable('storage_moves')
    .set((eb) => ({
      moved_blobs: eb('moved_blobs', '+', 1),
      moved_bytes: eb('moved_bytes', '+', copy.stored_bytes),
    }))
    .where('instance_id', '=', instanceId)
    .where('state', '=', 'running')
    .execute()
  return 'moved'
}

export interface Elsewhere {
  readonly blobs: number
  readonly bytes: number
  readonly uploads: number
}

/** What does not lie where the instance lies. Slow where there is much: asked of `heavy`. */
export async function countElsewhere(db: Queryable, instanceId: string): Promise<Elsewhere> {
  const here = db.selectFrom('instances').select('backend_id').where('id', '=', instanceId)
  const copies = await db
    .selectFrom('blobs as b')
    .innerJoin('blob_copies as c', 'c.blob_id', 'b.id')
    .select(({ fn }) => [
      fn.countAll<number>().as('blobs'),
      fn.sum<number>('c.stored_bytes').as('bytes'),
    ])
    .where('b.instance_id', '=', instanceId)
    .where('c.backend_id', 'not in', here)
    .executeTakeFirstOrThrow()
  const { uploads } = await db
    .selectFrom('uploads')
    .select(({ fn }) => fn.countAll<number>().as('uploads'))
    .where('instance_id', '=', instanceId)
    .where('backend_id', 'not in', here)
    .executeTakeFirstOrThrow()
  return {
    blobs: Number(copies.blobs),
    bytes: Number(copies.bytes ?? 0),
    uploads: Number(uploads),
  }
}
