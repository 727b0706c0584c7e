// Failed logins are counted by where they came from and for which name: by the registry for minutes (`throttle.ts`),
// by the console until somebody unlocks (`logins/lockout.ts`). What their two tables have in common.

import { sql } from 'kysely'
import { sha256Hex } from '../crypto/secrets.ts'
import type { Tx } from '../db/database.ts'
import { networkOf } from './client-network.ts'

export interface FailureKey {
  /** An IPv6 client's whole network. */
  readonly address: string
  /** The name itself stays out of the table: people type passwords into the field above. */
  readonly name_hash: string
}

export function failureKey(address: string | null, name: string): FailureKey {
  return { address: networkOf(address), name_hash: sha256Hex(name).slice(0, 32) }
}

const timeOf = {
  login_throttles: 'window_started_at',
  console_login_failures: 'last_failed_at',
} as const

/** Removes rows of that time and before, at most `maxRows`; returns how many. */
export async function forgetFailures(
  tx: Tx,
  table: keyof typeof timeOf,
  upTo: number,
  maxRows: number,
): Promise<number> {
  const name = sql.table(table)
  const result = await sql`
    delete from ${name} where (address, name_hash) in (
      select address, name_hash from ${name} where ${sql.ref(timeOf[table])} <= ${upTo}
      limit ${maxRows})`.execute(tx)
  return Number(result.numAffectedRows ?? 0n)
}
