// Lists of service accounts, as the API shows them.

import type { PageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'
import { maxServiceAccounts } from './service-accounts.ts'

export interface ListedServiceAccount {
  readonly id: string
  /** Without its prefix. */
  readonly name: string
  readonly description: string
  readonly isDisabled: boolean
  /** Null: never. */
  readonly expiresAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
  /** To the hour. */
  readonly lastUsedAt: number | null
  readonly lastUsedAddress: string | null
}

export interface ServiceAccountFilter {
  /** Groups of which each must match: any of its names, without prefixes. */
  readonly names: readonly (readonly string[])[]
}

/** By name. Undefined `page`: all of them. */
export async function listServiceAccounts(
  db: Queryable,
  instanceId: string,
  { names }: ServiceAccountFilter,
  page: PageRange | undefined,
): Promise<{ readonly total: number; readonly accounts: readonly ListedServiceAccount[] }> {
  if (names.some((any) => any.length === 0)) return { total: 0, accounts: [] }
  let matching = db.selectFrom('service_accounts').where('instance_id', '=', instanceId)
  for (const any of names) matching = matching.where('name', 'in', any)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await matching
    .select(['id', 'name', 'description', 'disabled_at', 'expires_at'])
    .select(['created_at', 'updated_at', 'last_used_at', 'last_used_address'])
    .orderBy('name')
    .limit(page?.limit ?? maxServiceAccounts)
    .offset(page?.offset ?? 0)
    .execute()
  return {
    total: Number(total),
    accounts: rows.map((row) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      isDisabled: row.disabled_at !== null,
      expiresAt: row.expires_at,
      createdAt: row.created_at,
      updatedAt: row.updated_at ?? row.created_at,
      lastUsedAt: row.last_used_at,
      lastUsedAddress: row.last_used_address,
    })),
  }
}
