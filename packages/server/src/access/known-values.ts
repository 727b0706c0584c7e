// The values that rows of an account may have, for conditions of which it can't be told beforehand which count, as those
// with `string_like`.

import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import type { Reach } from '../policies/reach.ts'
import type { KnownValues } from '../policies/row-tests.ts'

/** What SQL can be asked: the question twice, where the first answer lacks values. */
export async function settledReach(
  db: Database,
  ownerUin: number,
  ask: (known: KnownValues | undefined) => Reach,
): Promise<Reach> {
  const reach = ask(undefined)
  const known = await findKnownValues(db, ownerUin, reach)
  return known ? ask(known) : reach
}

/** Undefined: it lacks none. */
export async function findKnownValues(
  db: Database,
  ownerUin: number,
  reach: Reach,
): Promise<KnownValues | undefined> {
  const lacks = reach.kind === 'some' ? (reach.rows?.lacks ?? []) : []
  if (lacks.length === 0) return undefined
  return {
    ...(lacks.includes('tags') && { tags: await listTags(db, ownerUin) }),
    ...(lacks.includes('creator') && { creator: await listCreators(db, ownerUin) }),
  }
}

/** At most `maxTagsPerAccount`. */
async function listTags(db: Database, ownerUin: number): Promise<readonly string[]> {
  const rows = await db.read
    .selectFrom('cloud_tags')
    .select(['key', 'value'])
    .where('owner_uin', '=', ownerUin)
    .execute()
  return rows.map(({ key, value }) => `${key}&${value}`)
}

/** Of whatever lies in the account: as many as it has, or had, people. */
async function listCreators(db: Database, ownerUin: number): Promise<readonly string[]> {
  const { rows } = await sql<{ creator: string }>`
    select cast(created_by as text) as creator from instances
      where owner_uin = ${ownerUin} and created_by is not null
    union select cast(n.created_by as text) from namespaces as n
      inner join instances as i on i.id = n.instance_id where i.owner_uin = ${ownerUin}
    union select r.created_by from repositories as r
      inner join instances as i on i.id = r.instance_id
      where i.owner_uin = ${ownerUin} and r.deleted_at is null`.execute(db.heavy)
  return rows.map(({ creator }) => creator)
}
