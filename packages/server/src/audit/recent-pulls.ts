// How much was pulled lately, before somebody takes it away. Runs on `heavy`: a busy repository has many rows.

import { sql } from 'kysely'
import type { Queryable } from '../db/database.ts'

export const recentMs = 7 * 86_400_000

interface PulledFrom {
  readonly ownerUin: number
  readonly instanceId: string
  /** `<namespace>/<name>` */
  readonly path: string
  readonly since: number
}

/** By the tag or digest that was asked for. */
export async function countPulls(
  db: Queryable,
  { ownerUin, instanceId, path, since }: PulledFrom,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('audit')
    .select(['reference', (eb) => eb.fn.sum<number>('count').as('pulls')])
    .where('owner_uin', '=', ownerUin)
    .where('resource_name', '=', path)
    .where('at', '>=', since)
    .where('event', '=', 'PullRepository')
    .where('result', '=', 'ok')
    .where('instance_id', '=', instanceId)
    .groupBy('reference')
    .execute()
  return new Map(rows.map(({ reference, pulls }) => [reference ?? '', Number(pulls)]))
}

/** Of one actor, in a namespace of an instance, or anywhere in the account. */
export async function countPullsOf(
  db: Queryable,
  actor: string,
  within: {
    readonly ownerUin: number
    readonly since: number
    readonly namespace?: { readonly instanceId: string; readonly name: string }
  },
): Promise<number> {
  const { ownerUin, since, namespace } = within
  let query = db
    .selectFrom('audit')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('count'), eb.lit(0)).as('pulls'))
    .where('owner_uin', '=', ownerUin)
    .where('actor', '=', actor)
    .where('at', '>=', since)
    .where('event', '=', 'PullRepository')
    .where('result', '=', 'ok')
  if (namespace) {
    const prefix = `${namespace.name}/`
    query = query
      .where('instance_id', '=', namespace.instanceId)
      .where(sql<boolean>`substr(resource, 1, ${prefix.length}) = ${prefix}`)
  }
  const { pulls } = await query.executeTakeFirstOrThrow()
  return Number(pulls)
}
