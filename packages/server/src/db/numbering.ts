// Numbers that the API shows, from one table, the same on both databases. Given ascending and never twice; one that
// was taken by a transaction that failed may be missing. Far below 2^53, which JavaScript clients read exactly.

import { sql } from 'kysely'
import type { Tx } from './database.ts'

/** Where each kind begins: kinds are told apart at sight, and none looks like a count. */
const firstNumbers = {
  uin: 100_000_100_001,
  'app-id': 1_300_000_001,
  group: 200_001,
  role: 4_611_686_018_001,
  policy: 10_000_001,
  namespace: 1001,
  'immutability-rule': 101,
  'retention-rule': 301,
  'retention-run': 3001,
  'gc-run': 501,
  'webhook-trigger': 701,
} as const

export type NumberKind = keyof typeof firstNumbers

/** Holds the kind until the transaction ends: take it as late as possible. */
export async function nextNumber(tx: Tx, kind: NumberKind): Promise<number> {
  const { last } = await tx
    .insertInto('numbers')
    .values({ kind, last: firstNumbers[kind] })
    .onConflict((conflict) =>
      conflict.column('kind').doUpdateSet({ last: sql<number>`numbers.last + 1` }),
    )
    .returning('last')
    .executeTakeFirstOrThrow()
  return last
}
