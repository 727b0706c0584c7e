// For tests: keys of people who sign charts, and what they sign.

import {
  armor,
  createCleartextMessage,
  enums,
  generateKey,
  type PrivateKey,
  revokeKey,
  sign,
} from 'openpgp'
import { provenanceOf } from './test-charts.ts'

export interface Signer {
  readonly key: PrivateKey
  readonly armored: string
  readonly fingerprint: string
}

/** `signsWith`: of which part the signatures are. `lifeSeconds` of 0: it never expires. */
export async function makeSigner(
  at: Date,
  { lifeSeconds = 0, signsWith = 'key' }: SignerWords = {},
): Promise<Signer> {
  const { privateKey } = await generateKey({
    userIDs: { name: 'Ana', email: 'ana@example.org' },
    type: 'ecc',
    curve: 'nistP256',
    date: at,
    keyExpirationTime: lifeSeconds,
    subkeys: signsWith === 'subkey' ? [{ sign: true }] : [],
    format: 'object',
  })
  return signerOf(privateKey)
}

interface SignerWords {
  readonly lifeSeconds?: number
  readonly signsWith?: 'key' | 'subkey'
}

function signerOf(key: PrivateKey): Signer {
  const armored = key.toPublic().armor()
  return { key, armored, fingerprint: key.getFingerprint().toUpperCase() }
}

/** The public key, revoked. */
export async function revoked({ key }: Signer, at: Date): Promise<string> {
  const { publicKey } = await revokeKey({ key, date: at, format: 'object' })
  return publicKey.armor()
}

/** What `helm package --sign` writes. */
export async function signedProvenanceOf(chart: Buffer, signer: Signer, at: Date) {
  const text = provenanceOf(chart)
  const message = text.slice(text.indexOf('\n\n') + 2, text.indexOf('\n-----BEGIN PGP SIGNATURE'))
  return signText(message, [signer.key], at)
}

export async function signText(text: string, keys: PrivateKey[], at: Date): Promise<string> {
  const message = await createCleartextMessage({ text })
  return sign({ message, signingKeys: keys, date: at })
}

/** Public keys in one block, as gpg exports a ring. */
export function armoredTogether(...keys: readonly PrivateKey[]): string {
  const bytes = Buffer.concat(keys.map((key) => key.toPublic().write()))
  return armor(enums.armor.publicKey, bytes)
}
