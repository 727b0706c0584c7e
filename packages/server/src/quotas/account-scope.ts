// What an account may have in the Personal edition of this region is counted in a scope of its own, beside the
// instance that all accounts share. The quota on tags is one for each repository: the account's row says which.

import type { Tx } from '../db/database.ts'
import { setQuota } from './quotas.ts'

export function accountScope(ownerUin: number): string {
  return `account:${ownerUin}`
}

/** A new repository may hold as many tags as the account's others. */
export async function giveTagQuota(tx: Tx, ownerUin: number, repositoryId: string): Promise<void> {
  const row = await tx
    .selectFrom('counters')
    .select('quota')
    .where('scope_id', '=', accountScope(ownerUin))
    .where('metric', '=', 'tags')
    .executeTakeFirst()
  if (row && row.quota !== null) await setQuota(tx, repositoryId, 'tags', row.quota)
}
