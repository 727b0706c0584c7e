import { randomFillSync } from 'node:crypto'
import { systemClock } from '../clock.ts'

const digits = '0123456789abcdefghijklmnopqrstuv'
const timeDigits = 10
const randomDigits = 10
const poolBytes = 1024 * randomDigits

const pool = new Uint8Array(poolBytes)
let used = poolBytes
let lastMs = 0
const clock = systemClock()

/**
 * 20 characters of `[0-9a-v]`: 50 bits of milliseconds, 50 random bits. Sorts by the time it was made
 * (to the millisecond, in one process never backwards) and is unique over regions without asking anyone.
 */
export function newId(nowMs = clock.now()): string {
  lastMs = Math.max(lastMs, nowMs)
  return encodeTime(lastMs) + encodeRandom()
}

/** No id that was made at that time or later is less. */
export function leastIdOf(ms: number): string {
  return encodeTime(ms) + '0'.repeat(randomDigits)
}

function encodeTime(ms: number): string {
  let text = ''
  let rest = ms
  for (let i = 0; i < timeDigits; i += 1) {
    text = digits.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

function encodeRandom(): string {
  if (used + randomDigits > poolBytes) {
    randomFillSync(pool)
    used = 0
  }
  let text = ''
  // A byte's low 5 bits are one digit, each as likely as the other.
  for (const end = used + randomDigits; used < end; used += 1) {
    text += digits.charAt((pool[used] ?? 0) & 31)
  }
  return text
}
