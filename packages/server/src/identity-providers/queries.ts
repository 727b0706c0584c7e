import type { Queryable } from '../db/database.ts'
import type { IdentityProvidersTable } from '../db/schema-accounts.ts'

export async function countProviders(
  db: Queryable,
  ownerUin: number,
  kind: IdentityProvidersTable['kind'],
): Promise<number> {
  const { count } = await db
    .selectFrom('identity_providers')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow()
  return Number(count)
}
