// Reading policies: rows of an account, and presets, which are in every one.

import { sql } from 'kysely'
import type { Queryable } from '../db/database.ts'
import { findPreset, type PresetPolicy, presets } from './presets.ts'

export interface PolicyRecord {
  readonly id: number
  readonly isPreset: boolean
  readonly name: string
  readonly description: string
  readonly defaultVersion: number
  readonly createdAt: number
  readonly updatedAt: number
}

/** Presets have one version, and came with the program. */
const presetVersion = 1
const presetTime = Date.UTC(2026, 0, 1)

function ofPreset({ id, name, description }: PresetPolicy): PolicyRecord {
  return {
    id,
    isPreset: true,
    name,
    description: description.zh,
    defaultVersion: presetVersion,
    createdAt: presetTime,
    updatedAt: presetTime,
  }
}

function selectPolicies(db: Queryable, ownerUin: number) {
  return db
    .selectFrom('policies')
    .select(['id', 'name', 'description', 'default_version', 'created_at', 'updated_at'])
    .where('owner_uin', '=', ownerUin)
}

type PolicyRow = Awaited<ReturnType<ReturnType<typeof selectPolicies>['executeTakeFirstOrThrow']>>

function fromRow(row: PolicyRow): PolicyRecord {
  return {
    id: row.id,
    isPreset: false,
    name: row.name,
    description: row.description,
    defaultVersion: row.default_version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** By number or name; presets too. */
export async function findPolicy(
  db: Queryable,
  ownerUin: number,
  key: number | string,
): Promise<PolicyRecord | undefined> {
  const preset = findPreset(key)
  if (preset) return ofPreset(preset)
  const query = selectPolicies(db, ownerUin)
  const row = await (typeof key === 'number'
    ? query.where('id', '=', key)
    : query.where('name', '=', key)
  ).executeTakeFirst()
  return row && fromRow(row)
}

/** Those of the numbers that there are; presets too. */
export async function findPolicies(
  db: Queryable,
  ownerUin: number,
  ids: readonly number[],
): Promise<ReadonlyMap<number, PolicyRecord>> {
  const found = new Map<number, PolicyRecord>()
  const own: number[] = []
  for (const id of ids) {
    const preset = findPreset(id)
    if (preset) found.set(id, ofPreset(preset))
    else own.push(id)
  }
  if (own.length === 0) return found
  const rows = await selectPolicies(db, ownerUin).where('id', 'in', own).execute()
  for (const row of rows) found.set(row.id, fromRow(row))
  return found
}

export async function countPolicies(db: Queryable, ownerUin: number): Promise<number> {
  const { count } = await db
    .selectFrom('policies')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export interface PolicyFilter {
  readonly scope: 'All' | 'QCS' | 'Local'
  /** Part of the name. */
  readonly keyword: string
}

/** All that the filter lets through, by number: presets first. At most `maxPolicies` and the presets. */
export async function listPolicies(
  db: Queryable,
  ownerUin: number,
  { scope, keyword }: PolicyFilter,
): Promise<PolicyRecord[]> {
  const wanted = keyword.toLowerCase()
  const isWanted = ({ name }: { name: string }) => name.toLowerCase().includes(wanted)
  const fromProgram = scope === 'Local' ? [] : presets.filter(isWanted).map(ofPreset)
  if (scope === 'QCS') return fromProgram
  const rows = await selectPolicies(db, ownerUin).orderBy('id').execute()
  return [...fromProgram, ...rows.filter(isWanted).map(fromRow)]
}

/** A page of them, counted and cut by the database: for whoever sees them all. */
export async function pagePolicies(
  db: Queryable,
  ownerUin: number,
  { scope, keyword }: PolicyFilter,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly policies: PolicyRecord[] }> {
  const wanted = keyword.toLowerCase()
  const fromProgram =
    scope === 'Local' ? [] : presets.filter(({ name }) => name.toLowerCase().includes(wanted))
  const shown = fromProgram.slice(offset, offset + limit).map(ofPreset)
  if (scope === 'QCS') return { total: fromProgram.length, policies: shown }
  // Names are ASCII, which both databases make small alike.
  const pattern = `%${wanted.replaceAll(/[\\%_]/g, '\\$&')}%`
  const isWanted = sql<boolean>`lower(name) like ${pattern} escape '\\'`
  const { count } = await db
    .selectFrom('policies')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .$if(wanted !== '', (query) => query.where(isWanted))
    .executeTakeFirstOrThrow()
  const rows = await selectPolicies(db, ownerUin)
    .$if(wanted !== '', (query) => query.where(isWanted))
    .orderBy('id')
    .limit(limit - shown.length)
    .offset(Math.max(0, offset - fromProgram.length))
    .execute()
  return {
    total: fromProgram.length + Number(count),
    policies: [...shown, ...rows.map(fromRow)],
  }
}

export interface PolicyVersion {
  readonly version: number
  readonly document: string
  readonly createdAt: number
}

/** By number, the newest first. */
export async function listVersions(
  db: Queryable,
  { id }: Pick<PolicyRecord, 'id'>,
): Promise<PolicyVersion[]> {
  const preset = findPreset(id)
  if (preset) {
    return [{ version: presetVersion, document: preset.document, createdAt: presetTime }]
  }
  return db
    .selectFrom('policy_versions')
    .select(['version', 'document', 'created_at as createdAt'])
    .where('policy_id', '=', id)
    .orderBy('version', 'desc')
    .execute()
}

export async function findVersion(
  db: Queryable,
  policy: Pick<PolicyRecord, 'id'>,
  version: number,
): Promise<PolicyVersion | undefined> {
  const versions = await listVersions(db, policy)
  return versions.find((one) => one.version === version)
}
