// What a clean-up would take, and what not yet: the same looks as the sweeps', without a lock and without a change.
// When something becomes due follows from the two sights that it needs, a grace period apart, and from the bin.

import { sql } from 'kysely'
import type { Queryable } from '../db/database.ts'
import { deleteDelayMs } from './objects.ts'
import { listOrphans, orphanDueAt } from './referrers.ts'
import type { Item, Stay } from './runs.ts'
import { type Counts, type Kind, nothing } from './tally.ts'

const pageSize = 500
const dayMs = 24 * 3_600_000

export type PlannedItem = Omit<Item, 'run_id' | 'position'>

export interface Planner {
  readonly db: { readonly heavy: Queryable }
  readonly now: number
  readonly graceMs: number
  readonly instanceId: string
}

export interface Plan {
  /** What would go now. */
  readonly went: Counts
  readonly stays: readonly Stay[]
}

/** `take` is told of each thing, page by page. Stops between pages when the signal says so. */
export async function planCleanup(
  planner: Planner,
  signal: AbortSignal,
  take: (items: readonly PlannedItem[]) => Promise<void> = async () => {},
): Promise<Plan> {
  const went: Record<keyof Counts, number> = { ...nothing }
  const stays = new Map<Stay['reason'], Stay>()
  for (const { kind, counts, reason, pages } of looks) {
    for await (const page of pages(planner)) {
      signal.throwIfAborted()
      for (const { due_at: dueAt, size_bytes: bytes, frees } of page) {
        if (dueAt === null) {
          went[counts] += 1
          if (frees) went.bytes += bytes
        } else stays.set(reason, withOne(stays.get(reason), { reason, dueAt, bytes, frees }))
      }
      await take(page.map(({ frees: _, ...item }) => ({ ...item, kind })))
    }
  }
  return { went, stays: [...stays.values()] }
}

function withOne(
  stay: Stay | undefined,
  one: Pick<Stay, 'reason'> & { dueAt: number; bytes: number; frees: boolean },
): Stay {
  return {
    reason: one.reason,
    count: (stay?.count ?? 0) + 1,
    bytes: (stay?.bytes ?? 0) + (one.frees ? one.bytes : 0),
    dueAt: Math.min(stay?.dueAt ?? one.dueAt, one.dueAt),
    lastDueAt: Math.max(stay?.lastDueAt ?? one.dueAt, one.dueAt),
  }
}

type Found = Omit<PlannedItem, 'kind'> & {
  /** Its bytes are counted once, by this one. */
  readonly frees: boolean
}

interface Look {
  readonly kind: Item['kind']
  readonly counts: Kind
  /** Why what is found and not due stays. */
  readonly reason: Stay['reason']
  readonly pages: (planner: Planner) => AsyncGenerator<readonly Found[]>
}

const looks: readonly Look[] = [
  { kind: 'referrer', counts: 'referrers', reason: 'grace', pages: referrers },
  { kind: 'manifest', counts: 'manifests', reason: 'bin', pages: manifests },
  { kind: 'link', counts: 'links', reason: 'grace', pages: links },
  { kind: 'blob', counts: 'blobs', reason: 'grace', pages: blobs },
  { kind: 'upload', counts: 'uploads', reason: 'grace', pages: uploads },
  { kind: 'object', counts: 'objects', reason: 'delay', pages: objects },
]

/** Null: it is due. */
function due(at: number, now: number): number | null {
  return at <= now ? null : at
}

async function* referrers({ db, now, instanceId }: Planner): AsyncGenerator<readonly Found[]> {
  for (let after = ''; ; ) {
    const rows = await listOrphans(db.heavy, { instanceId, after })
    yield rows.map((row) => {
      const isDeleted = orphanDueAt(row) === row.subject_deleted_at
      return {
        repository_path: row.path,
        digest: row.digest,
        size_bytes: row.size_bytes,
        reason: isDeleted ? 'subject-deleted' : 'subject-missing',
        due_at: due(orphanDueAt(row), now),
        // It goes into the bin.
        frees: false,
      }
    })
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.id
  }
}

async function* manifests({ db, now, instanceId }: Planner): AsyncGenerator<readonly Found[]> {
  for (let after = ''; ; ) {
    const rows = await db.heavy
      .selectFrom('manifests as m')
      .innerJoin('repositories as r', 'r.id', 'm.repository_id')
      .innerJoin('instances as i', 'i.id', 'm.instance_id')
      .select(['m.id', 'r.path', 'm.digest', 'm.size_bytes', 'm.deleted_at'])
      .select(['m.deletion_id', 'i.bin_days'])
      .where('m.instance_id', '=', instanceId)
      .where('m.deleted_at', 'is not', null)
      .where('m.id', '>', after)
      .orderBy('m.id')
      .limit(pageSize)
      .execute()
    yield rows.map((row) => ({
      repository_path: row.path,
      digest: row.digest,
      size_bytes: row.size_bytes,
      reason: row.deletion_id === null ? 'deleted' : 'in-bin',
      due_at:
        row.deletion_id === null ? null : due((row.deleted_at ?? now) + row.bin_days * dayMs, now),
      frees: true,
    }))
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.id
  }
}

interface Sighted {
  readonly created_at: number
  readonly claimed_at: number
  readonly unreferenced_at: number | null
}

/** Claims and publishes push back the first of the two sights, a claim voids one that was. */
export function sightedDueAt(row: Sighted, { now, graceMs }: Planner): number | null {
  const ripeAt = Math.max(row.created_at, row.claimed_at) + graceMs
  const seenAt =
    row.unreferenced_at !== null && row.unreferenced_at > row.claimed_at
      ? row.unreferenced_at
      : Math.max(ripeAt + 1, now)
  return due(Math.max(seenAt + graceMs, ripeAt + 1), now)
}

async function* links(planner: Planner): AsyncGenerator<readonly Found[]> {
  const { db, instanceId } = planner
  for (let after = { repository_id: '', blob_id: '' }; ; ) {
    const rows = await db.heavy
      .selectFrom('repository_blobs as rb')
      .innerJoin('blobs as b', 'b.id', 'rb.blob_id')
      .innerJoin('repositories as r', 'r.id', 'rb.repository_id')
      .select(['rb.repository_id', 'rb.blob_id', 'r.path', 'b.digest', 'b.size_bytes'])
      .select(['rb.created_at', 'b.claimed_at', 'rb.unreferenced_at'])
      .select(isLastLink.as('is_last'))
      .where('b.instance_id', '=', instanceId)
      .where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('rb.repository_id', 'rb.blob_id'),
          '>',
          tuple(after.repository_id, after.blob_id),
        ),
      )
      .where(isLoose)
      .orderBy('rb.repository_id')
      .orderBy('rb.blob_id')
      .limit(pageSize)
      .execute()
    yield rows.map((row) => {
      const dueAt = sightedDueAt(row, planner)
      return {
        repository_path: row.path,
        digest: row.digest,
        size_bytes: row.size_bytes,
        reason: 'unnamed',
        due_at: dueAt,
        // Now only the link would go; the blob's bytes follow by a sweep of their own.
        frees: dueAt !== null && Number(row.is_last) === 1,
      }
    })
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last
  }
}

const isLoose = sql<boolean>`not exists (select 1 from manifest_refs ref
  where ref.repository_id = rb.repository_id and ref.digest = b.digest)`

/** Nobody else's link keeps the blob; of several that all go, one counts its bytes. */
const isLastLink = sql<number>`case when exists (select 1 from repository_blobs o
  where o.blob_id = rb.blob_id and o.repository_id <> rb.repository_id
    and (o.repository_id > rb.repository_id or exists (select 1 from manifest_refs ref
      where ref.repository_id = o.repository_id and ref.digest = b.digest))) then 0 else 1 end`

async function* blobs(planner: Planner): AsyncGenerator<readonly Found[]> {
  const { db, instanceId } = planner
  for (let after = ''; ; ) {
    const rows = await db.heavy
      .selectFrom('blobs as b')
      .select(['b.id', 'b.digest', 'b.size_bytes', 'b.created_at'])
      .select(['b.claimed_at', 'b.unreferenced_at'])
      .where('b.instance_id', '=', instanceId)
      .where('b.id', '>', after)
      .where(sql<boolean>`not exists (select 1 from repository_blobs rb where rb.blob_id = b.id)`)
      .orderBy('b.id')
      .limit(pageSize)
      .execute()
    yield rows.map((row) => ({
      repository_path: null,
      digest: row.digest,
      size_bytes: row.size_bytes,
      reason: 'unheld',
      due_at: sightedDueAt(row, planner),
      frees: true,
    }))
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.id
  }
}

async function* uploads({ db, now, instanceId }: Planner): AsyncGenerator<readonly Found[]> {
  for (let after = ''; ; ) {
    const rows = await db.heavy
      .selectFrom('uploads as u')
      .innerJoin('repositories as r', 'r.id', 'u.repository_id')
      .select(['u.id', 'r.path', 'u.key', 'u.offset_bytes'])
      .where('u.instance_id', '=', instanceId)
      .where('u.expires_at', '<', now)
      .where('u.id', '>', after)
      .orderBy('u.id')
      .limit(pageSize)
      .execute()
    yield rows.map((row) => ({
      repository_path: row.path,
      digest: row.key,
      size_bytes: row.offset_bytes,
      reason: 'expired',
      due_at: null,
      frees: true,
    }))
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.id
  }
}

async function* objects({ db, now, instanceId }: Planner): AsyncGenerator<readonly Found[]> {
  for (let after = ''; ; ) {
    const rows = await db.heavy
      .selectFrom('condemned_objects as c')
      .select(['c.id', 'c.key', 'c.size_bytes', 'c.condemned_at'])
      .where('c.instance_id', '=', instanceId)
      .where('c.id', '>', after)
      .orderBy('c.id')
      .limit(pageSize)
      .execute()
    yield rows.map((row) => ({
      repository_path: null,
      digest: row.key,
      size_bytes: row.size_bytes ?? 0,
      reason: 'condemned',
      due_at: due(row.condemned_at + deleteDelayMs, now),
      frees: false,
    }))
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.id
  }
}
