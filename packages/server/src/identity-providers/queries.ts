import type { Queryable } from '../db/database.ts'

/** `role`: who logs in there takes on roles; `user`: becomes one of the users. */
export type ProviderKind = 'role' | 'user'

export async function countProviders(
  db: Queryable,
  ownerUin: number,
  kind: ProviderKind,
): Promise<number> {
  const { count } = await db
    .selectFrom('identity_providers')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow()
  return Number(count)
}
