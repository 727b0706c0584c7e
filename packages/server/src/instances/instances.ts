// An instance is one isolated registry: its own names, content, credentials and quotas.

import { randomInt } from 'node:crypto'
import { type Edition, editionQuotas } from '@entrepot/contract/editions.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { sql } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import type { InstancesTable } from '../db/schema.ts'
import { setQuota } from '../quotas/quotas.ts'
import { editionMetrics } from './editions.ts'
import { payByUse, payInAdvance } from './prepaid.ts'

export type InstanceState = InstancesTable['state']

export type InstanceKind = 'enterprise' | 'personal'

/** Ten years of 365 days, as the service tells of a long-term credential; here one has no end of its own. */
export const toldCredentialHours = 87_600

export interface Instance {
  readonly id: string
  /** `personal`: all accounts of the region share it (room `personal/`). */
  readonly kind: InstanceKind
  readonly name: string
  readonly region: string
  readonly edition: Edition
  readonly ownerUin: number
  readonly isDefault: boolean
  readonly allowsAnonymousPull: boolean
  /** Image manifests whose layers are missing are accepted, and become whole when these arrive. */
  readonly acceptsSparse: boolean
  readonly backendId: string
  readonly state: InstanceState
  readonly chargeType: number
  readonly renewFlag: number
  /** Of a prepaid one: when what was paid ends. */
  readonly expiresAt: number | null
}

export interface NewInstance {
  readonly name: string
  readonly region: string
  readonly edition: Edition
  readonly ownerUin: number
  readonly backendId: string
  readonly isDefault?: boolean
  readonly acceptsSparse?: boolean
  /** `pending` for one that a job makes ready. */
  readonly state?: 'pending' | 'running'
  readonly deletionProtection?: boolean
  readonly multiZone?: boolean
  readonly versioning?: boolean
  readonly prepaid?: { readonly expiresAt: number; readonly renewFlag: number }
  readonly createdBy?: number
  readonly createdAt: number
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

export function newInstanceId(): string {
  let id = 'tcr-'
  for (let i = 0; i < 8; i++) id += alphabet[randomInt(alphabet.length)]
  return id
}

/** Throws INSTANCE_NAME_EXISTS. What it may be called is for `assertName`. */
export async function createInstance(tx: Tx, input: NewInstance): Promise<Instance> {
  const { prepaid } = input
  const row = {
    id: newInstanceId(),
    kind: 'enterprise' as const,
    name: input.name,
    region: input.region,
    edition: input.edition,
    owner_uin: input.ownerUin,
    state: input.state ?? 'running',
    is_default: toNumber(input.isDefault),
    anonymous_pull: 1,
    accept_sparse: toNumber(input.acceptsSparse),
    backend_id: input.backendId,
    deletion_protection: toNumber(input.deletionProtection),
    multi_zone: toNumber(input.multiZone),
    versioning: toNumber(input.versioning),
    charge_type: prepaid ? payInAdvance : payByUse,
    renew_flag: prepaid?.renewFlag ?? 0,
    expires_at: prepaid?.expiresAt ?? null,
    created_by: input.createdBy ?? null,
    created_at: input.createdAt,
  }
  const inserted = await tx
    .insertInto('instances')
    .values(row)
    .onConflict((oc) => oc.column('name').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) throw nameExists(input.name)
  for (const metric of editionMetrics) {
    await setQuota(tx, row.id, metric, editionQuotas[input.edition][metric])
  }
  return fromRow(row)
}

function toNumber(flag: boolean | undefined): number {
  return flag ? 1 : 0
}

function nameExists(name: string): ApiError {
  return new ApiError('INSTANCE_NAME_EXISTS', {
    message: {
      en: `an instance ${name} exists; names are unique over all accounts`,
      zh: `实例名称 ${name} 已被占用，名称在所有账号间唯一`,
    },
    detail: { name },
  })
}

export interface InstanceRow {
  readonly id: string
  readonly kind: InstanceKind
  readonly name: string
  readonly region: string
  readonly edition: Edition
  readonly owner_uin: number
  readonly is_default: number
  readonly anonymous_pull: number
  readonly accept_sparse: number
  readonly backend_id: string
  readonly state: InstanceState
  readonly charge_type: number
  readonly renew_flag: number
  readonly expires_at: number | null
}

export function fromRow(row: InstanceRow): Instance {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    region: row.region,
    edition: row.edition,
    ownerUin: row.owner_uin,
    isDefault: row.is_default === 1,
    allowsAnonymousPull: row.anonymous_pull === 1,
    acceptsSparse: row.accept_sparse === 1,
    backendId: row.backend_id,
    state: row.state,
    chargeType: row.charge_type,
    renewFlag: row.renew_flag,
    expiresAt: row.expires_at,
  }
}

export interface InstanceSwitches {
  readonly anonymousPull?: boolean | undefined
  readonly acceptSparse?: boolean | undefined
  readonly deletionProtection?: boolean | undefined
  readonly versioning?: boolean | undefined
}

export async function updateInstanceSwitches(
  tx: Tx,
  instanceId: string,
  switches: InstanceSwitches,
): Promise<void> {
  const { anonymousPull, acceptSparse, deletionProtection, versioning } = switches
  const columns = {
    ...(anonymousPull !== undefined && { anonymous_pull: toNumber(anonymousPull) }),
    ...(acceptSparse !== undefined && { accept_sparse: toNumber(acceptSparse) }),
    ...(deletionProtection !== undefined && { deletion_protection: toNumber(deletionProtection) }),
    ...(versioning !== undefined && { versioning: toNumber(versioning) }),
  }
  if (Object.keys(columns).length === 0) return
  await tx.updateTable('instances').set(columns).where('id', '=', instanceId).execute()
}

export async function findDefaultInstance(db: Queryable): Promise<Instance | undefined> {
  const row = await db
    .selectFrom('instances')
    .selectAll()
    .where('is_default', '=', sql.lit(1))
    .executeTakeFirst()
  return row && fromRow(row)
}
