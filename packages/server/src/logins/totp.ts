// One-time codes by time (RFC 6238 over RFC 4226): SHA-1, 30 seconds, six digits, which is what every generator app
// makes of a plain `otpauth:` link. Pure.

import { createHmac, timingSafeEqual } from 'node:crypto'

export const stepMs = 30_000
const digits = 6
/** A generator's clock may be a step off, either way (RFC 6238, 5.2). */
const toleratedSteps = 1
/** RFC 4226, 4: at least 128 bits, 160 recommended. */
export const secretBytes = 20

export function stepAt(nowMs: number): number {
  return Math.floor(nowMs / stepMs)
}

export function codeOf(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0xf
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits
  return String(number).padStart(digits, '0')
}

/** The step that the code is of; undefined: of none that is near. */
export function stepOfCode(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  if (!/^[0-9]{6}$/.test(code)) return undefined
  const now = stepAt(nowMs)
  let found: number | undefined
  for (let step = now - toleratedSteps; step <= now + toleratedSteps; step += 1) {
    if (timingSafeEqual(Buffer.from(codeOf(secret, step)), Buffer.from(code))) found = step
  }
  return found
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 base 32 without padding, as generator apps take it. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet.charAt((held >>> bits) & 31)
    }
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet.charAt((held << (5 - bits)) & 31) : text
}

/** For a QR code (Google Authenticator's "Key URI Format"). */
export function otpauthLink(secret: Uint8Array, account: string): string {
  const label = `Entrepot:${encodeURIComponent(account)}`
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=Entrepot&digits=6&period=30`
}
