// Argon2id (RFC 9106) by the runtime's own implementation, kept in the PHC string format. Each run takes 19 MiB
// and a thread of the pool that file reads use too, so few run at once and few may wait.

import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'

/** OWASP's "Password Storage Cheat Sheet": 19 MiB, two passes, one lane. */
const memoryKib = 19_456
const passes = 2
const parallelism = 1
const saltBytes = 16
const tagBytes = 32

const maxRunning = 2
const maxWaiting = 64
const retryAfterSeconds = 2

/** What is stored was written by us; a larger cost than this is damage, not a setting. */
const maxStoredMemoryKib = 262_144
const maxStoredPasses = 16
const maxStoredParallelism = 16

interface Cost {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

let running = 0
const waiting: (() => void)[] = []

async function turn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= maxRunning) {
    if (waiting.length >= maxWaiting) {
      throw new ApiError('TOO_MANY_REQUESTS', {
        message: 'too many logins at once; repeat in a moment',
        headers: { 'retry-after': String(retryAfterSeconds) },
      })
    }
    // Whoever ends hands its place over, so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else {
    running += 1
  }
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

function derive(secret: string, salt: Uint8Array, length: number, cost: Cost): Promise<Buffer> {
  return turn(
    () =>
      new Promise((resolve, reject) => {
        const parameters = { message: secret, nonce: salt, tagLength: length, ...cost }
        argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag)))
      }),
  )
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

export async function hashArgon2(secret: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const tag = await derive(secret, salt, tagBytes, { memory: memoryKib, passes, parallelism })
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`
}

export function isArgon2Hash(stored: string): boolean {
  return stored.startsWith('$argon2id$')
}

const phcFormat =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,172})$/

export async function verifyArgon2(secret: string, stored: string): Promise<boolean> {
  const [, memory, times, lanes, salt = '', tag = ''] = phcFormat.exec(stored) ?? []
  const cost = { memory: Number(memory), passes: Number(times), parallelism: Number(lanes) }
  const isUsable =
    cost.memory <= maxStoredMemoryKib &&
    cost.passes <= maxStoredPasses &&
    cost.parallelism <= maxStoredParallelism
  if (!isUsable) return false
  const expected = Buffer.from(tag, 'base64')
  const found = await derive(secret, Buffer.from(salt, 'base64'), expected.length, cost)
  return timingSafeEqual(found, expected)
}
