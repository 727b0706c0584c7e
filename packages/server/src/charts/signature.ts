// Whose signature a provenance file has, by the keys of its namespace (RFC 9580). A key that has expired or was revoked
// by now vouches for nothing, whenever it signed: nobody but the signer's clock says when that was.

import { maxProvenanceBytes } from '@entrepot/contract/entrepot/charts.ts'
import type { CleartextMessage, PublicKey, Subkey } from 'openpgp'
import { readProvenance } from './provenance.ts'
import { loadOpenpgp, type SigningKey } from './signing-keys.ts'
import { decodeText } from './yaml.ts'

export type SignatureState =
  | 'none'
  | 'unknown-key'
  | 'verified'
  | 'invalid'
  | 'expired-key'
  | 'revoked-key'

export interface Signature {
  readonly state: SignatureState
  /** 16 hex digits; of the first signature where none is of a known key. */
  readonly keyId: string | null
  /** The known key whose signature it is. */
  readonly key: SigningKey | null
  readonly signedAt: number | null
}

/** Helm makes one. */
const maxSignatures = 8
/** By which a signer's clock may be ahead. */
const skewMs = 10 * 60_000

const nothing = { keyId: null, key: null, signedAt: null } as const
export const noSignature: Signature = { state: 'none', ...nothing }
const invalid: Signature = { state: 'invalid', ...nothing }

/** Of a provenance file whose form is right. */
export async function readSignature(
  bytes: Uint8Array,
  keys: readonly SigningKey[],
  nowMs: number,
): Promise<Signature> {
  if (bytes.byteLength > maxProvenanceBytes) return noSignature
  const message = await parseMessage(bytes)
  if (!message || !isSameText(message, bytes)) return invalid
  const keyIds = message.getSigningKeyIDs().map((id) => id.toHex())
  if (keyIds.length === 0 || keyIds.length > maxSignatures) return invalid
  const known = keys.filter((key) => key.keyIds.some((id) => keyIds.includes(id)))
  if (known.length === 0) {
    return { state: 'unknown-key', keyId: keyIds[0] ?? null, key: null, signedAt: null }
  }
  const found: Signature[] = []
  for (const key of known) found.push(await verifyWith(message, key, nowMs))
  // Any that is good will do; else what is wrong with the first.
  return found.find(({ state }) => state === 'verified') ?? found[0] ?? invalid
}

async function parseMessage(bytes: Uint8Array): Promise<CleartextMessage | undefined> {
  const { readCleartextMessage } = await loadOpenpgp()
  // Whatever it throws is about the text.
  return readCleartextMessage({ cleartextMessage: decodeText('prov', bytes) }).catch(
    () => undefined,
  )
}

/**
 * The digests are read by our reader of the form, the signature by the library's: both must mean one text, and all that
 * is shown.
 */
function isSameText(message: CleartextMessage, bytes: Uint8Array): boolean {
  const { signedText, rest } = readProvenance(bytes)
  return rest.trim() === '' && trimmed(message.getText()) === trimmed(signedText)
}

function trimmed(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/[ \t\r]+$/, ''))
    .join('\n')
    .trimEnd()
}

async function verifyWith(
  message: CleartextMessage,
  known: SigningKey,
  nowMs: number,
): Promise<Signature> {
  const { readKey, verify } = await loadOpenpgp()
  const key = await readKey({ armoredKey: known.armored })
  const now = new Date(nowMs)
  const { signatures } = await verify({
    message,
    verificationKeys: key,
    date: new Date(nowMs + skewMs),
  })
  const checks = signatures.map(async ({ keyID, verified, signature }) => {
    const keyId = keyID.toHex()
    // Rejected for a signature that is bad, and for one of another key.
    const isGood = await verified.catch(() => false)
    const created = (await signature).packets[0]?.created ?? null
    return { keyId, isGood, signedAt: created === null ? null : created.getTime() }
  })
  const own = (await Promise.all(checks)).filter(({ keyId }) => known.keyIds.includes(keyId))
  const { keyId, isGood, signedAt } = own.find((check) => check.isGood) ??
    own[0] ?? { keyId: null, isGood: false, signedAt: null }
  const part = key.getKeys().find((one) => one.getKeyID().toHex() === keyId)
  const told = { keyId, key: known, signedAt }
  if (!part || (await isRevoked(key, part, now))) return { ...told, state: 'revoked-key' }
  const endsAt = await expiryOf(key, part, now)
  if (isGood) return { ...told, state: endsAt <= nowMs ? 'expired-key' : 'verified' }
  return { ...told, state: endsAt <= (signedAt ?? 0) ? 'expired-key' : 'invalid' }
}

async function isRevoked(key: PublicKey, part: PublicKey | Subkey, at: Date): Promise<boolean> {
  if (await key.isRevoked(undefined, undefined, at)) return true
  if (!('bindingSignatures' in part)) return false
  // What the library asks itself when it verifies a subkey; false where the key has revoked it.
  return part.verify(at).then(
    () => false,
    (error: unknown) => error instanceof Error && /revoked/.test(error.message),
  )
}

/** Of the subkey and the key, the first; milliseconds. */
async function expiryOf(key: PublicKey, part: PublicKey | Subkey, at: Date): Promise<number> {
  const ends = [await key.getExpirationTime()]
  if ('bindingSignatures' in part) ends.push(await part.getExpirationTime(at))
  // Null: no certificate of it holds any more.
  return Math.min(...ends.map((end) => (end === null ? 0 : Number(end))))
}
