// Lists of namespaces, as the API shows them.

import { type SqlBool, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { namespaceColumns } from '../access/row-columns.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { containedPattern, type Reach } from '../policies/reach.ts'
import { namespaceUnknown, type ScanSettings, type Severity } from './namespaces.ts'

export interface ListedNamespace extends ScanSettings {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly isPublic: boolean
  readonly createdAt: number
}

export interface NamespaceFilter {
  readonly reach: Reach
  /** Exactly this one. */
  readonly name: string | undefined
  /** Groups of which each must match: any of its texts is in the name. */
  readonly parts: readonly (readonly string[])[]
  /** Groups of which each must match: any of its pairs. */
  readonly tags: readonly (readonly { readonly key: string; readonly value: string }[])[]
}

/** Undefined `page`: all of them; an instance has at most some hundreds. */
export async function listNamespaces(
  db: Queryable,
  instanceId: string,
  filter: NamespaceFilter,
  page: PageRange | undefined,
): Promise<{ readonly total: number; readonly namespaces: readonly ListedNamespace[] }> {
  const matching = selectMatching(db, instanceId, filter)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  let rows = matching
    .select(['n.id', 'n.number', 'n.name', 'n.is_public', 'n.created_at', 'n.auto_scan'])
    .select(['n.block_vulnerable', 'n.block_severity', 'n.cve_allow_list'])
    .orderBy('n.name')
  if (page) rows = rows.limit(page.limit).offset(page.offset)
  const found = await rows.execute()
  return {
    total: Number(total),
    namespaces: found.map((row) => ({
      id: row.id,
      number: row.number ?? 0,
      name: row.name,
      isPublic: row.is_public === 1,
      createdAt: row.created_at,
      autoScan: row.auto_scan === 1,
      blocksVulnerable: row.block_vulnerable === 1,
      // Written by `toColumns` only.
      blockSeverity: row.block_severity as Severity,
      cveAllowList: JSON.parse(row.cve_allow_list) as string[],
    })),
  }
}

function selectMatching(db: Queryable, instanceId: string, filter: NamespaceFilter) {
  const { reach, name, parts, tags } = filter
  let query = db
    .selectFrom('namespaces as n')
    .where('n.instance_id', '=', instanceId)
    .where('n.deleted_at', 'is', null)
  if (name !== undefined) query = query.where('n.name', '=', name)
  for (const any of parts) {
    query = query.where((eb) =>
      eb.or(any.map((text) => sql<SqlBool>`n.name like ${containedPattern(text)} escape '\\'`)),
    )
  }
  const reached = reachCondition(db, reach, sql.ref<string>('n.name'), namespaceColumns('n'))
  if (reached) query = query.where(reached)
  for (const any of tags) {
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('tagged_resources as t')
          .select('t.key')
          .where('t.kind', '=', 'namespace')
          .whereRef('t.resource_id', '=', 'n.id')
          .where((eb) =>
            eb.or(
              any.map(({ key, value }) =>
                eb.and([eb('t.key', '=', key), eb('t.value', '=', value)]),
              ),
            ),
          ),
      ),
    )
  }
  return query
}

/** `<instance>/<namespace>` over all instances of an account, by instance and name. */
export async function listAllNamespaces(
  db: Queryable,
  ownerUin: number,
  reach: Reach,
  page: PageRange,
): Promise<{ readonly total: number; readonly paths: readonly string[] }> {
  const path = sql<string>`n.instance_id || '/' || n.name`
  let query = db
    .selectFrom('namespaces as n')
    .innerJoin('instances as i', 'i.id', 'n.instance_id')
    .where('i.owner_uin', '=', ownerUin)
    .where('n.deleted_at', 'is', null)
  const reached = reachCondition(db, reach, path, namespaceColumns('n'))
  if (reached) query = query.where(reached)
  const { total } = await query
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await query
    .select(path.as('path'))
    .orderBy('n.instance_id')
    .orderBy('n.name')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), paths: rows.map((row) => row.path) }
}

/** By what the API calls NamespaceId. Throws NAMESPACE_UNKNOWN. */
export async function getNumberedNamespace(
  db: Queryable,
  instanceId: string,
  number: number,
): Promise<{ readonly id: string; readonly name: string }> {
  const row = await db
    .selectFrom('namespaces')
    .select(['id', 'name'])
    .where('instance_id', '=', instanceId)
    .where('number', '=', number)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw namespaceUnknown(String(number))
  return row
}

export interface UntaggedSetting {
  readonly id: string
  readonly name: string
  readonly number: number
  /** After so many days manifests go that nothing names; null: they stay. */
  readonly untaggedDays: number | null
}

/** All of an instance, by name. */
export async function listUntagged(
  db: Queryable,
  instanceId: string,
): Promise<readonly UntaggedSetting[]> {
  const rows = await db
    .selectFrom('namespaces')
    .select(['id', 'name', 'number', 'untagged_days'])
    .where('instance_id', '=', instanceId)
    .where('deleted_at', 'is', null)
    .orderBy('name')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    number: row.number ?? 0,
    untaggedDays: row.untagged_days,
  }))
}

export async function setUntaggedDays(
  tx: Tx,
  namespaceId: string,
  days: number | null,
): Promise<void> {
  await tx
    .updateTable('namespaces')
    .set({ untagged_days: days })
    .where('id', '=', namespaceId)
    .execute()
}
