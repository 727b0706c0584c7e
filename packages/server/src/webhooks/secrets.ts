// What is sealed of a trigger: the headers of its targets, often what a receiver knows us by, and the secret that signs.

import { newSecret } from '../crypto/secrets.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Header } from './webhooks.ts'

const headersPurpose = 'webhook-headers'
const secretPurpose = 'webhook-secret'

export function sealHeaders(vault: Pick<Vault, 'seal'>, headers: readonly Header[]): Uint8Array {
  return vault.seal(headersPurpose, Buffer.from(JSON.stringify(headers)))
}

export async function openHeaders(
  vault: Pick<Vault, 'open'>,
  sealed: Uint8Array,
): Promise<readonly Header[]> {
  const bytes = await vault.open(headersPurpose, sealed)
  return JSON.parse(Buffer.from(bytes).toString())
}

export function sealNewSecret(vault: Pick<Vault, 'seal'>): {
  readonly secret: string
  readonly sealed: Uint8Array
} {
  const secret = newSecret()
  return { secret, sealed: vault.seal(secretPurpose, Buffer.from(secret)) }
}

export async function openSecret(vault: Pick<Vault, 'open'>, sealed: Uint8Array): Promise<string> {
  return Buffer.from(await vault.open(secretPurpose, sealed)).toString()
}
