// AES-256-GCM with a random nonce, as one run of bytes: version, nonce, tag, ciphertext. What the bytes are
// for is authenticated with them, so that a sealed webhook header cannot be passed off as a storage key.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export const keyBytes = 32
const formatVersion = 1
const nonceBytes = 12
const tagBytes = 16
const headBytes = 1 + nonceBytes + tagBytes

export function encrypt(key: Uint8Array, purpose: string, plaintext: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(purpose))
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return Buffer.concat([Buffer.of(formatVersion), nonce, cipher.getAuthTag(), body])
}

/** Undefined: another key, another purpose, or changed bytes. */
export function decrypt(
  key: Uint8Array,
  purpose: string,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < headBytes || sealed[0] !== formatVersion) return undefined
  const nonce = sealed.subarray(1, 1 + nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(purpose))
  decipher.setAuthTag(sealed.subarray(1 + nonceBytes, headBytes))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()])
  } catch {
    // The only failure there is: the tag does not fit. What is wrong stays unsaid on purpose.
    return undefined
  }
}
