// The credentials of the main account at first start: what the operator gave, and made-up ones for the rest.

import { createMainAccount } from '../accounts/accounts.ts'
import type { Origin } from '../audit/origin.ts'
import { hashHumanSecret, hashMachineSecret, newSecret } from '../crypto/secrets.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Tx } from '../db/database.ts'
import type { Instance } from '../instances/instances.ts'
import { createUserCredential } from './user-credentials.ts'

export const apiKeyPurpose = 'api-key'
const secretIdLength = 32
const secretIdPrefix = 'AKID'

export interface GivenCredentials {
  readonly password: string | undefined
  readonly apiKey: { readonly secretId: string; readonly secretKey: string } | undefined
  readonly token: string | undefined
}

export interface FirstCredentials {
  /** To be shown once. Undefined where the operator gave it: that is never printed. */
  readonly shown: {
    readonly password: string | undefined
    readonly apiKey: { readonly secretId: string; readonly secretKey: string } | undefined
    readonly token: string | undefined
  }
  readonly passwordHash: string
  readonly tokenHash: string
  readonly secretId: string
  readonly secretWrapped: Uint8Array
}

/** Outside the transaction that stores them: Argon2id takes its time. */
export async function makeFirstCredentials(
  given: GivenCredentials,
  vault: Vault,
): Promise<FirstCredentials> {
  const password = given.password === undefined ? newSecret() : undefined
  const token = given.token === undefined ? newSecret() : undefined
  const apiKey = given.apiKey ?? { secretId: newSecretId(), secretKey: newSecret() }
  return {
    shown: { password, token, apiKey: given.apiKey ? undefined : apiKey },
    passwordHash: await hashHumanSecret(password ?? given.password ?? ''),
    tokenHash: await hashToken(token, given.token),
    secretId: apiKey.secretId,
    secretWrapped: vault.seal(apiKeyPurpose, Buffer.from(apiKey.secretKey)),
  }
}

/** A given token is any text, so somebody may have thought it up. */
function hashToken(made: string | undefined, given: string | undefined): string | Promise<string> {
  return made !== undefined ? hashMachineSecret(made) : hashHumanSecret(given ?? '')
}

/** `AKID` and 32 letters and digits, as the cloud's SDKs expect them to look. */
export function newSecretId(): string {
  return `${secretIdPrefix}${newSecret(secretIdLength)}`
}

export interface MainAccountInput {
  readonly uin: number
  readonly name: string
  readonly credentials: FirstCredentials
  readonly at: number
  readonly origin: Origin
}

/** The account, its API key and its first long-term credential. False: the account was there already. */
export async function insertMainAccount(
  tx: Tx,
  instance: Pick<Instance, 'id' | 'region'>,
  input: MainAccountInput,
): Promise<boolean> {
  const { uin, name, at, origin, credentials } = input
  const { passwordHash, secretId, secretWrapped, tokenHash } = credentials
  if (!(await createMainAccount(tx, { uin, name, passwordHash, at }))) return false
  await tx
    .insertInto('api_keys')
    .values({
      secret_id: secretId,
      uin,
      secret_wrapped: secretWrapped,
      state: 'active',
      created_at: at,
    })
    .execute()
  await createUserCredential(tx, instance, {
    uin,
    description: 'made at first start',
    at,
    origin,
    secretHash: tokenHash,
  })
  return true
}
