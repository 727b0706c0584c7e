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

/** Of one actor, in an instance or a namespace of it, or anywhere in the account. */
export async function countPullsOf(
  db: Queryable,
  actor: string,
  within: {
    readonly ownerUin: number
    readonly since: number
    readonly instanceId?: string
    /** With its instance. */
    readonly namespace?: string
  },
): Promise<number> {
  const { ownerUin, since, instanceId, namespace } = within
  let query = db
    .selectFrom('audit')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('count'), eb.lit(0)).as('pulls'))
    .where('owner_uin', '=', ownerUin)
    .where('actor', '=', actor)
    .where('at', '>=', since)
    .where('event', '=', 'PullRepository')
    .where('result', '=', 'ok')
  if (instanceId !== undefined) query = query.where('instance_id', '=', instanceId)
  if (namespace !== undefined) {
    const prefix = `${namespace}/`
    query = query.where(sql<boolean>`substr(resource, 1, ${prefix.length}) = ${prefix}`)
  }
  const { pulls } = await query.executeTakeFirstOrThrow()
  return Number(pulls)
}

/** Of each credential, as audit rows name it; of those that pulled nothing there is no entry. */
export async function countPullsBy(
  db: Queryable,
  of: {
    readonly ownerUin: number
    readonly credentials: readonly string[]
    readonly since: number
  },
): Promise<ReadonlyMap<string, number>> {
  if (of.credentials.length === 0) return new Map()
  const rows = await db
    .selectFrom('audit')
    .select(['credential', (eb) => eb.fn.sum<number>('count').as('pulls')])
    .where('owner_uin', '=', of.ownerUin)
    .where('credential', 'in', of.credentials)
    .where('at', '>=', of.since)
    .where('event', '=', 'PullRepository')
    .where('result', '=', 'ok')
    .groupBy('credential')
    .execute()
  return new Map(rows.map(({ credential, pulls }) => [credential ?? '', Number(pulls)]))
}

export interface RecentUse {
  readonly pulls: number
  readonly pushes: number
  readonly addresses: readonly string[]
}

const shownAddresses = 10

/** Of a credential, as audit rows name it. */
export async function findRecentUse(
  db: Queryable,
  of: { readonly ownerUin: number; readonly credential: string; readonly since: number },
): Promise<RecentUse> {
  const rows = await db
    .selectFrom('audit')
    .select(['event', 'address', (eb) => eb.fn.sum<number>('count').as('uses')])
    .where('owner_uin', '=', of.ownerUin)
    .where('credential', '=', of.credential)
    .where('at', '>=', of.since)
    .where('event', 'in', ['PullRepository', 'PushRepository'])
    .where('result', '=', 'ok')
    .groupBy(['event', 'address'])
    .orderBy('uses', 'desc')
    .execute()
  const sum = (event: string) =>
    rows.reduce((total, row) => total + (row.event === event ? Number(row.uses) : 0), 0)
  const addresses = new Set(rows.flatMap(({ address }) => address ?? []))
  return {
    pulls: sum('PullRepository'),
    pushes: sum('PushRepository'),
    addresses: [...addresses].slice(0, shownAddresses),
  }
}
