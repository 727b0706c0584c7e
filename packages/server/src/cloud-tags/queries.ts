// Lists of tags, and of the resources that carry them.

import { type Expression, type SqlBool, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'
import type { Reach } from '../policies/reach.ts'
import type { CloudTag, TaggedKind } from './cloud-tags.ts'
import { creatorOf, type LocatedResource } from './resources.ts'

/** Where a row stands in the order of lists. */
export interface ResourceKey {
  readonly kind: TaggedKind
  readonly id: string
}

/** Any of the values; none: any value. */
export interface TagCondition {
  readonly key: string
  readonly values: readonly string[]
}

export interface TaggedFilter {
  /** By the first part of the last segment. */
  readonly reach: { readonly instance: Reach; readonly repository: Reach }
  /** What the last segment begins with: `instance`, `repository`; undefined: either. */
  readonly type?: string | undefined
  readonly region?: string | undefined
  /** What stands behind the type. */
  readonly resourceId?: string | undefined
  /** Each must match. */
  readonly tags?: readonly TagCondition[] | undefined
  /** Who made the tag known. */
  readonly createdBy?: number | undefined
  /** Only these, in no order. */
  readonly among?: readonly ResourceKey[] | undefined
}

const resourceId = sql<string>`case t.kind when 'instance' then i.id
  when 'namespace' then n.instance_id || '/' || n.name
  when 'service-account' then s.instance_id || '#' || s.name
  else r.instance_id || '/' || r.path end`

const creator = sql<string | null>`case t.kind when 'instance' then cast(i.created_by as text)
  when 'namespace' then cast(n.created_by as text)
  when 'service-account' then cast(s.created_by as text) else r.created_by end`

const isOfInstance = sql<SqlBool>`t.kind in ('instance', 'service-account')`

/** Rows of tags. What has no row of its own any more is not in it. */
function selectTagged(db: Queryable, ownerUin: number, filter: TaggedFilter) {
  let query = db
    .selectFrom('tagged_resources as t')
    .leftJoin('namespaces as n', (join) =>
      join
        .onRef('n.id', '=', 't.resource_id')
        .on('t.kind', '=', 'namespace')
        .on('n.deleted_at', 'is', null),
    )
    .leftJoin('repositories as r', (join) =>
      join
        .onRef('r.id', '=', 't.resource_id')
        .on('t.kind', '=', 'repository')
        .on('r.deleted_at', 'is', null),
    )
    .leftJoin('service_accounts as s', (join) =>
      join.onRef('s.id', '=', 't.resource_id').on('t.kind', '=', 'service-account'),
    )
    .innerJoin('instances as i', (join) =>
      join.on(
        sql<SqlBool>`i.id = case t.kind when 'instance' then t.resource_id
          else coalesce(n.instance_id, r.instance_id, s.instance_id) end`,
      ),
    )
    .where('t.owner_uin', '=', ownerUin)
    .where(isReached(db, filter.reach))
  const { type, region, resourceId: wanted, tags = [], createdBy, among } = filter
  if (type !== undefined) query = query.where(ofType(type))
  if (region !== undefined) query = query.where('i.region', '=', region)
  if (wanted !== undefined) query = query.where(sql<SqlBool>`${resourceId} = ${wanted}`)
  for (const condition of tags) query = query.where(carries(condition))
  if (createdBy !== undefined) query = query.where(isMadeBy(createdBy))
  if (among) query = query.where(isAmong(among))
  return query
}

function isReached(
  db: Queryable,
  { instance, repository }: TaggedFilter['reach'],
): Expression<SqlBool> {
  const ofInstance =
    reachCondition(db, instance, sql<string>`i.id`, 'unasked') ?? sql<SqlBool>`1 = 1`
  const below = reachCondition(db, repository, resourceId, 'unasked') ?? sql<SqlBool>`1 = 1`
  return sql<SqlBool>`((${isOfInstance} and ${ofInstance}) or (not ${isOfInstance} and ${below}))`
}

function ofType(type: string): Expression<SqlBool> {
  if (type === 'instance') return isOfInstance
  return type === 'repository' ? sql<SqlBool>`not ${isOfInstance}` : sql<SqlBool>`1 = 0`
}

function carries({ key, values }: TagCondition): Expression<SqlBool> {
  const ofValues = values.length === 0 ? sql`` : sql` and o.value in (${sql.join([...values])})`
  return sql<SqlBool>`exists (select 1 from tagged_resources as o where o.kind = t.kind
    and o.resource_id = t.resource_id and o.key = ${key}${ofValues})`
}

function isMadeBy(uin: number): Expression<SqlBool> {
  return sql<SqlBool>`exists (select 1 from cloud_tags as c where c.owner_uin = t.owner_uin
    and c.key = t.key and c.value = t.value and c.created_by = ${uin})`
}

function isAmong(keys: readonly ResourceKey[]): Expression<SqlBool> {
  if (keys.length === 0) return sql<SqlBool>`1 = 0`
  const pairs = keys.map(({ kind, id }) => sql`(t.kind = ${kind} and t.resource_id = ${id})`)
  return sql<SqlBool>`(${sql.join(pairs, sql` or `)})`
}

export interface TagRow extends CloudTag {
  readonly resource: LocatedResource
}

/** One row a tag, by resource and key. */
export async function listTagRows(
  db: Queryable,
  ownerUin: number,
  filter: TaggedFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly rows: readonly TagRow[] }> {
  const { total } = await selectTagged(db, ownerUin, filter)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await selectTagged(db, ownerUin, filter)
    .select(['t.kind', 't.resource_id', 't.key', 't.value', 'i.id as instance_id', 'i.region'])
    .select(['r.namespace_id', resourceId.as('path'), creator.as('created_by')])
    .orderBy('t.kind')
    .orderBy('t.resource_id')
    .orderBy('t.key')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return {
    total: Number(total),
    rows: rows.map((row) => ({
      key: row.key,
      value: row.value,
      resource: toResource(row, ownerUin),
    })),
  }
}

/** The next resources behind `after`, in the order of kind and id. */
export async function listTaggedResources(
  db: Queryable,
  ownerUin: number,
  filter: TaggedFilter,
  page: { readonly after: ResourceKey | undefined; readonly limit: number },
): Promise<readonly LocatedResource[]> {
  const { after, limit } = page
  let query = selectTagged(db, ownerUin, filter)
  if (after) {
    query = query.where((eb) =>
      eb.or([
        eb('t.kind', '>', after.kind),
        eb.and([eb('t.kind', '=', after.kind), eb('t.resource_id', '>', after.id)]),
      ]),
    )
  }
  const rows = await query
    .select(['t.kind', 't.resource_id', 'i.id as instance_id', 'i.region'])
    .select(['r.namespace_id', resourceId.as('path'), creator.as('created_by')])
    .distinct()
    .orderBy('t.kind')
    .orderBy('t.resource_id')
    .limit(limit)
    .execute()
  return rows.map((row) => toResource(row, ownerUin))
}

interface ResourceRow {
  readonly kind: TaggedKind
  readonly resource_id: string
  readonly instance_id: string
  readonly namespace_id: string | null
  readonly region: string
  readonly path: string
  readonly created_by: string | null
}

function toResource(row: ResourceRow, ownerUin: number): LocatedResource {
  const { kind, resource_id: id, region } = row
  const type = kind === 'instance' || kind === 'service-account' ? 'instance' : 'repository'
  const within: { kind: TaggedKind; id: string }[] = []
  if (kind !== 'instance') within.push({ kind: 'instance', id: row.instance_id })
  if (row.namespace_id !== null) within.push({ kind: 'namespace', id: row.namespace_id })
  const creatorUin = creatorOf(row.created_by)
  return { kind, id, ownerUin, region, creatorUin, path: `${type}/${row.path}`, within }
}

export interface KnownTagFilter {
  readonly key?: string | undefined
  readonly value?: string | undefined
  readonly keys?: readonly string[] | undefined
  readonly createdBy?: number | undefined
}

export interface KnownTag extends CloudTag {
  readonly isUsed: boolean
}

function selectKnown(db: Queryable, ownerUin: number, filter: KnownTagFilter) {
  const { key, value, keys, createdBy } = filter
  let query = db.selectFrom('cloud_tags as c').where('c.owner_uin', '=', ownerUin)
  if (key !== undefined) query = query.where('c.key', '=', key)
  if (value !== undefined) query = query.where('c.value', '=', value)
  if (keys && keys.length > 0) query = query.where('c.key', 'in', keys)
  if (createdBy !== undefined) query = query.where('c.created_by', '=', createdBy)
  return query
}

/** By key and value. */
export async function listKnownTags(
  db: Queryable,
  ownerUin: number,
  filter: KnownTagFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly tags: readonly KnownTag[] }> {
  const { total } = await selectKnown(db, ownerUin, filter)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await selectKnown(db, ownerUin, filter)
    .select((eb) => [
      'c.key',
      'c.value',
      eb
        .exists(
          eb
            .selectFrom('tagged_resources as t')
            .select('t.key')
            .whereRef('t.owner_uin', '=', 'c.owner_uin')
            .whereRef('t.key', '=', 'c.key')
            .whereRef('t.value', '=', 'c.value'),
        )
        .as('used'),
    ])
    .orderBy('c.key')
    .orderBy('c.value')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return {
    total: Number(total),
    // SQLite has no truth values but 0 and 1.
    tags: rows.map(({ key, value, used }) => ({ key, value, isUsed: Boolean(Number(used)) })),
  }
}

export async function listKnownKeys(
  db: Queryable,
  ownerUin: number,
  filter: KnownTagFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly keys: readonly string[] }> {
  const { total } = await selectKnown(db, ownerUin, filter)
    .select((eb) => eb.fn.count<number>('c.key').distinct().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await selectKnown(db, ownerUin, filter)
    .select('c.key')
    .distinct()
    .orderBy('c.key')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), keys: rows.map(({ key }) => key) }
}
