// Refresh ("offline") tokens: `docker login` keeps one in place of the password, for as long as the password
// would have worked. So it has no end of its own; it dies with its credential or its person, and is bound to
// one subject and one instance. Only we read it, so it is sealed instead of signed, and the signing keys can
// be rotated often.

import { z } from 'zod'
import type { Vault } from '../crypto/vault.ts'
import type { CredentialRef } from './caller.ts'
import { parseCredentialRef } from './tokens.ts'

const purpose = 'refresh-token'
const maxLength = 2048

export interface RefreshToken {
  readonly instanceId: string
  readonly subject: string
  readonly credential: CredentialRef
}

const content = z.object({ instanceId: z.string(), subject: z.string(), credential: z.unknown() })

export function issueRefreshToken(vault: Vault, token: RefreshToken): string {
  const sealed = vault.seal(purpose, Buffer.from(JSON.stringify(token)))
  return Buffer.from(sealed).toString('base64url')
}

/** Undefined for whatever is not ours. Whether its credential still holds is the caller's question. */
export async function openRefreshToken(
  vault: Vault,
  text: string,
): Promise<RefreshToken | undefined> {
  if (text.length > maxLength || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined
  const opened = await vault.tryOpen(purpose, Buffer.from(text, 'base64url'))
  if (!opened) return undefined
  const { data } = content.safeParse(JSON.parse(Buffer.from(opened).toString()))
  const credential = parseCredentialRef(data?.credential)
  if (!data || !credential) return undefined
  return { instanceId: data.instanceId, subject: data.subject, credential }
}
