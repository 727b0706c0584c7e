// Who a caller is, as a page tells it to him, and whom he may ask for more.

import type { Account } from '../access/actor.ts'
import type { Queryable } from '../db/database.ts'
import { presetsOfAdministrators } from '../policies/presets.ts'

export interface OwnPerson {
  readonly uin: number
  readonly name: string
  readonly email: string
  readonly mustChangePassword: boolean
  readonly createdAt: number
  readonly lastLoginAt: number | null
  readonly lastLoginAddress: string | null
}

/** Undefined: a role, which is no person. */
export async function findOwnPerson(
  db: Queryable,
  { uin, session }: Account,
): Promise<OwnPerson | undefined> {
  if (session?.kind === 'role') return undefined
  const row = await db
    .selectFrom('accounts')
    .select(['uin', 'name', 'email', 'need_reset_password', 'created_at'])
    .select(['last_login_at', 'last_login_address'])
    .where('uin', '=', uin)
    .executeTakeFirst()
  return (
    row && {
      uin: row.uin,
      name: row.name,
      email: row.email,
      mustChangePassword: row.need_reset_password === 1,
      createdAt: row.created_at,
      lastLoginAt: row.last_login_at,
      lastLoginAddress: row.last_login_address,
    }
  )
}

export interface Administrator {
  readonly uin: number
  readonly name: string
}

const maxAdministrators = 10

/** The main account, then sub-accounts to whom a preset gives everything, or all that concerns rights. */
export async function listAdministrators(
  db: Queryable,
  ownerUin: number,
): Promise<readonly Administrator[]> {
  const rows = await db
    .selectFrom('accounts as a')
    .select(['a.uin', 'a.name'])
    .where('a.owner_uin', '=', ownerUin)
    .where('a.uin', '!=', ownerUin)
    .where('a.state', '=', 'active')
    .where(({ or, exists, selectFrom }) =>
      or([
        exists(
          selectFrom('policy_attachments as p')
            .select('p.policy_id')
            .where('p.target_kind', '=', 'user')
            .whereRef('p.target_id', '=', 'a.uin')
            .where('p.policy_id', 'in', presetsOfAdministrators),
        ),
        exists(
          selectFrom('group_members as g')
            .innerJoin('policy_attachments as p', 'p.target_id', 'g.group_id')
            .select('p.policy_id')
            .where('p.target_kind', '=', 'group')
            .whereRef('g.uin', '=', 'a.uin')
            .where('p.policy_id', 'in', presetsOfAdministrators),
        ),
      ]),
    )
    .orderBy('a.uin')
    .limit(maxAdministrators - 1)
    .execute()
  const main = await db
    .selectFrom('accounts')
    .select(['uin', 'name'])
    .where('uin', '=', ownerUin)
    .executeTakeFirstOrThrow()
  return [main, ...rows]
}
