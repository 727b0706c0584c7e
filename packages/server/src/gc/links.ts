// A repository's links to blobs that no manifest row of it names. Two looks, a grace period apart.

import { sql } from 'kysely'
import { unlinkBlobs } from '../blobs/publish.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { forUpdate, isOneOf, isOneOfPairs } from '../db/forms.ts'
import { Bill } from '../quotas/quotas.ts'
import type { Sight, Sweep } from './collect.ts'

/** Rows of one look. */
const pageSize = 500

export async function sweepLinks(sweep: Sweep): Promise<void> {
  await forgetNamedLinks(sweep)
  const { db, sight, pace, tally, instanceId, signal } = sweep
  for (let after: Link = { repository_id: '', blob_id: '' }; ; ) {
    signal.throwIfAborted()
    const found = await listLooseLinks(db.heavy, { before: sight.before, instanceId, after })
    let swept: readonly Unlinked[] = []
    const batch = async (tx: Tx, links: readonly Link[]) => {
      swept = await sightOrUnlink(tx, links, sight)
    }
    const count = () => {
      for (const { instanceId: id } of swept) tally.add(id, 'links', 1)
    }
    await pace.inBatches(db, found, batch, signal, count)
    const last = found.at(-1)
    if (!last || found.length < pageSize) return
    after = last
  }
}

interface Link {
  readonly repository_id: string
  readonly blob_id: string
}

/** A link that was seen unreferenced and is named again starts anew. */
async function forgetNamedLinks({ db, pace, instanceId, signal }: Sweep): Promise<void> {
  for (let after: Link = { repository_id: '', blob_id: '' }; ; ) {
    signal.throwIfAborted()
    const named = await listLinks(db.heavy, instanceId, after)
      .where('rb.unreferenced_at', 'is not', null)
      .where(isNamed)
      .execute()
    await pace.inBatches(db, named, forgetSight, signal)
    const last = named.at(-1)
    if (!last || named.length < pageSize) return
    after = last
  }
}

async function forgetSight(tx: Tx, links: readonly Link[]): Promise<void> {
  await tx
    .updateTable('repository_blobs')
    .set({ unreferenced_at: null })
    .where(isListed(tx, links, 'repository_id', 'blob_id'))
    .execute()
}

const isNamed = sql<boolean>`exists (select 1 from manifest_refs ref
  where ref.repository_id = rb.repository_id and ref.digest = b.digest)`

function listLinks(db: Queryable, instanceId: string | undefined, after: Link) {
  const query = db
    .selectFrom('repository_blobs as rb')
    .innerJoin('blobs as b', 'b.id', 'rb.blob_id')
    .select(['rb.repository_id', 'rb.blob_id'])
    .where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('rb.repository_id', 'rb.blob_id'),
        '>',
        tuple(after.repository_id, after.blob_id),
      ),
    )
    .orderBy('rb.repository_id')
    .orderBy('rb.blob_id')
    .limit(pageSize)
  return instanceId === undefined ? query : query.where('b.instance_id', '=', instanceId)
}

/** Links older than the grace period, of unclaimed blobs, that no manifest row of the repository names. */
export function listLooseLinks(
  db: Queryable,
  {
    before,
    instanceId,
    after,
  }: {
    readonly before: number
    readonly instanceId: string | undefined
    readonly after: Link
  },
): Promise<Link[]> {
  return listLinks(db, instanceId, after)
    .where('rb.created_at', '<', before)
    .where('b.claimed_at', '<', before)
    .where(sql<boolean>`not ${isNamed}`)
    .execute()
}

function isListed(tx: Tx, links: readonly Link[], repository: string, blob: string) {
  const pairs = links.map((link) => [link.repository_id, link.blob_id] as const)
  return isOneOfPairs(tx, [sql.ref(repository), sql.ref(blob)], pairs)
}

interface Unlinked {
  readonly instanceId: string
  readonly namespaceId: string
  readonly repositoryId: string
  readonly blobId: string
  readonly digest: string
}

/** The first sweep notes what it saw, a later one acts; returns what went. */
async function sightOrUnlink(
  tx: Tx,
  links: readonly Link[],
  sight: Sight,
): Promise<readonly Unlinked[]> {
  const blobs = await lockBlobs(tx, [...new Set(links.map((link) => link.blob_id))])
  const held = await lockLinks(tx, links)
  const seen: Link[] = []
  const unlinked: Unlinked[] = []
  for (const link of await describeLinks(tx, held)) {
    const blob = blobs.get(link.blob_id)
    if (!blob || blob.claimed_at >= sight.before || Number(link.is_named)) continue
    // A claim since then makes an earlier sighting void.
    if (link.unreferenced_at === null || link.unreferenced_at <= blob.claimed_at) seen.push(link)
    else if (link.unreferenced_at <= sight.seenUntil) {
      unlinked.push({
        instanceId: blob.instance_id,
        namespaceId: link.namespace_id,
        repositoryId: link.repository_id,
        blobId: link.blob_id,
        digest: blob.digest,
      })
    }
  }
  if (seen.length > 0) {
    await tx
      .updateTable('repository_blobs')
      .set({ unreferenced_at: sight.now })
      .where(isListed(tx, seen, 'repository_id', 'blob_id'))
      .execute()
  }
  if (unlinked.length === 0) return []
  const bill = new Bill()
  await unlinkBlobs(tx, bill, unlinked)
  await bill.settle(tx)
  return unlinked
}

export interface HeldBlob {
  readonly id: string
  readonly instance_id: string
  readonly digest: string
  readonly size_bytes: number
  readonly claimed_at: number
  readonly unreferenced_at: number | null
}

/** In the order in which a manifest's transaction locks what it names. */
export async function lockBlobs(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, HeldBlob>> {
  const rows = await tx
    .selectFrom('blobs')
    .select(['id', 'instance_id', 'digest', 'size_bytes', 'claimed_at', 'unreferenced_at'])
    .where(isOneOf(tx, sql.ref('id'), ids))
    .orderBy('digest')
    .orderBy('id')
    .$call((query) => forUpdate(tx, query))
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

function lockLinks(tx: Tx, links: readonly Link[]): Promise<Link[]> {
  return tx
    .selectFrom('repository_blobs')
    .select(['repository_id', 'blob_id'])
    .where(isListed(tx, links, 'repository_id', 'blob_id'))
    .$call((query) => forUpdate(tx, query))
    .execute()
}

/** With the locks held: whoever named one of them meanwhile has committed. */
async function describeLinks(tx: Tx, links: readonly Link[]) {
  if (links.length === 0) return []
  return tx
    .selectFrom('repository_blobs as rb')
    .innerJoin('blobs as b', 'b.id', 'rb.blob_id')
    .innerJoin('repositories as r', 'r.id', 'rb.repository_id')
    .select(['rb.repository_id', 'rb.blob_id', 'rb.unreferenced_at', 'r.namespace_id'])
    .select(isNamed.as('is_named'))
    .where(isListed(tx, links, 'rb.repository_id', 'rb.blob_id'))
    .execute()
}
