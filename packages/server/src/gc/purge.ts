// What the recycle bin let go: its entries when their time is over, then the rows of tags, of manifests, of what a
// repository held, each in batches. A crash leaves rows that the next run finds by the same questions.
//
//   restore / release     both lock the entry first: what came back has none any more, and what was let go can't come
//                         back. The purge takes only what was let go, looking again under its lock.
//   an index in the bin   holds the manifests that it names, though their own time is over: it comes back whole.
//   push / purge          of the same manifest: both hold the row of its bytes, and look for the other's after it.

import type { Queryable, Tx } from '../db/database.ts'
import { purgeManifests as purgeRows } from '../manifests/purge.ts'
import {
  listBins,
  listOverdue,
  release,
  releaseBatch,
  releaseOverdue,
} from '../recycle-bin/release.ts'
import type { Collector, SweepScope } from './collect.ts'
import { Pace } from './pace.ts'

const batchSize = 500

type Purger = Pick<Collector, 'db' | 'clock' | 'pace'>
type Rows = Pick<Purger, 'db' | 'pace'>

/** Of one instance, or of all. Returns how many manifests went. */
export async function purgeDeleted(
  purger: Purger,
  signal: AbortSignal,
  scope: SweepScope = {},
): Promise<number> {
  await releaseAll(purger, signal, scope.instanceId)
  return purgeReleased(purger, signal, scope)
}

/** Of what was let go before, by time or by hand: asks no clock. */
export async function purgeReleased(
  purger: Rows,
  signal: AbortSignal,
  scope: SweepScope = {},
): Promise<number> {
  const ofRepositories = await purgeRepositories(purger, signal, scope)
  await purgeTags(purger, signal)
  return ofRepositories + (await purgeManifests(purger, signal, scope, listGoing))
}

async function releaseAll(
  { db, clock }: Purger,
  signal: AbortSignal,
  only: string | undefined,
): Promise<void> {
  for (const instanceId of only === undefined ? await listBins(db.heavy) : [only]) {
    for (;;) {
      signal.throwIfAborted()
      const now = await clock.deployment(db.read)
      const ids = await listOverdue(db.read, instanceId, now)
      if (ids.length > 0) await db.write((tx) => releaseOverdue(tx, instanceId, ids, now))
      if (ids.length < releaseBatch) break
    }
  }
}

/** What repositories hold that can't come back; their own rows go last, with the sweeps. */
async function purgeRepositories(
  purger: Rows,
  signal: AbortSignal,
  scope: SweepScope,
): Promise<number> {
  const { db } = purger
  const { instanceId } = scope
  let purged = 0
  for (let after = ''; ; ) {
    const rows = await db.read
      .selectFrom('repositories')
      .select('id')
      .where('id', '>', after)
      .where('deleted_at', 'is not', null)
      .where('deletion_id', 'is', null)
      .$if(instanceId !== undefined, (query) => query.where('instance_id', '=', instanceId ?? ''))
      .orderBy('id')
      .limit(batchSize)
      .execute()
    for (const { id } of rows) purged += await purgeContents(purger, signal, scope, id)
    const last = rows.at(-1)
    if (!last || rows.length < batchSize) return purged
    after = last.id
  }
}

async function purgeContents(
  purger: Rows,
  signal: AbortSignal,
  scope: SweepScope,
  id: string,
): Promise<number> {
  const { db } = purger
  await inBatches(signal, async () => {
    const rows = await db.read
      .selectFrom('deletions')
      .select('id')
      .where('repository_id', '=', id)
      .limit(releaseBatch)
      .execute()
    const ids = rows.map((row) => row.id)
    if (ids.length > 0) await db.write((tx) => release(tx, ids))
    return ids.length
  })
  await inBatches(signal, () =>
    removeTags(purger, (db) => db.selectFrom('tags').select('id').where('repository_id', '=', id)),
  )
  return purgeManifests(purger, signal, scope, (db, after) =>
    db
      .selectFrom('manifests')
      .select(['id', 'instance_id'])
      .where('repository_id', '=', id)
      .where('id', '>', after)
      .orderBy('id')
      .limit(batchSize)
      .execute(),
  )
}

function purgeTags(purger: Rows, signal: AbortSignal): Promise<void> {
  return inBatches(signal, () =>
    removeTags(purger, (db) =>
      db
        .selectFrom('tags')
        .select('id')
        .where('deleted_at', 'is not', null)
        .where('deletion_id', 'is', null),
    ),
  )
}

type SelectTags = (db: Queryable) => {
  limit(rows: number): { execute(): Promise<{ id: string }[]> }
}

async function removeTags({ db }: Rows, select: SelectTags): Promise<number> {
  const ids = (await select(db.read).limit(batchSize).execute()).map(({ id }) => id)
  if (ids.length > 0) {
    await db.write(async (tx) => {
      await tx.deleteFrom('tags').where('id', 'in', ids).execute()
    })
  }
  return ids.length
}

/** Until a batch is not full. */
async function inBatches(signal: AbortSignal, take: () => Promise<number>): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    if ((await take()) < batchSize) return
  }
}

interface Listed {
  readonly id: string
  readonly instance_id: string
}

type ListManifests = (
  db: Queryable,
  after: string,
  instanceId: string | undefined,
) => Promise<readonly Listed[]>

async function purgeManifests(
  { db, pace = new Pace() }: Rows,
  signal: AbortSignal,
  { instanceId, tally }: SweepScope,
  list: ListManifests,
): Promise<number> {
  let purged = 0
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const rows = await list(db.heavy, after, instanceId)
    let gone: readonly Listed[] = []
    const purge = async (tx: Tx, batch: readonly Listed[]) => {
      const ids = new Set(
        await purgeRows(
          tx,
          batch.map(({ id }) => id),
        ),
      )
      gone = batch.filter(({ id }) => ids.has(id))
    }
    await pace.inBatches(db, rows, purge, signal, () => {
      purged += gone.length
      for (const row of gone) tally?.add(row.instance_id, 'manifests', 1)
    })
    const last = rows.at(-1)
    if (!last || rows.length < batchSize) return purged
    after = last.id
  }
}

/** Deleted, and nothing in the recycle bin needs them: no tag, no index. */
const listGoing: ListManifests = (db, after, instanceId) =>
  db
    .selectFrom('manifests as m')
    .select(['m.id', 'm.instance_id'])
    .$if(instanceId !== undefined, (query) => query.where('m.instance_id', '=', instanceId ?? ''))
    .where('m.id', '>', after)
    .where('m.deleted_at', 'is not', null)
    .where('m.deletion_id', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('tags as t').select('t.id').whereRef('t.manifest_id', '=', 'm.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('manifest_refs as ref')
            .innerJoin('manifests as parent', 'parent.id', 'ref.manifest_id')
            .select('parent.id')
            .whereRef('ref.repository_id', '=', 'm.repository_id')
            .whereRef('ref.digest', '=', 'm.digest')
            .where('parent.deletion_id', 'is not', null),
        ),
      ),
    )
    .orderBy('m.id')
    .limit(batchSize)
    .execute()
