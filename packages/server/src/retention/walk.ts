// The tags of a repository from the newest push on, in pages, with what a rule asks of each.

import { helmConfig } from '@entrepot/oci/media-types.ts'
import { sql } from 'kysely'
import type { Queryable } from '../db/database.ts'
import { isOneOf } from '../db/forms.ts'
import { type JudgedTag, subjectOf } from './retention.ts'

/**
 * Also how many are removed in one transaction: a push waits for one of them. With 500 four times fewer pushes got
 * through meanwhile, and the run was no faster (SQLite, 60,000 tags).
 */
export const tagsAtOnce = 200

/** Runs on `heavy`: a repository may have a million. */
export async function* walkTags(
  heavy: Queryable,
  repositoryId: string,
): AsyncGenerator<readonly JudgedTag[]> {
  for (let after: { readonly pushedAt: number; readonly id: string } | undefined; ; ) {
    const rows = await listAfter(heavy, repositoryId, after)
    if (rows.length > 0) yield await withSubjects(heavy, repositoryId, rows)
    const last = rows.at(-1)
    if (!last || rows.length < tagsAtOnce) return
    after = { pushedAt: last.pushed_at, id: last.id }
  }
}

function listAfter(
  db: Queryable,
  repositoryId: string,
  after: { readonly pushedAt: number; readonly id: string } | undefined,
) {
  return db
    .selectFrom('tags as t')
    .leftJoin('manifest_refs as c', (join) =>
      join
        .onRef('c.manifest_id', '=', 't.manifest_id')
        .on('c.position', '=', 0)
        .on('c.role', '=', 'config'),
    )
    .select(['t.id', 't.name', 't.version', 't.pushed_at', 'c.media_type as config_type'])
    .where('t.repository_id', '=', repositoryId)
    .where('t.deleted_at', 'is', null)
    .$if(after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('t.pushed_at', 't.id'), '<', tuple(after?.pushedAt ?? 0, after?.id ?? '')),
      ),
    )
    .orderBy('t.pushed_at', 'desc')
    .orderBy('t.id', 'desc')
    .limit(tagsAtOnce)
    .execute()
}

type Row = Awaited<ReturnType<typeof listAfter>>[number]

async function withSubjects(
  db: Queryable,
  repositoryId: string,
  rows: readonly Row[],
): Promise<readonly JudgedTag[]> {
  const subjects = rows.flatMap(({ name }) => subjectOf(name) ?? [])
  const present = subjects.length === 0 ? new Set() : await findPresent(db, repositoryId, subjects)
  return rows.map((row) => {
    const subject = subjectOf(row.name)
    return {
      id: row.id,
      name: row.name,
      version: row.version,
      pushedAt: row.pushed_at,
      isChart: row.config_type === helmConfig,
      subject: subject === undefined ? undefined : present.has(subject) ? 'present' : 'gone',
    }
  })
}

async function findPresent(
  db: Queryable,
  repositoryId: string,
  digests: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('manifests')
    .select('digest')
    .where('repository_id', '=', repositoryId)
    .where(isOneOf(db, sql.ref<string>('digest'), digests))
    .where('deleted_at', 'is', null)
    .execute()
  return new Set(rows.map(({ digest }) => digest))
}

const repositoriesAtOnce = 100

export interface FoundRepository {
  readonly id: string
  readonly path: string
  /** Without its namespace. */
  readonly name: string
}

/** Those of a namespace whose path is greater than `last`, ascending. */
export async function listRepositories(
  db: Queryable,
  namespaceId: string,
  last: string,
): Promise<readonly FoundRepository[]> {
  const rows = await db
    .selectFrom('repositories')
    .select(['id', 'path'])
    .where('namespace_id', '=', namespaceId)
    .where('deleted_at', 'is', null)
    .where('born_at', 'is not', null)
    .where('path', '>', last)
    .orderBy('path')
    .limit(repositoriesAtOnce)
    .execute()
  return rows.map(({ id, path }) => ({ id, path, name: path.slice(path.indexOf('/') + 1) }))
}
