// Long-term user-level credentials: a login of one person at one instance, user name the uin. The secret is
// shown once; only its hash is kept.

import { ApiError } from '@entrepot/contract/errors.ts'
import { recordAudit } from '../audit/audit.ts'
import type { Origin } from '../audit/origin.ts'
import { hashMachineSecret, newSecret } from '../crypto/secrets.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'

type Place = Pick<Instance, 'id' | 'region'>

/** A login asks all of a person's credentials in one instance. */
export const maxCredentialsPerPerson = 100
const maxDescriptionLength = 255

export interface UserCredential {
  readonly id: string
  readonly uin: number
  readonly description: string
  readonly isDisabled: boolean
  readonly createdAt: number
}

export interface NewUserCredential {
  readonly uin: number
  readonly description: string
  readonly at: number
  readonly origin: Origin
  /** `hashHumanSecret` of what the operator chose; without it a secret is made. */
  readonly secretHash?: string
}

/** `secret` is shown to its person now or never; undefined when it was chosen by them. */
export async function createUserCredential(
  tx: Tx,
  instance: Place,
  input: NewUserCredential,
): Promise<{ readonly id: string; readonly secret: string | undefined }> {
  if (input.description.length > maxDescriptionLength) {
    throw new ApiError('PARAMETER_INVALID', {
      message: `a description has at most ${maxDescriptionLength} characters`,
    })
  }
  await checkCount(tx, instance.id, input.uin)
  const secret = input.secretHash === undefined ? newSecret() : undefined
  const id = newId()
  await tx
    .insertInto('user_credentials')
    .values({
      id,
      instance_id: instance.id,
      uin: input.uin,
      secret_hash: secret === undefined ? (input.secretHash ?? '') : hashMachineSecret(secret),
      description: input.description,
      disabled_at: null,
      version: 1,
      created_at: input.at,
    })
    .execute()
  await tell(tx, instance, {
    ...input,
    id,
    type: 'credential.created',
    action: 'CreateInstanceToken',
  })
  return { id, secret }
}

async function checkCount(tx: Tx, instanceId: string, uin: number): Promise<void> {
  // Holds the person's row, so that two at once cannot both be the last one allowed.
  await tx
    .updateTable('accounts')
    .set((eb) => ({ version: eb.ref('version') }))
    .where('uin', '=', uin)
    .execute()
  const { count } = await tx
    .selectFrom('user_credentials')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('instance_id', '=', instanceId)
    .where('uin', '=', uin)
    .executeTakeFirstOrThrow()
  if (Number(count) < maxCredentialsPerPerson) return
  throw new ApiError('QUOTA_EXCEEDED', {
    message: `a person has at most ${maxCredentialsPerPerson} long-term credentials in an instance; delete one first`,
    detail: { quota: maxCredentialsPerPerson, used: Number(count), asked: 1 },
  })
}

interface Change {
  readonly id: string
  readonly at: number
  readonly origin: Origin
}

/** Ends the logins and every token made of it; enabling brings back the logins, not the tokens. */
export async function setUserCredentialDisabled(
  tx: Tx,
  instance: Place,
  change: Change & { readonly isDisabled: boolean },
): Promise<void> {
  const updated = await tx
    .updateTable('user_credentials')
    .set((eb) => ({
      disabled_at: change.isDisabled ? change.at : null,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', change.id)
    .where('instance_id', '=', instance.id)
    .where('disabled_at', change.isDisabled ? 'is' : 'is not', null)
    .returning('id')
    .executeTakeFirst()
  if (!updated) return checkExists(tx, instance.id, change.id)
  const type = change.isDisabled ? 'credential.disabled' : 'credential.enabled'
  await tell(tx, instance, { ...change, type, action: 'ModifyInstanceToken' })
}

export async function deleteUserCredential(tx: Tx, instance: Place, change: Change): Promise<void> {
  const deleted = await tx
    .deleteFrom('user_credentials')
    .where('id', '=', change.id)
    .where('instance_id', '=', instance.id)
    .returning('id')
    .executeTakeFirst()
  if (!deleted) throw unknownCredential(change.id)
  await tell(tx, instance, { ...change, type: 'credential.deleted', action: 'DeleteInstanceToken' })
}

/** Only those of one person: nobody sees another's. */
export async function listUserCredentials(
  db: Queryable,
  instanceId: string,
  uin: number,
): Promise<UserCredential[]> {
  const rows = await db
    .selectFrom('user_credentials')
    .select(['id', 'uin', 'description', 'disabled_at', 'created_at'])
    .where('instance_id', '=', instanceId)
    .where('uin', '=', uin)
    .orderBy('id')
    .limit(maxCredentialsPerPerson)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    uin: row.uin,
    description: row.description,
    isDisabled: row.disabled_at !== null,
    createdAt: row.created_at,
  }))
}

async function checkExists(tx: Tx, instanceId: string, id: string): Promise<void> {
  const row = await tx
    .selectFrom('user_credentials')
    .select('id')
    .where('id', '=', id)
    .where('instance_id', '=', instanceId)
    .executeTakeFirst()
  if (!row) throw unknownCredential(id)
}

function unknownCredential(id: string): ApiError {
  return new ApiError('NOT_FOUND', { message: `there is no credential ${id} in this instance` })
}

interface Told extends Change {
  readonly type:
    | 'credential.created'
    | 'credential.disabled'
    | 'credential.enabled'
    | 'credential.deleted'
  readonly action: string
}

async function tell(tx: Tx, instance: Place, change: Told): Promise<void> {
  const { id, at, origin, type, action } = change
  await record(tx, {
    at,
    type,
    instanceId: instance.id,
    region: instance.region,
    origin,
    cause: 'user',
    payload: { credential: `long-term:${id}` },
  })
  await recordAudit(tx, {
    at,
    instanceId: instance.id,
    origin,
    action: `tcr:${action}`,
    resource: `long-term:${id}`,
    result: 'ok',
  })
}
