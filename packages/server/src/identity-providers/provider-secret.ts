// The client secret of a provider: sealed by the vault, never answered.

import type { Vault } from '../crypto/vault.ts'
import type { Provider } from './providers.ts'

const purpose = 'oidc-client-secret'

/** Empty: none. */
export function sealSecret(vault: Vault, secret: string): Uint8Array | null {
  return secret === '' ? null : vault.seal(purpose, Buffer.from(secret))
}

export async function openSecret(
  vault: Vault,
  { secretWrapped }: Pick<Provider, 'secretWrapped'>,
): Promise<string | undefined> {
  if (secretWrapped === null) return undefined
  return Buffer.from(await vault.open(purpose, secretWrapped)).toString('utf8')
}
