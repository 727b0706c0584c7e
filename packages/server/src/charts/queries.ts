// Charts in a namespace's index: those that lie right below it and are called there as they call themselves, by tags
// that spell their versions. Clients of OCI may push others; the index can't name them.

import { type SqlBool, sql } from 'kysely'
import type { Queryable } from '../db/database.ts'

export interface IndexedNamespace {
  readonly id: string
  readonly instanceId: string
  readonly name: string
}

/** Tags `t` of repositories `r` that are versions `c` of charts; whether it is indexed is for `isIndexed`. */
export function selectVersions(db: Queryable, instanceId: string) {
  return db
    .selectFrom('repositories as r')
    .innerJoin('tags as t', (join) =>
      join.onRef('t.repository_id', '=', 'r.id').on('t.deleted_at', 'is', null),
    )
    .innerJoin('charts as c', (join) =>
      join
        .onRef('c.instance_id', '=', 'r.instance_id')
        .onRef('c.digest', '=', 't.digest')
        .onRef('c.tag', '=', 't.name')
        .on('c.state', '=', 'read'),
    )
    .where('r.instance_id', '=', instanceId)
    .where('r.has_charts', '=', 1)
    .where('r.deleted_at', 'is', null)
}

export const isIndexed = (namespace: string) => sql<SqlBool>`r.path = ${`${namespace}/`} || c.name`

export interface ChartState {
  readonly repositoryId: string
  readonly path: string
  readonly name: string
  /** Another as soon as a version comes, goes or is replaced. */
  readonly state: string
  readonly pushedAt: number
}

/** Sums of it stay far below 2^53. */
const pushedModulus = 1_000_000_007

export async function listChartStates(
  db: Queryable,
  namespace: IndexedNamespace,
): Promise<readonly ChartState[]> {
  const rows = await selectVersions(db, namespace.instanceId)
    .select(['r.id', 'r.path', 'c.name'])
    .select((eb) => [
      eb.fn.countAll<number>().as('count'),
      eb.fn.max('t.id').as('last'),
      eb.fn.max('t.pushed_at').as('pushed_at'),
      sql<number>`sum(t.version)`.as('moves'),
      sql<number>`sum(t.pushed_at % ${sql.lit(pushedModulus)})`.as('pushes'),
    ])
    .where('r.namespace_id', '=', namespace.id)
    .where(isIndexed(namespace.name))
    .groupBy(['r.id', 'r.path', 'c.name'])
    .orderBy('r.path')
    .execute()
  return rows.map(({ id, path, name, count, last, moves, pushes, pushed_at }) => ({
    repositoryId: id,
    path,
    name: name ?? '',
    state: [count, last, moves, pushes, pushed_at].join(' '),
    pushedAt: pushed_at,
  }))
}

export interface IndexRow {
  readonly tag: string
  readonly order: string
  /** JSON. */
  readonly entry: string
}

/** By tag, those behind `after`. */
export async function listIndexRows(
  db: Queryable,
  namespace: IndexedNamespace,
  repositoryId: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly IndexRow[]> {
  const rows = await selectVersions(db, namespace.instanceId)
    .select(['t.name as tag', 'c.version_order', 'c.entry'])
    .where('r.id', '=', repositoryId)
    .where(isIndexed(namespace.name))
    .where('t.name', '>', after)
    .orderBy('t.name')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    tag: row.tag,
    order: row.version_order ?? '',
    entry: row.entry ?? '{}',
  }))
}

const versionColumns = [
  ...(['r.id as repository_id', 'r.path', 't.id as tag_id', 't.name as tag', 't.digest'] as const),
  ...(['t.pushed_at', 't.pushed_by', 't.pull_count', 't.last_pulled_at'] as const),
  ...(['c.name', 'c.version', 'c.app_version', 'c.description', 'c.type'] as const),
  ...(['c.is_deprecated', 'c.package_digest', 'c.package_bytes', 'c.provenance_digest'] as const),
  ...(['c.file_name', 'c.entry', 'c.icon', 'c.version_order'] as const),
] as const

/** Versions with all that is told of one. */
export function selectVersionRows(db: Queryable, instanceId: string) {
  return selectVersions(db, instanceId).select(versionColumns)
}

export type VersionRow = Awaited<ReturnType<typeof findVersion>> & object

/** By the repository's path and the tag. */
export function findVersion(db: Queryable, instanceId: string, path: string, tag: string) {
  return selectVersionRows(db, instanceId)
    .where('r.path', '=', path)
    .where('t.name', '=', tag)
    .executeTakeFirst()
}

/**
 * By the name of its file in a folder of the namespace. Two charts may share one (`a` of version `1.0.0-2.0.0`, `a-1.0.0`
 * of version `2.0.0`): the shorter name is meant.
 */
export function findByFile(db: Queryable, instanceId: string, folder: string, fileName: string) {
  return selectVersionRows(db, instanceId)
    .where('c.file_name', '=', fileName)
    .where(sql<SqlBool>`r.path = ${`${folder}/`} || c.name`)
    .orderBy('r.path')
    .limit(1)
    .executeTakeFirst()
}
