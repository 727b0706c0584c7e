// When nothing of a deleted repository is kept any more, its row goes, and so does that of an unborn repository that
// nobody pushes to any more, and that of a deleted namespace.

import { sql } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import { lockForUpdate } from '../db/forms.ts'
import { defineReconciler, type JobContext, type JobDefinition } from '../jobs/jobs.ts'
import { deleteCounters } from '../quotas/quotas.ts'

const repositorySweep = 'repositories.sweep'

type Sweep = Pick<JobContext, 'db' | 'signal' | 'write'>

const batchSize = 500
const hourMs = 3_600_000

interface Sweeper {
  readonly graceMs: number
  readonly clock: { deployment(db: Queryable): Promise<number> }
}

export function repositoryJobs({ graceMs, clock }: Sweeper): readonly JobDefinition[] {
  return [
    defineReconciler({
      kind: repositorySweep,
      everyMs: hourMs,
      run: async (context) => {
        const now = await clock.deployment(context.db.read)
        const removed = await removeEmpty(context, now - graceMs)
        await context.progress({ removed })
      },
    }),
  ]
}

/** Returns how many rows went. */
export async function removeEmpty(context: Sweep, before: number): Promise<number> {
  const repositories = await removeEach(context, listEmptyRepositories(before), removeRepository)
  const namespaces = await removeEach(context, listEmptyNamespaces(before), removeNamespace)
  return repositories + namespaces
}

type List = (db: Queryable, after: string) => Promise<readonly { readonly id: string }[]>

async function removeEach(
  context: Sweep,
  list: List,
  remove: (tx: Tx, id: string) => Promise<boolean>,
): Promise<number> {
  let removed = 0
  for (let after = ''; ; ) {
    context.signal.throwIfAborted()
    const rows = await list(context.db.heavy, after)
    for (const { id } of rows) if (await context.write((tx) => remove(tx, id))) removed += 1
    const last = rows.at(-1)
    if (!last || rows.length < batchSize) return removed
    after = last.id
  }
}

/** Nothing is kept of it: no manifest, no tag, no upload, no blob. */
const isEmptyRepository = sql<boolean>`
  not exists (select 1 from manifests m where m.repository_id = r.id)
  and not exists (select 1 from tags t where t.repository_id = r.id)
  and not exists (select 1 from deletions d where d.repository_id = r.id)
  and not exists (select 1 from uploads u where u.repository_id = r.id)
  and not exists (select 1 from repository_blobs b where b.repository_id = r.id)`

/** Deleted, or begun by an upload that came to nothing. */
function listEmptyRepositories(before: number): List {
  return (db, after) =>
    db
      .selectFrom('repositories as r')
      .select('r.id')
      .where('r.id', '>', after)
      .where((eb) =>
        eb.or([
          eb.and([eb('r.deleted_at', '<', before), eb('r.deletion_id', 'is', null)]),
          eb.and([eb('r.born_at', 'is', null), eb('r.created_at', '<', before)]),
        ]),
      )
      .where(isEmptyRepository)
      .orderBy('r.id')
      .limit(batchSize)
      .execute()
}

/** Looks again with the row held: a push that begins now waits for us, and then makes the repository anew. */
async function removeRepository(tx: Tx, id: string): Promise<boolean> {
  await lockForUpdate(tx, 'repositories', [id])
  const row = await tx
    .selectFrom('repositories as r')
    .select('r.id')
    .where('r.id', '=', id)
    .where((eb) =>
      eb.or([
        eb.and([eb('r.deleted_at', 'is not', null), eb('r.deletion_id', 'is', null)]),
        eb('r.born_at', 'is', null),
      ]),
    )
    .where(isEmptyRepository)
    .executeTakeFirst()
  if (!row) return false
  await tx.deleteFrom('tag_history').where('repository_id', '=', id).execute()
  await deleteCounters(tx, id)
  await tx.deleteFrom('repositories').where('id', '=', id).execute()
  return true
}

function listEmptyNamespaces(before: number): List {
  return (db, after) =>
    db
      .selectFrom('namespaces as n')
      .select('n.id')
      .where('n.id', '>', after)
      .where('n.deleted_at', '<', before)
      .where(hasNoRepository)
      .orderBy('n.id')
      .limit(batchSize)
      .execute()
}

const hasNoRepository = sql<boolean>`
  not exists (select 1 from repositories r where r.namespace_id = n.id)`

async function removeNamespace(tx: Tx, id: string): Promise<boolean> {
  await lockForUpdate(tx, 'namespaces', [id])
  const row = await tx
    .selectFrom('namespaces as n')
    .select('n.id')
    .where('n.id', '=', id)
    .where(hasNoRepository)
    .executeTakeFirst()
  if (!row) return false
  await tx.deleteFrom('namespace_contents').where('namespace_id', '=', id).execute()
  await deleteCounters(tx, id)
  await tx.deleteFrom('namespaces').where('id', '=', id).execute()
  return true
}
