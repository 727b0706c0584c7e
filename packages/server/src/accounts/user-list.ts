// What a list shows of users beside their own rows: a page of them at once.

import type { Queryable } from '../db/database.ts'

export interface UserBelongings {
  readonly mustChangePassword: boolean
  readonly hasDevice: boolean
  readonly policies: number
  readonly keys: number
  readonly credentials: number
  readonly groups: readonly string[]
}

/** By uin. */
export async function findBelongings(
  db: Queryable,
  uins: readonly number[],
): Promise<ReadonlyMap<number, UserBelongings>> {
  if (uins.length === 0) return new Map()
  const groups = await listGroupNames(db, uins)
  const rows = await db
    .selectFrom('accounts as a')
    .leftJoin('mfa_devices as d', (join) =>
      join.onRef('d.uin', '=', 'a.uin').on('d.confirmed_at', 'is not', null),
    )
    .select(['a.uin', 'a.need_reset_password', 'd.uin as device'])
    .select((eb) => [
      ...(['api_keys', 'user_credentials'] as const).map((table) =>
        eb
          .selectFrom(table)
          .select((inner) => inner.fn.countAll<number>().as('count'))
          .whereRef(`${table}.uin`, '=', 'a.uin')
          .as(table),
      ),
      eb
        .selectFrom('policy_attachments as p')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .where('p.target_kind', '=', 'user')
        .whereRef('p.target_id', '=', 'a.uin')
        .as('policies'),
    ])
    .where('a.uin', 'in', uins)
    .execute()
  return new Map(
    rows.map((row) => [
      row.uin,
      {
        mustChangePassword: row.need_reset_password === 1,
        hasDevice: row.device !== null,
        policies: Number(row.policies),
        keys: Number(row.api_keys),
        credentials: Number(row.user_credentials),
        groups: groups.get(row.uin) ?? [],
      },
    ]),
  )
}

async function listGroupNames(
  db: Queryable,
  uins: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const rows = await db
    .selectFrom('group_members as m')
    .innerJoin('account_groups as g', 'g.id', 'm.group_id')
    .select(['m.uin', 'g.name'])
    .where('m.uin', 'in', uins)
    .orderBy('g.name')
    .execute()
  const names = new Map<number, string[]>()
  for (const { uin, name } of rows) {
    const known = names.get(uin)
    if (known) known.push(name)
    else names.set(uin, [name])
  }
  return names
}
