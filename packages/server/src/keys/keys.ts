// API keys of people: a SecretId that everyone may see and a SecretKey, shown once, that signs calls. It must be read
// back to check a signature, so the vault seals it.

import { ApiError } from '@entrepot/contract/errors.ts'
import { holdPerson, lockMainAccount } from '../accounts/accounts.ts'
import { apiKeyPurpose, newSecretId } from '../credentials/first-credentials.ts'
import { newSecret } from '../crypto/secrets.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Queryable, Tx } from '../db/database.ts'

/** Enabled or not: enough to replace them one by one, few enough to keep an eye on. */
export const maxKeysPerPerson = 5

export interface ApiKeyRecord {
  readonly secretId: string
  readonly isDisabled: boolean
  readonly description: string
  readonly createdAt: number
  readonly lastUsedAt: number | null
  readonly lastUsedAction: string | null
}

export interface NewKey {
  readonly ownerUin: number
  readonly uin: number
  readonly description: string
  readonly at: number
}

/** `secretKey` is shown now or never. */
export async function createKey(
  tx: Tx,
  vault: Vault,
  input: NewKey,
): Promise<{ readonly secretId: string; readonly secretKey: string }> {
  await lockMainAccount(tx, input.ownerUin)
  await holdPerson(tx, input.uin)
  const { count } = await tx
    .selectFrom('api_keys')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('uin', '=', input.uin)
    .executeTakeFirstOrThrow()
  if (Number(count) >= maxKeysPerPerson) {
    throw new ApiError('KEY_LIMIT', {
      message: {
        en: `a person has at most ${maxKeysPerPerson} API keys; delete one first`,
        zh: `每人最多 ${maxKeysPerPerson} 个 API 密钥，请先删除一个`,
      },
      detail: { quota: maxKeysPerPerson, used: Number(count), asked: 1 },
    })
  }
  const [secretId, secretKey] = [newSecretId(), newSecret()]
  await tx
    .insertInto('api_keys')
    .values({
      secret_id: secretId,
      uin: input.uin,
      secret_wrapped: vault.seal(apiKeyPurpose, Buffer.from(secretKey)),
      state: 'active',
      description: input.description,
      created_at: input.at,
    })
    .execute()
  return { secretId, secretKey }
}

/** Holds within a second on every process. */
export async function setKeyDisabled(
  tx: Tx,
  uin: number,
  secretId: string,
  isDisabled: boolean,
): Promise<void> {
  const updated = await tx
    .updateTable('api_keys')
    .set({ state: isDisabled ? 'disabled' : 'active' })
    .where('secret_id', '=', secretId)
    .where('uin', '=', uin)
    .returning('secret_id')
    .executeTakeFirst()
  if (!updated) throw unknownKey(secretId)
}

export async function deleteKey(tx: Tx, uin: number, secretId: string): Promise<void> {
  const deleted = await tx
    .deleteFrom('api_keys')
    .where('secret_id', '=', secretId)
    .where('uin', '=', uin)
    .returning('secret_id')
    .executeTakeFirst()
  if (!deleted) throw unknownKey(secretId)
}

export async function listKeys(db: Queryable, uin: number): Promise<ApiKeyRecord[]> {
  const rows = await selectKeys(db)
    .where('uin', '=', uin)
    .orderBy('created_at')
    .orderBy('secret_id')
    .execute()
  return rows.map(fromRow)
}

/** Those of the ids that are keys of people below the main account, with whose they are. */
export async function findKeys(
  db: Queryable,
  ownerUin: number,
  secretIds: readonly string[],
): Promise<(ApiKeyRecord & { readonly uin: number })[]> {
  const rows = await selectKeys(db)
    .where('secret_id', 'in', [...secretIds])
    .where('uin', 'in', (eb) =>
      eb.selectFrom('accounts').select('uin').where('owner_uin', '=', ownerUin),
    )
    .execute()
  return rows.map((row) => ({ ...fromRow(row), uin: row.uin }))
}

function selectKeys(db: Queryable) {
  return db
    .selectFrom('api_keys')
    .select(['secret_id', 'uin', 'state', 'description'])
    .select(['created_at', 'last_used_at', 'last_used_action'])
}

type KeyRow = Awaited<ReturnType<ReturnType<typeof selectKeys>['executeTakeFirstOrThrow']>>

function fromRow(row: KeyRow): ApiKeyRecord {
  return {
    secretId: row.secret_id,
    isDisabled: row.state === 'disabled',
    description: row.description,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    lastUsedAction: row.last_used_action,
  }
}

function unknownKey(secretId: string): ApiError {
  return new ApiError('KEY_NOT_FOUND', {
    message: { en: `there is no API key ${secretId}`, zh: `没有 API 密钥 ${secretId}` },
  })
}
