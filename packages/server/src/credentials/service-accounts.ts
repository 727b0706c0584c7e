// Service accounts: robots of one instance. Their rights are rows of their own, apart from those of whoever
// made them, whom they outlive. Everything but the name can change; each change that takes something away
// raises the version, which ends the tokens from before.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Origin } from '../audit/origin.ts'
import { deleteCloudTags } from '../cloud-tags/cloud-tags.ts'
import { hashMachineSecret, newSecret } from '../crypto/secrets.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import { isServiceAccountName, servicePrefix } from './service-account-name.ts'
import {
  deletePermissions,
  insertPermissions,
  type Permission,
} from './service-account-permissions.ts'

type Place = Pick<Instance, 'id' | 'region'>

export const dayMs = 86_400_000
export const defaultLifetimeDays = 30
/** Of one instance, so that all of them can be listed at once. */
export const maxServiceAccounts = 500
const maxDescriptionLength = 255

interface Change {
  readonly at: number
  readonly origin: Origin
}

export interface NewServiceAccount extends Change {
  /** Without its prefix. */
  readonly name: string
  readonly description?: string
  /** Milliseconds; null: never; left out: `defaultLifetimeDays` from now. */
  readonly expiresAt?: number | null
  readonly isDisabled?: boolean
  readonly permissions: readonly Permission[]
  readonly createdBy: number
}

export interface CreatedServiceAccount {
  readonly id: string
  /** With its prefix: the user name at login. */
  readonly name: string
  /** Shown now or never. */
  readonly secret: string
  readonly expiresAt: number | null
}

export async function createServiceAccount(
  tx: Tx,
  instance: Place,
  input: NewServiceAccount,
): Promise<CreatedServiceAccount> {
  checkName(input.name)
  checkDescription(input.description ?? '')
  await checkCount(tx, instance.id)
  const id = newId()
  const secret = newSecret()
  const expiresAt =
    input.expiresAt === undefined ? input.at + defaultLifetimeDays * dayMs : input.expiresAt
  const inserted = await tx
    .insertInto('service_accounts')
    .values({
      id,
      instance_id: instance.id,
      name: input.name,
      description: input.description ?? '',
      secret_hash: hashMachineSecret(secret),
      disabled_at: input.isDisabled ? input.at : null,
      expires_at: expiresAt,
      version: 1,
      created_at: input.at,
      created_by: input.createdBy,
    })
    .onConflict((conflict) => conflict.columns(['instance_id', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) throw nameTaken(input.name)
  await insertPermissions(tx, id, input.permissions)
  await tell(tx, instance, { ...input, id, type: 'credential.created' })
  return { id, name: `${servicePrefix}${input.name}`, secret, expiresAt }
}

async function checkCount(tx: Tx, instanceId: string): Promise<void> {
  // Holds the instance's row, so that two at once cannot both be the last one allowed.
  await tx
    .updateTable('instances')
    .set((eb) => ({ name: eb.ref('name') }))
    .where('id', '=', instanceId)
    .execute()
  const { count } = await tx
    .selectFrom('service_accounts')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('instance_id', '=', instanceId)
    .executeTakeFirstOrThrow()
  if (Number(count) < maxServiceAccounts) return
  throw new ApiError('QUOTA_EXCEEDED', {
    message: {
      en: `an instance has at most ${maxServiceAccounts} service accounts; delete one first`,
      zh: `一个实例最多 ${maxServiceAccounts} 个服务级账号，请先删除一个`,
    },
    detail: { quota: maxServiceAccounts, used: Number(count), asked: 1 },
  })
}

export interface ServiceAccountChange extends Change {
  readonly description?: string
  readonly expiresAt?: number | null
  readonly isDisabled?: boolean
  /** Replaces the whole list. */
  readonly permissions?: readonly Permission[]
}

/** Permissions hold for tokens from before too; disabling ends them. */
export async function updateServiceAccount(
  tx: Tx,
  instance: Place,
  id: string,
  change: ServiceAccountChange,
): Promise<void> {
  const { description, expiresAt, isDisabled, permissions } = change
  if (description !== undefined) checkDescription(description)
  const updated = await tx
    .updateTable('service_accounts')
    .set((eb) => ({
      ...(description !== undefined && { description }),
      ...(expiresAt !== undefined && { expires_at: expiresAt }),
      ...(isDisabled !== undefined && { disabled_at: isDisabled ? change.at : null }),
      version: isDisabled ? eb('version', '+', 1) : eb.ref('version'),
      updated_at: change.at,
    }))
    .where('id', '=', id)
    .where('instance_id', '=', instance.id)
    .returning('id')
    .executeTakeFirst()
  if (!updated) throw unknownServiceAccount(id)
  if (permissions !== undefined) {
    await deletePermissions(tx, id)
    await insertPermissions(tx, id, permissions)
  }
  const type = isDisabled === undefined ? 'credential.changed' : disabledEvent(isDisabled)
  await tell(tx, instance, { ...change, id, type })
}

function disabledEvent(isDisabled: boolean): 'credential.disabled' | 'credential.enabled' {
  return isDisabled ? 'credential.disabled' : 'credential.enabled'
}

/** `chosenHash`: `hashHumanSecret` of what a person chose; without it a secret is made and returned. */
export async function resetServiceAccountSecret(
  tx: Tx,
  instance: Place,
  id: string,
  change: Change & { readonly chosenHash?: string },
): Promise<{ readonly secret: string | undefined }> {
  const secret = change.chosenHash === undefined ? newSecret() : undefined
  const updated = await tx
    .updateTable('service_accounts')
    .set((eb) => ({
      secret_hash: secret === undefined ? (change.chosenHash ?? '') : hashMachineSecret(secret),
      version: eb('version', '+', 1),
      updated_at: change.at,
    }))
    .where('id', '=', id)
    .where('instance_id', '=', instance.id)
    .returning('id')
    .executeTakeFirst()
  if (!updated) throw unknownServiceAccount(id)
  await tell(tx, instance, { ...change, id, type: 'credential.changed' })
  return { secret }
}

export async function deleteServiceAccount(
  tx: Tx,
  instance: Place,
  id: string,
  change: Change,
): Promise<void> {
  // Only then its permissions: the id may be another instance's.
  const owned = await tx
    .selectFrom('service_accounts')
    .select('id')
    .where('id', '=', id)
    .where('instance_id', '=', instance.id)
    .executeTakeFirst()
  if (!owned) throw unknownServiceAccount(id)
  await deletePermissions(tx, id)
  await deleteCloudTags(tx, { kind: 'service-account', id })
  await tx.deleteFrom('service_accounts').where('id', '=', id).execute()
  await tell(tx, instance, { ...change, id, type: 'credential.deleted' })
}

/** Throws RESOURCE_NOT_FOUND. `name` without its prefix. */
export async function getServiceAccountId(
  db: Queryable,
  instanceId: string,
  name: string,
): Promise<string> {
  const row = await db
    .selectFrom('service_accounts')
    .select('id')
    .where('instance_id', '=', instanceId)
    .where('name', '=', name)
    .executeTakeFirst()
  if (!row) throw unknownServiceAccount(`${servicePrefix}${name}`)
  return row.id
}

function checkName(name: string): void {
  if (isServiceAccountName(name)) return
  throw new ApiError('PARAMETER_INVALID', {
    message: {
      en: 'the name of a service account begins with a-z or 0-9; a-z, 0-9, ".", "_" and "-" may follow',
      zh: '服务级账号名称以小写字母或数字开头，由小写字母、数字和 . _ - 组成',
    },
  })
}

function checkDescription(description: string): void {
  if (description.length <= maxDescriptionLength) return
  throw new ApiError('PARAMETER_INVALID', {
    message: {
      en: `a description has at most ${maxDescriptionLength} characters`,
      zh: `描述最多 ${maxDescriptionLength} 个字符`,
    },
  })
}

function nameTaken(name: string): ApiError {
  return new ApiError('RESOURCE_EXISTS', {
    message: {
      en: `a service account ${servicePrefix}${name} exists in this instance`,
      zh: `该实例中已有服务级账号 ${servicePrefix}${name}`,
    },
  })
}

/** `called`: its id or its name. */
export function unknownServiceAccount(called: string): ApiError {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: {
      en: `there is no service account ${called} in this instance`,
      zh: `该实例中没有服务级账号 ${called}`,
    },
  })
}

interface Told extends Change {
  readonly id: string
  readonly type:
    | 'credential.created'
    | 'credential.changed'
    | 'credential.disabled'
    | 'credential.enabled'
    | 'credential.deleted'
}

async function tell(tx: Tx, instance: Place, { id, at, origin, type }: Told): Promise<void> {
  await record(tx, {
    at,
    type,
    instanceId: instance.id,
    region: instance.region,
    origin,
    cause: 'user',
    payload: { credential: `service-account:${id}` },
  })
}
