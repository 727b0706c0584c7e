// Service accounts: robots of one instance. Their rights are rows of their own, apart from those of whoever
// made them, whom they outlive. Everything but the name can change; each change that takes something away
// raises the version, which ends the tokens from before.

import { ApiError } from '@entrepot/contract/errors.ts'
import { type Action, grantableActions } from '../access/actions.ts'
import { everyNamespace } from '../access/actor.ts'
import { recordAudit } from '../audit/audit.ts'
import type { Origin } from '../audit/origin.ts'
import { hashMachineSecret, newSecret } from '../crypto/secrets.ts'
import type { Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import { isServiceAccountName, servicePrefix } from './service-account-name.ts'

type Place = Pick<Instance, 'id' | 'region'>

const dayMs = 86_400_000
export const defaultLifetimeDays = 30
/** A robot's permissions are read with it. */
export const maxPermissions = 500
const maxDescriptionLength = 255

export interface Permission {
  /** A namespace's id, or `everyNamespace`. */
  readonly namespaceId: string
  /** `readOnly`, `readWrite`, or what is granted by name. */
  readonly actions: readonly Action[]
}

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
      disabled_at: null,
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
  await tell(tx, instance, {
    ...input,
    id,
    type: 'credential.created',
    action: 'CreateServiceAccount',
  })
  return { id, name: `${servicePrefix}${input.name}`, secret, expiresAt }
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
  await tell(tx, instance, { ...change, id, type, action: 'ModifyServiceAccount' })
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
    }))
    .where('id', '=', id)
    .where('instance_id', '=', instance.id)
    .returning('id')
    .executeTakeFirst()
  if (!updated) throw unknownServiceAccount(id)
  const action = 'ModifyServiceAccountPassword'
  await tell(tx, instance, { ...change, id, type: 'credential.changed', action })
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
  await tx.deleteFrom('service_accounts').where('id', '=', id).execute()
  await tell(tx, instance, {
    ...change,
    id,
    type: 'credential.deleted',
    action: 'DeleteServiceAccount',
  })
}

async function deletePermissions(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('service_account_permissions').where('service_account_id', '=', id).execute()
}

async function insertPermissions(
  tx: Tx,
  id: string,
  permissions: readonly Permission[],
): Promise<void> {
  const granted = new Map<string, Set<Action>>()
  for (const { namespaceId, actions } of permissions) {
    const known = granted.get(namespaceId) ?? new Set()
    for (const action of actions) known.add(action)
    granted.set(namespaceId, known)
  }
  checkPermissions(granted)
  const rows = [...granted].flatMap(([namespaceId, actions]) =>
    [...actions].map((action) => ({
      service_account_id: id,
      namespace_id: namespaceId,
      action,
    })),
  )
  await tx.insertInto('service_account_permissions').values(rows).execute()
}

function checkPermissions(granted: ReadonlyMap<string, ReadonlySet<Action>>): void {
  if (granted.size === 0 || granted.size > maxPermissions) {
    throw invalid(`a service account has 1 to ${maxPermissions} permissions`)
  }
  for (const [namespaceId, actions] of granted) {
    for (const action of actions) {
      if (!grantableActions.includes(action)) throw invalid(`not support action: ${action}`)
    }
    const isNamed = namespaceId === everyNamespace || /^[0-9a-v]{20}$/.test(namespaceId)
    if (!isNamed || actions.size === 0) throw invalid('a permission names a namespace and actions')
  }
}

function checkName(name: string): void {
  if (isServiceAccountName(name)) return
  throw invalid(
    'the name of a service account begins with a-z or 0-9; a-z, 0-9, ".", "_" and "-" may follow',
  )
}

function checkDescription(description: string): void {
  if (description.length <= maxDescriptionLength) return
  throw invalid(`a description has at most ${maxDescriptionLength} characters`)
}

function invalid(message: string): ApiError {
  return new ApiError('PARAMETER_INVALID', { message })
}

function nameTaken(name: string): ApiError {
  return invalid(`a service account ${servicePrefix}${name} exists in this instance`)
}

function unknownServiceAccount(id: string): ApiError {
  return new ApiError('NOT_FOUND', {
    message: `there is no service account ${id} in this instance`,
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
  readonly action: string
}

async function tell(tx: Tx, instance: Place, change: Told): Promise<void> {
  const { id, at, origin, type, action } = change
  const credential = `service-account:${id}`
  await record(tx, {
    at,
    type,
    instanceId: instance.id,
    region: instance.region,
    origin,
    cause: 'user',
    payload: { credential },
  })
  await recordAudit(tx, {
    at,
    instanceId: instance.id,
    origin,
    action: `tcr:${action}`,
    resource: credential,
    result: 'ok',
  })
}
