// Finding things by a part of their names, over all instances of an account. Digests and tags are found by their
// beginnings, which indexes serve; names of repositories are looked through, a hundred thousand in some 30 ms, on `heavy`.

import { type RawBuilder, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { instanceColumns, namespaceColumns, repositoryColumns } from '../access/row-columns.ts'
import type { Queryable } from '../db/database.ts'
import { containedPattern, endOfPrefix, likePattern, type Reach } from '../policies/reach.ts'

export interface Wanted {
  readonly ownerUin: number
  readonly instanceId: string | undefined
  readonly limit: number
}

export interface Hit {
  readonly instanceId: string
  readonly instanceName: string
  readonly namespace?: string
  /** `<namespace>/<name>` */
  readonly path?: string
  readonly tag?: string
  readonly digest?: string
}

/** What the text may mean. */
export interface Meaning {
  /** A part of a name. */
  readonly part: string
  /** Beginning of a digest. */
  readonly digest: string | undefined
  readonly tag: { readonly repository: string; readonly prefix: string } | undefined
}

const minDigestChars = 6
/** So many hex digits without `sha256:` are meant as one. */
const minBareDigestChars = 12

export function parseSearch(text: string): Meaning {
  const part = text.trim()
  const named = /^(sha256|sha512):([0-9a-f]*)$/.exec(part)
  if (named) {
    const isLong = (named[2] ?? '').length >= minDigestChars
    return { part, digest: isLong ? part : undefined, tag: undefined }
  }
  const isBare = part.length >= minBareDigestChars && /^[0-9a-f]+$/.test(part)
  const colon = part.lastIndexOf(':')
  const tag =
    colon > 0 ? { repository: part.slice(0, colon), prefix: part.slice(colon + 1) } : undefined
  return { part, digest: isBare ? `sha256:${part}` : undefined, tag }
}

/** What begins with the text comes first, then what has it behind a slash. */
function rankOf(column: RawBuilder<string>, part: string): RawBuilder<number> {
  const text = part.toLowerCase()
  const begins = likePattern(`${text.replaceAll('*', '')}*`)
  const behind = likePattern(`*/${text.replaceAll('*', '')}*`)
  return sql<number>`case when ${column} like ${begins} escape '\\' then 0
    when ${column} like ${behind} escape '\\' then 1 else 2 end`
}

/** Names have small letters only, and LIKE of SQLite tells no cases apart. */
function contains(column: RawBuilder<string>, part: string): RawBuilder<boolean> {
  const pattern = containedPattern(part)
  return sql<boolean>`${column} like ${pattern} escape '\\'`
}

export async function findInstances(
  db: Queryable,
  { ownerUin, instanceId, limit }: Wanted,
  reach: Reach,
  part: string,
): Promise<readonly Hit[]> {
  const name = sql<string>`i.name`
  let query = db
    .selectFrom('instances as i')
    .select(['i.id', 'i.name'])
    .where('i.owner_uin', '=', ownerUin)
    .where((eb) => eb.or([contains(name, part), contains(sql<string>`i.id`, part)]))
  if (instanceId !== undefined) query = query.where('i.id', '=', instanceId)
  const reached = reachCondition(db, reach, sql<string>`i.id`, instanceColumns('i'))
  if (reached) query = query.where(reached)
  const rows = await query.orderBy(rankOf(name, part)).orderBy('i.name').limit(limit).execute()
  return rows.map((row) => ({ instanceId: row.id, instanceName: row.name }))
}

export async function findNamespaces(
  db: Queryable,
  { ownerUin, instanceId, limit }: Wanted,
  reach: Reach,
  part: string,
): Promise<readonly Hit[]> {
  const name = sql<string>`n.name`
  let query = db
    .selectFrom('namespaces as n')
    .innerJoin('instances as i', 'i.id', 'n.instance_id')
    .select(['n.instance_id', 'i.name as instance_name', 'n.name'])
    .where('i.owner_uin', '=', ownerUin)
    .where('n.deleted_at', 'is', null)
    .where(contains(name, part))
  if (instanceId !== undefined) query = query.where('n.instance_id', '=', instanceId)
  const path = sql<string>`n.instance_id || '/' || n.name`
  const reached = reachCondition(db, reach, path, namespaceColumns('n'))
  if (reached) query = query.where(reached)
  const rows = await query
    .orderBy(rankOf(name, part))
    .orderBy('n.name')
    .orderBy('n.instance_id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    instanceId: row.instance_id,
    instanceName: row.instance_name,
    namespace: row.name,
  }))
}

function selectRepositories(db: Queryable, { ownerUin, instanceId }: Wanted, reach: Reach) {
  let query = db
    .selectFrom('repositories as r')
    .innerJoin('instances as i', 'i.id', 'r.instance_id')
    .where('i.owner_uin', '=', ownerUin)
    .where('r.deleted_at', 'is', null)
    .where('r.born_at', 'is not', null)
  if (instanceId !== undefined) query = query.where('r.instance_id', '=', instanceId)
  const path = sql<string>`r.instance_id || '/' || r.path`
  const reached = reachCondition(db, reach, path, repositoryColumns('r'))
  return reached ? query.where(reached) : query
}

export async function findRepositories(
  db: Queryable,
  wanted: Wanted,
  reach: Reach,
  part: string,
): Promise<readonly (Hit & { readonly id: string; readonly path: string })[]> {
  const path = sql<string>`r.path`
  const rows = await selectRepositories(db, wanted, reach)
    .select(['r.id', 'r.instance_id', 'i.name as instance_name', 'r.path'])
    .where(contains(path, part))
    .orderBy(rankOf(path, part))
    .orderBy('r.path')
    .orderBy('r.instance_id')
    .limit(wanted.limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    instanceId: row.instance_id,
    instanceName: row.instance_name,
    path: row.path,
  }))
}

/** In so many repositories of fitting names tags are looked for. */
const maxRepositories = 50

export async function findTags(
  db: Queryable,
  wanted: Wanted,
  reach: Reach,
  { repository, prefix }: NonNullable<Meaning['tag']>,
): Promise<readonly Hit[]> {
  const within = { ...wanted, limit: maxRepositories }
  const repositories = await findRepositories(db, within, reach, repository)
  const byId = new Map(repositories.map((one) => [one.id, one]))
  if (byId.size === 0) return []
  let query = db
    .selectFrom('tags as t')
    .select(['t.repository_id', 't.name', 't.digest'])
    .where('t.repository_id', 'in', [...byId.keys()])
    .where('t.deleted_at', 'is', null)
  if (prefix !== '') {
    query = query.where('t.name', '>=', prefix).where('t.name', '<', endOfPrefix(prefix))
  }
  const rows = await query.orderBy('t.name').orderBy('t.id').limit(wanted.limit).execute()
  return rows.flatMap((row) => {
    const found = byId.get(row.repository_id)
    if (!found) return []
    const { instanceId, instanceName, path } = found
    return [{ instanceId, instanceName, path, tag: row.name, digest: row.digest }]
  })
}

export async function findDigests(
  db: Queryable,
  wanted: Wanted,
  reach: Reach,
  prefix: string,
): Promise<readonly Hit[]> {
  const rows = await selectRepositories(db, wanted, reach)
    // The index on digests is by instance: it leads, and the repositories follow.
    .innerJoin('manifests as m', (join) =>
      join.onRef('m.instance_id', '=', 'i.id').onRef('m.repository_id', '=', 'r.id'),
    )
    .select(['r.instance_id', 'i.name as instance_name', 'r.path', 'm.digest'])
    .where('m.digest', '>=', prefix)
    .where('m.digest', '<', endOfPrefix(prefix))
    .where('m.deleted_at', 'is', null)
    .orderBy('m.digest')
    .orderBy('r.path')
    .limit(wanted.limit)
    .execute()
  return rows.map((row) => ({
    instanceId: row.instance_id,
    instanceName: row.instance_name,
    path: row.path,
    digest: row.digest,
  }))
}
