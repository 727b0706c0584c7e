// Wrong passwords of the console. So many from one address for one name lock that pair, and nothing else: from any
// other address the right password works, so nobody can lock out another. An administrator unlocks, or time does.

import { ApiError } from '@entrepot/contract/errors.ts'
import { sql } from 'kysely'
import { failureKey, forgetFailures } from '../credentials/failed-logins.ts'
import type { Queryable, Tx } from '../db/database.ts'

/** A lock without an administrator lasts until so long after the last wrong one. */
export const lockMs = 3_600_000

export interface Attempt {
  readonly address: string | null
  /** As typed. */
  readonly name: string
}

function keyOf({ address, name }: Attempt) {
  return failureKey(address, name)
}

/** Asked before the password is looked at. Throws TOO_MANY_REQUESTS. */
export async function assertNotLocked(
  db: Queryable,
  attempt: Attempt,
  { retryLimit, at }: { readonly retryLimit: number; readonly at: number },
): Promise<void> {
  const key = keyOf(attempt)
  const row = await db
    .selectFrom('console_login_failures')
    .select(['failures', 'last_failed_at'])
    .where('address', '=', key.address)
    .where('name_hash', '=', key.name_hash)
    .executeTakeFirst()
  const endsAt = (row?.last_failed_at ?? 0) + lockMs
  if (!row || row.failures < retryLimit || endsAt <= at) return
  throw new ApiError('TOO_MANY_REQUESTS', {
    message: {
      en: 'too many wrong passwords from this address; an administrator can unlock, or try again in an hour',
      zh: '来自该地址的错误密码次数过多，可由管理员解锁，或一小时后重试',
    },
    headers: { 'retry-after': String(Math.max(1, Math.ceil((endsAt - at) / 1000))) },
  })
}

/** `uin`: of the account with that name, if there is one. */
export async function countWrong(
  tx: Tx,
  attempt: Attempt,
  { uin, at }: { readonly uin: number | null; readonly at: number },
): Promise<void> {
  const isOver = sql<boolean>`console_login_failures.last_failed_at <= ${at - lockMs}`
  await tx
    .insertInto('console_login_failures')
    .values({ ...keyOf(attempt), uin, failures: 1, last_failed_at: at })
    .onConflict((conflict) =>
      conflict.columns(['address', 'name_hash']).doUpdateSet({
        uin,
        failures: sql`case when ${isOver} then 1 else console_login_failures.failures + 1 end`,
        last_failed_at: at,
      }),
    )
    .execute()
}

/** After a right password from there. */
export async function forgetWrong(tx: Tx, attempt: Attempt): Promise<void> {
  const key = keyOf(attempt)
  await tx
    .deleteFrom('console_login_failures')
    .where('address', '=', key.address)
    .where('name_hash', '=', key.name_hash)
    .execute()
}

/** From all addresses. */
export async function unlock(tx: Tx, uin: number): Promise<void> {
  await tx.deleteFrom('console_login_failures').where('uin', '=', uin).execute()
}

export interface Lock {
  /** An IPv6 client's whole network. */
  readonly address: string
  readonly failures: number
  readonly lastFailedAt: number
}

const maxLocksShown = 200

/** Pairs of the person that are locked or on the way there. */
export function listWrong(db: Queryable, uin: number, at: number): Promise<Lock[]> {
  return db
    .selectFrom('console_login_failures')
    .select(['address', 'failures', 'last_failed_at as lastFailedAt'])
    .where('uin', '=', uin)
    .where('last_failed_at', '>', at - lockMs)
    .orderBy('last_failed_at', 'desc')
    .limit(maxLocksShown)
    .execute()
}

/** Removes what is over, at most `maxRows`; returns how many. */
export function forgetOldWrong(tx: Tx, at: number, maxRows: number): Promise<number> {
  return forgetFailures(tx, 'console_login_failures', at - lockMs, maxRows)
}
