// Failed logins, counted per client address: by the name tried, so that one broken robot stops only itself
// behind a shared address, and over all names, so that trying many names is no way around. Never by name
// alone: a stranger cannot lock anyone out. Rows, so that the count holds over all processes; a login that
// succeeds writes nothing.

import { ApiError } from '@entrepot/contract/errors.ts'
import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Database, Tx } from '../db/database.ts'
import { prepare } from '../db/prepared.ts'
import { type FailureKey, failureKey, forgetFailures } from './failed-logins.ts'
import { refusedLogin } from './refusal.ts'

export const throttleWindowMs = 300_000
export const maxFailuresPerName = 10
export const maxFailuresPerAddress = 100

const allNames = ''

const failuresOf = prepare<FailureKey>()((db, p) =>
  db
    .selectFrom('login_throttles')
    .select(['name_hash', 'failures', 'window_started_at'])
    .where('address', '=', p('address'))
    .where((eb) => eb.or([eb('name_hash', '=', allNames), eb('name_hash', '=', p('name_hash'))])),
)

export class LoginThrottle {
  readonly #db: Database
  readonly #clock: Clock

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  /**
   * Called before the secret is looked at, or its answer would still tell a guesser. Logins that run at the
   * same moment may pass together: no more than Argon2id's queue lets through.
   * @throws ApiError TOO_MANY_REQUESTS
   */
  async check(address: string | null, username: string): Promise<void> {
    const key = failureKey(address, username)
    const now = this.#clock.now()
    for (const row of await this.#db.fetch(failuresOf, key)) {
      const endsAt = row.window_started_at + throttleWindowMs
      const limit = row.name_hash === allNames ? maxFailuresPerAddress : maxFailuresPerName
      if (row.failures < limit || endsAt <= now) continue
      throw new ApiError('TOO_MANY_REQUESTS', {
        message: 'too many failed logins from this address; check the credentials and repeat later',
        cause: refusedLogin('too-many-attempts', username),
        headers: { 'retry-after': String(Math.max(1, Math.ceil((endsAt - now) / 1000))) },
      })
    }
  }

  async countFailure(address: string | null, username: string): Promise<void> {
    const key = failureKey(address, username)
    const now = this.#clock.now()
    await this.#db.write(async (tx) => {
      await raise(tx, { ...key, name_hash: allNames }, now)
      await raise(tx, key, now)
    })
  }
}

async function raise(tx: Tx, key: FailureKey, now: number): Promise<void> {
  const isOver = sql<boolean>`login_throttles.window_started_at <= ${now - throttleWindowMs}`
  await tx
    .insertInto('login_throttles')
    .values({ ...key, failures: 1, window_started_at: now })
    .onConflict((conflict) =>
      conflict.columns(['address', 'name_hash']).doUpdateSet({
        failures: sql`case when ${isOver} then 1 else login_throttles.failures + 1 end`,
        window_started_at: sql`case when ${isOver} then ${now} else login_throttles.window_started_at end`,
      }),
    )
    .execute()
}

/** Removes what has ended, at most `maxRows`; returns how many. For the clean-up that runs now and then. */
export function forgetThrottles(tx: Tx, now: number, maxRows: number): Promise<number> {
  return forgetFailures(tx, 'login_throttles', now - throttleWindowMs, maxRows)
}
