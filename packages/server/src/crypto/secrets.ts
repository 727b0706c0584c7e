// Secrets that are only ever compared. A machine-made one has so much entropy that SHA-256 is enough; one that
// a person chose is kept as Argon2id. The stored text says which: `sha256:<hex>` or `$argon2id$…`.

import { hash, randomInt, timingSafeEqual } from 'node:crypto'
import { hashArgon2, isArgon2Hash, verifyArgon2 } from './argon2.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** 32 of 62 signs: 190 bits. */
const secretLength = 32

/** Letters and digits only: it goes through shells, URLs and config files unquoted. */
export function newSecret(length = secretLength): string {
  let secret = ''
  for (let i = 0; i < length; i++) secret += alphabet[randomInt(alphabet.length)]
  return secret
}

export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex')
}

/** For secrets of `newSecret()`. */
export function hashMachineSecret(secret: string): string {
  return `sha256:${sha256Hex(secret)}`
}

/** For secrets that a person chose. Takes tens of milliseconds off the event loop. */
export function hashHumanSecret(secret: string): Promise<string> {
  return hashArgon2(secret)
}

export function isHumanHash(stored: string): boolean {
  return isArgon2Hash(stored)
}

/** A promise only where Argon2id must run. */
export function verifySecret(secret: string, stored: string): boolean | Promise<boolean> {
  if (isArgon2Hash(stored)) return verifyArgon2(secret, stored)
  return equalText(hashMachineSecret(secret), stored)
}

/** Takes the same time wherever two texts of one length differ. */
export function equalText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
