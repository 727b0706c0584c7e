// Whether a second factor is asked of a person: at every login, at sensitive actions. Whoever has none yet is asked to
// set one up; whoever has one is asked for it at login either way.

import type { Queryable, Tx } from '../db/database.ts'

export interface FactorFlags {
  readonly atLogin: boolean
  readonly atActions: boolean
}

export async function findFactorFlags(db: Queryable, uin: number): Promise<FactorFlags> {
  const row = await db
    .selectFrom('accounts')
    .select(['login_factor', 'action_factor'])
    .where('uin', '=', uin)
    .executeTakeFirst()
  return { atLogin: row?.login_factor === 1, atActions: row?.action_factor === 1 }
}

/** What is left out stays. */
export async function setFactorFlags(
  tx: Tx,
  uin: number,
  { atLogin, atActions }: Partial<FactorFlags>,
): Promise<void> {
  const columns = {
    ...(atLogin !== undefined && { login_factor: atLogin ? 1 : 0 }),
    ...(atActions !== undefined && { action_factor: atActions ? 1 : 0 }),
  }
  if (Object.keys(columns).length === 0) return
  await tx.updateTable('accounts').set(columns).where('uin', '=', uin).execute()
}
