// The catalog as policies let somebody see it: stretches of the list, read one after another, so that whoever may
// see one of a hundred thousand repositories costs a page and not the list.

import { sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { repositoryColumns } from '../access/row-columns.ts'
import type { Queryable } from '../db/database.ts'
import { listNamespaceNames } from '../namespaces/namespaces.ts'
import { endOfPrefix, type PathSet, type Reach } from '../policies/reach.ts'

export interface ReachedCatalog {
  readonly instanceId: string
  readonly reach: Extract<Reach, { kind: 'some' }>
  /** Also what lies in public namespaces. */
  readonly withPublic: boolean
  readonly last: string
  readonly limit: number
}

/** From its first path up to before another. */
interface Stretch {
  readonly from: string
  readonly before: string
}

/** Rows read at once. */
const rowsAtOnce = 200
/** Behind every path: `z` is the last letter that one may have. */
const behindAll = '~'

/** Paths greater than `last`, ascending by byte. */
export async function listReached(db: Queryable, catalog: ReachedCatalog): Promise<string[]> {
  const paths: string[] = []
  let { last } = catalog
  for (const stretch of await stretchesOf(db, catalog)) {
    let isOver = stretch.before <= last
    while (!isOver && paths.length < catalog.limit) {
      const rows = await readStretch(db, catalog, stretch, last)
      paths.push(...rows)
      last = rows.at(-1) ?? last
      isOver = rows.length < rowsAtOnce
    }
  }
  return paths.slice(0, catalog.limit)
}

/** In order; they may overlap. */
async function stretchesOf(db: Queryable, catalog: ReachedCatalog): Promise<Stretch[]> {
  const [first] = catalog.reach.allow
  const stretches = first ? stretchesOfSet(first) : [{ from: '', before: behindAll }]
  if (catalog.withPublic) {
    const open = { ids: [], withPublic: true }
    const names = await listNamespaceNames(db, catalog.instanceId, open)
    stretches.push(...names.map((name) => stretchOfPrefix(`${name}/`)))
  }
  return stretches.sort((a, b) => (a.from < b.from ? -1 : 1))
}

function stretchesOfSet({ equal, prefixes, globs }: PathSet): Stretch[] {
  // A star that stands before the end may mean anything: the condition of the statement decides.
  if (globs.length > 0) return [{ from: '', before: behindAll }]
  return [
    // `!` is less than everything that may follow in a path.
    ...equal.map((path) => ({ from: path, before: `${path}!` })),
    ...prefixes.map(stretchOfPrefix),
  ]
}

function stretchOfPrefix(prefix: string): Stretch {
  return { from: prefix, before: endOfPrefix(prefix) }
}

async function readStretch(
  db: Queryable,
  { instanceId, reach, withPublic }: ReachedCatalog,
  { from, before }: Stretch,
  last: string,
): Promise<string[]> {
  const reached = reachCondition(db, reach, sql.ref<string>('r.path'), repositoryColumns('r'))
  let query = db
    .selectFrom('repositories as r')
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .select('r.path')
    .where('r.instance_id', '=', instanceId)
    .where('r.path', '>=', from)
    .where('r.path', '>', last)
    .where('r.path', '<', before)
    .where('r.deleted_at', 'is', null)
    .where('r.born_at', 'is not', null)
    .orderBy('r.path')
    .limit(rowsAtOnce)
  if (reached) {
    query = query.where((eb) =>
      withPublic ? eb.or([reached, eb('n.is_public', '=', 1)]) : reached,
    )
  }
  const rows = await query.execute()
  return rows.map(({ path }) => path)
}
