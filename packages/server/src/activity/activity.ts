// What happened last at registries: pushes and logins from the audit log, uploads under way from their rows.

import { dockerList, ociIndex } from '@entrepot/oci/media-types.ts'
import { sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { repositoryColumns, repositoryPathColumns } from '../access/row-columns.ts'
import { logInAction } from '../audit/batch.ts'
import type { Queryable } from '../db/database.ts'
import { endOfPrefix, type Reach } from '../policies/reach.ts'

export interface ActivityFilter {
  readonly ownerUin: number
  /** Of repositories, by `<instance>/<path>`. */
  readonly reach: Reach
  /** Whose logins, and whose uploads wherever they go. */
  readonly actor: string
  readonly seesAllLogins: boolean
  readonly instanceId: string | undefined
  readonly namespace: string | undefined
  readonly since: number
  readonly limit: number
}

/** Newest first. The event's index leads to them past all the pulls. */
export function listPushes(db: Queryable, filter: ActivityFilter) {
  const { ownerUin, reach, instanceId, namespace, since, limit } = filter
  let query = db
    .selectFrom('audit as a')
    .select(['a.id', 'a.at', 'a.instance_id', 'a.resource', 'a.reference', 'a.actor', 'a.address'])
    .select('a.agent')
    .where('a.owner_uin', '=', ownerUin)
    .where('a.event', '=', 'PushRepository')
    .where('a.result', '=', 'ok')
    .where('a.instance_id', 'is not', null)
    .where('a.at', '>=', since)
  if (instanceId !== undefined) query = query.where('a.instance_id', '=', instanceId)
  if (namespace !== undefined) query = query.where(isIn(sql.ref('a.resource'), namespace))
  const path = sql<string>`a.instance_id || '/' || a.resource`
  const columns = repositoryPathColumns('a.instance_id', 'a.resource')
  const reached = reachCondition(db, reach, path, columns)
  if (reached) query = query.where(reached)
  return query.orderBy('a.at', 'desc').orderBy('a.id', 'desc').limit(limit).execute()
}

export type PushRow = Awaited<ReturnType<typeof listPushes>>[number]

/** Newest first. */
export function listLogins(db: Queryable, filter: ActivityFilter) {
  const { ownerUin, actor, seesAllLogins, instanceId, since, limit } = filter
  let query = db
    .selectFrom('audit')
    .select(['id', 'at', 'instance_id', 'actor', 'address', 'agent', 'count'])
    .where('owner_uin', '=', ownerUin)
    .where('event', '=', logInAction.slice('tcr:'.length))
    .where('result', '=', 'ok')
    .where('at', '>=', since)
  if (!seesAllLogins) query = query.where('actor', '=', actor)
  if (instanceId !== undefined) query = query.where('instance_id', '=', instanceId)
  return query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** Those that are open, the last begun first. */
export function listUploads(db: Queryable, filter: ActivityFilter) {
  const { ownerUin, reach, actor, instanceId, namespace, limit } = filter
  let query = db
    .selectFrom('uploads as u')
    .innerJoin('repositories as r', 'r.id', 'u.repository_id')
    .innerJoin('instances as i', 'i.id', 'u.instance_id')
    .select(['u.id', 'u.created_at', 'u.instance_id', 'u.actor', 'u.offset_bytes', 'r.path'])
    .where('i.owner_uin', '=', ownerUin)
  if (instanceId !== undefined) query = query.where('u.instance_id', '=', instanceId)
  if (namespace !== undefined) query = query.where(isIn(sql.ref('r.path'), namespace))
  const path = sql<string>`u.instance_id || '/' || r.path`
  const reached = reachCondition(db, reach, path, repositoryColumns('r'))
  if (reached) query = query.where((eb) => eb.or([reached, eb('u.actor', '=', actor)]))
  return query.orderBy('u.id', 'desc').limit(limit).execute()
}

function isIn(column: ReturnType<typeof sql.ref>, namespace: string) {
  const prefix = `${namespace}/`
  return sql<boolean>`(${column} >= ${prefix} and ${column} < ${endOfPrefix(prefix)})`
}

export interface PushedTag {
  readonly digest: string
  /** Null for an index: the size of its document says nothing. */
  readonly contentBytes: number | null
}

const indexTypes: ReadonlySet<string> = new Set([ociIndex, dockerList])

/** What the first tag of each push points to now, by the push's id. */
export async function findPushedTags(
  db: Queryable,
  pushes: readonly PushRow[],
): Promise<ReadonlyMap<number, PushedTag>> {
  if (pushes.length === 0) return new Map()
  const rows = await db
    .selectFrom('repositories as r')
    .innerJoin('tags as t', 't.repository_id', 'r.id')
    .innerJoin('manifests as m', 'm.id', 't.manifest_id')
    .select(['r.instance_id', 'r.path', 't.name', 't.digest', 'm.content_bytes', 'm.media_type'])
    .where('r.instance_id', 'in', [...new Set(pushes.map((push) => push.instance_id ?? ''))])
    .where('r.path', 'in', [...new Set(pushes.map((push) => push.resource))])
    .where('r.deleted_at', 'is', null)
    .where('t.name', 'in', [...new Set(pushes.map(firstTag))])
    .where('t.deleted_at', 'is', null)
    .execute()
  const byPlace = new Map(rows.map((row) => [`${row.instance_id}/${row.path}:${row.name}`, row]))
  return new Map(
    pushes.flatMap((push) => {
      const row = byPlace.get(`${push.instance_id}/${push.resource}:${firstTag(push)}`)
      if (!row) return []
      const contentBytes = indexTypes.has(row.media_type) ? null : row.content_bytes
      return [[push.id, { digest: row.digest, contentBytes }]]
    }),
  )
}

/** A push names its tags with commas between them, or its digest. */
export function tagsOf({ reference }: Pick<PushRow, 'reference'>): string {
  return reference === null || /^sha\d+:/.test(reference) ? '' : reference
}

function firstTag(push: PushRow): string {
  return tagsOf(push).split(',', 1)[0] ?? ''
}
