// Cloud tags of policies, as the API writes them.

import type { Queryable, Tx } from '../db/database.ts'

export interface PolicyTag {
  readonly key: string
  readonly value: string
}

/** Of a policy that was just made; of two with one key the last counts. */
export async function setPolicyTags(
  tx: Tx,
  policyId: number,
  tags: readonly PolicyTag[],
): Promise<void> {
  const byKey = new Map(tags.map(({ key, value }) => [key, value]))
  if (byKey.size === 0) return
  await tx
    .insertInto('policy_tags')
    .values([...byKey].map(([key, value]) => ({ policy_id: policyId, key, value })))
    .execute()
}

/** By policy; those without tags are missing. */
export async function tagsOfPolicies(
  db: Queryable,
  policyIds: readonly number[],
): Promise<ReadonlyMap<number, readonly { readonly Key: string; readonly Value: string }[]>> {
  const byPolicy = new Map<number, { Key: string; Value: string }[]>()
  if (policyIds.length === 0) return byPolicy
  const rows = await db
    .selectFrom('policy_tags')
    .select(['policy_id', 'key', 'value'])
    .where('policy_id', 'in', [...policyIds])
    .orderBy('key')
    .execute()
  for (const { policy_id: id, key, value } of rows) {
    const tags = byPolicy.get(id) ?? []
    tags.push({ Key: key, Value: value })
    byPolicy.set(id, tags)
  }
  return byPolicy
}
