// An instance is one isolated registry: its own names, content, credentials and quotas.

import { randomInt } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'
import { sql } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import { setQuota } from '../quotas/quotas.ts'
import { type Edition, editionQuotas } from './editions.ts'

export interface Instance {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly edition: Edition
  readonly ownerUin: number
  readonly isDefault: boolean
  readonly allowsAnonymousPull: boolean
  /** Image manifests whose layers are missing are accepted, and become whole when these arrive. */
  readonly acceptsSparse: boolean
  readonly backendId: string
}

export interface NewInstance {
  readonly name: string
  readonly region: string
  readonly edition: Edition
  readonly ownerUin: number
  readonly backendId: string
  readonly isDefault?: boolean
  readonly acceptsSparse?: boolean
  readonly createdAt: number
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

function newInstanceId(): string {
  let id = 'tcr-'
  for (let i = 0; i < 8; i++) id += alphabet[randomInt(alphabet.length)]
  return id
}

/** 5–50 of `[a-z0-9-]` (spec "Instances"); `<name>-vpc` is the host of another one's private twin. */
export function isInstanceName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{3,48}[a-z0-9]$/.test(text) && !text.endsWith('-vpc')
}

export async function createInstance(tx: Tx, input: NewInstance): Promise<Instance> {
  if (!isInstanceName(input.name)) {
    throw new ApiError('NAME_INVALID', {
      message:
        'an instance name has 5 to 50 characters of a-z, 0-9 and -, no - at an end, and does not end in -vpc',
      detail: { instance: input.name },
    })
  }
  const row = {
    id: newInstanceId(),
    name: input.name,
    region: input.region,
    edition: input.edition,
    owner_uin: input.ownerUin,
    state: 'running' as const,
    is_default: input.isDefault ? 1 : 0,
    anonymous_pull: 1,
    accept_sparse: input.acceptsSparse ? 1 : 0,
    backend_id: input.backendId,
    created_at: input.createdAt,
  }
  await tx.insertInto('instances').values(row).execute()
  const quotas = editionQuotas[input.edition]
  await setQuota(tx, row.id, 'namespaces', quotas.namespaces)
  await setQuota(tx, row.id, 'repositories', quotas.repositories)
  return fromRow(row)
}

export interface InstanceRow {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly edition: Edition
  readonly owner_uin: number
  readonly is_default: number
  readonly anonymous_pull: number
  readonly accept_sparse: number
  readonly backend_id: string
}

export function fromRow(row: InstanceRow): Instance {
  return {
    id: row.id,
    name: row.name,
    region: row.region,
    edition: row.edition,
    ownerUin: row.owner_uin,
    isDefault: row.is_default === 1,
    allowsAnonymousPull: row.anonymous_pull === 1,
    acceptsSparse: row.accept_sparse === 1,
    backendId: row.backend_id,
  }
}

export interface InstanceSwitches {
  readonly anonymousPull?: boolean
  readonly acceptSparse?: boolean
}

export async function updateInstanceSwitches(
  tx: Tx,
  instanceId: string,
  switches: InstanceSwitches,
): Promise<void> {
  const { anonymousPull, acceptSparse } = switches
  await tx
    .updateTable('instances')
    .set({
      ...(anonymousPull !== undefined && { anonymous_pull: anonymousPull ? 1 : 0 }),
      ...(acceptSparse !== undefined && { accept_sparse: acceptSparse ? 1 : 0 }),
    })
    .where('id', '=', instanceId)
    .execute()
}

export async function findDefaultInstance(db: Queryable): Promise<Instance | undefined> {
  const row = await db
    .selectFrom('instances')
    .selectAll()
    .where('is_default', '=', sql.lit(1))
    .executeTakeFirst()
  return row && fromRow(row)
}
