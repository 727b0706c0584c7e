// Temporary keys: a SecretId, a SecretKey and a token that has to come with them. No row: everything stands in the
// token, sealed by the vault. They hold until their time is over, and end at once with their person or role, whose
// version they carry.

import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { ApiError } from '@entrepot/contract/errors.ts'
import { z } from 'zod'
import { newSecret } from '../crypto/secrets.ts'
import type { Vault } from '../crypto/vault.ts'

const purpose = 'temporary-key'
/** The reference's. */
export const maxTokenBytes = 4096
/** What inflates to more was not made here. */
const maxContentBytes = 256 * 1024
/** `AKID` and 64 more, so that nobody takes it for a lasting one. */
const secretIdChars = 64

export interface Grant {
  readonly kind: 'role' | 'federated' | 'own'
  /** A uin; of a role its number. */
  readonly id: number
  readonly ownerUin: number
  /** Of the person or role when the keys were made. */
  readonly version: number
  /** As the audit log calls the caller. */
  readonly name: string
  /** Who asked for them. */
  readonly principal: string
  readonly hasFactor: boolean
  /** Documents, each narrowing what the person or role may do. */
  readonly policies: readonly string[]
  /** Milliseconds. */
  readonly expiresAt: number
}

export interface TemporaryKey {
  readonly secretId: string
  readonly secretKey: string
  readonly token: string
}

export interface OpenedKey extends Grant {
  readonly secretId: string
  readonly secretKey: string
}

const content = z.object({
  kind: z.enum(['role', 'federated', 'own']),
  id: z.int(),
  ownerUin: z.int(),
  version: z.int(),
  name: z.string(),
  principal: z.string(),
  hasFactor: z.boolean(),
  policies: z.array(z.string()),
  expiresAt: z.int(),
  secretId: z.string(),
  secretKey: z.string(),
})

/** Throws LIMIT_EXCEEDED where the policies are too large to travel in the token. */
export function makeTemporaryKey(vault: Vault, grant: Grant): TemporaryKey {
  const secretId = `AKID${newSecret(secretIdChars)}`
  const secretKey = newSecret()
  const text = JSON.stringify({ ...grant, secretId, secretKey } satisfies OpenedKey)
  const sealed = vault.seal(purpose, deflateRawSync(text))
  const token = Buffer.from(sealed).toString('base64url')
  if (token.length > maxTokenBytes) {
    throw new ApiError('LIMIT_EXCEEDED', {
      message: {
        en: `the policy is too large: compressed, a token of ${maxTokenBytes} bytes must hold it`,
        zh: `策略过大：压缩后须能放入 ${maxTokenBytes} 字节的 Token`,
      },
    })
  }
  return { secretId, secretKey, token }
}

/** Undefined for whatever is not ours. Whether it still holds is the caller's question. */
export async function openTemporaryKey(
  vault: Vault,
  token: string,
): Promise<OpenedKey | undefined> {
  if (token.length > maxTokenBytes || !/^[A-Za-z0-9_-]+$/.test(token)) return undefined
  const sealed = await vault.tryOpen(purpose, Buffer.from(token, 'base64url'))
  if (!sealed) return undefined
  const text = inflateRawSync(sealed, { maxOutputLength: maxContentBytes }).toString()
  return content.safeParse(JSON.parse(text)).data
}
