// Long-term user-level credentials: a login of one person at one instance, user name the uin. The secret is
// shown once; only its hash is kept.

import { ApiError } from '@entrepot/contract/errors.ts'
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

/** The person, or the feature that breaks without it. */
export type CredentialMaker = 'user' | 'build' | 'sync' | 'kubernetes'

export interface UserCredential {
  readonly id: string
  readonly uin: number
  readonly description: string
  readonly isDisabled: boolean
  readonly createdAt: number
  readonly madeBy: CredentialMaker
  /** To the hour. */
  readonly lastUsedAt: number | null
  readonly lastUsedAddress: string | null
}

export interface NewUserCredential {
  readonly uin: number
  readonly description: string
  readonly madeBy?: CredentialMaker
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
  checkDescription(input.description)
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
      made_by: input.madeBy ?? 'user',
    })
    .execute()
  await tell(tx, instance, { ...input, id, type: 'credential.created' })
  return { id, secret }
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

async function checkCount(tx: Tx, instanceId: string, uin: number): Promise<void> {
  // Holds the person's row, so that two at once cannot both be the last one allowed.
  const person = await tx
    .updateTable('accounts')
    .set((eb) => ({ version: eb.ref('version') }))
    .where('uin', '=', uin)
    .returning('uin')
    .executeTakeFirst()
  // Deleted a moment ago.
  if (!person) throw new ApiError('UNAUTHORIZED')
  const { count } = await tx
    .selectFrom('user_credentials')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('instance_id', '=', instanceId)
    .where('uin', '=', uin)
    .executeTakeFirstOrThrow()
  if (Number(count) < maxCredentialsPerPerson) return
  throw new ApiError('QUOTA_EXCEEDED', {
    message: {
      en: `a person has at most ${maxCredentialsPerPerson} long-term credentials in an instance; delete one first`,
      zh: `每人在一个实例中最多 ${maxCredentialsPerPerson} 个长期访问凭证，请先删除一个`,
    },
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
  await tell(tx, instance, { ...change, type })
}

export async function describeUserCredential(
  tx: Tx,
  instance: Place,
  change: Change & { readonly description: string },
): Promise<void> {
  const { id, description } = change
  checkDescription(description)
  const updated = await tx
    .updateTable('user_credentials')
    .set({ description })
    .where('id', '=', id)
    .where('instance_id', '=', instance.id)
    .returning('id')
    .executeTakeFirst()
  if (!updated) throw unknownCredential(id)
  await tell(tx, instance, { ...change, type: 'credential.changed' })
}

export async function deleteUserCredential(tx: Tx, instance: Place, change: Change): Promise<void> {
  const deleted = await tx
    .deleteFrom('user_credentials')
    .where('id', '=', change.id)
    .where('instance_id', '=', instance.id)
    .returning('id')
    .executeTakeFirst()
  if (!deleted) throw unknownCredential(change.id)
  await tell(tx, instance, { ...change, type: 'credential.deleted' })
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
    .select(['made_by', 'last_used_at', 'last_used_address'])
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
    madeBy: row.made_by,
    lastUsedAt: row.last_used_at,
    lastUsedAddress: row.last_used_address,
  }))
}

/** Throws RESOURCE_NOT_FOUND also for another person's: that it exists is nobody else's business. */
export async function assertOwnCredential(
  tx: Tx,
  instanceId: string,
  { id, uin }: { readonly id: string; readonly uin: number },
): Promise<void> {
  const row = await tx
    .selectFrom('user_credentials')
    .select('uin')
    .where('id', '=', id)
    .where('instance_id', '=', instanceId)
    .executeTakeFirst()
  if (row?.uin !== uin) throw unknownCredential(id)
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

export function unknownCredential(id: string): ApiError {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: {
      en: `there is no credential ${id} of yours in this instance`,
      zh: `该实例中没有属于您的访问凭证 ${id}`,
    },
  })
}

interface Told extends Change {
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
    payload: { credential: `long-term:${id}` },
  })
}
