// What an account may have in this region. The limits are rows of the account's own scope, made when it first has
// something, and changed by the operator.

import type { Queryable, Tx } from '../db/database.ts'
import { accountScope } from '../quotas/account-scope.ts'
import { getUsage, setQuota } from '../quotas/quotas.ts'
import { describeTransfer, setTransferQuota } from './transfers.ts'

/** `tags`: in each repository. */
export type CountMetric = 'namespaces' | 'repositories' | 'tags'

export const usualQuotas: Readonly<Record<CountMetric, number>> = {
  namespaces: 10,
  repositories: 500,
  tags: 100,
}

const countMetrics = Object.keys(usualQuotas) as readonly CountMetric[]

/** Before the account's first namespace; what is there stays as it is. */
export async function ensureQuotas(tx: Tx, ownerUin: number): Promise<void> {
  await tx
    .insertInto('counters')
    .values(
      countMetrics.map((metric) => ({
        scope_id: accountScope(ownerUin),
        metric,
        value: 0,
        quota: usualQuotas[metric],
      })),
    )
    .onConflict((oc) => oc.columns(['scope_id', 'metric']).doNothing())
    .execute()
}

/** Null: no limit. */
export async function findQuota(
  db: Queryable,
  ownerUin: number,
  metric: CountMetric,
): Promise<number | null> {
  const row = await db
    .selectFrom('counters')
    .select('quota')
    .where('scope_id', '=', accountScope(ownerUin))
    .where('metric', '=', metric)
    .executeTakeFirst()
  return row ? row.quota : usualQuotas[metric]
}

/** As the API names it. */
export type QuotaName =
  | 'Namespaces'
  | 'Repositories'
  | 'TagsPerRepository'
  | 'UploadBytes'
  | 'DownloadBytes'

export interface QuotaEntry {
  readonly Name: QuotaName
  readonly Used: number | null
  readonly Limit: number | null
}

export async function describeQuotas(
  db: Queryable,
  ownerUin: number,
  at: number,
): Promise<readonly QuotaEntry[]> {
  const scope = accountScope(ownerUin)
  const quota = (metric: CountMetric) => findQuota(db, ownerUin, metric)
  const upload = await describeTransfer(db, ownerUin, 'upload', at)
  const download = await describeTransfer(db, ownerUin, 'download', at)
  return [
    {
      Name: 'Namespaces',
      Used: await getUsage(db, scope, 'namespaces'),
      Limit: await quota('namespaces'),
    },
    {
      Name: 'Repositories',
      Used: await getUsage(db, scope, 'repositories'),
      Limit: await quota('repositories'),
    },
    // There is one for each repository.
    { Name: 'TagsPerRepository', Used: null, Limit: await quota('tags') },
    { Name: 'UploadBytes', ...upload },
    { Name: 'DownloadBytes', ...download },
  ]
}

/** In a request: no quota at all. */
const noQuota = -1

/** `limit`: -1 lifts the quota, undefined gives the usual one. */
export async function changeQuota(
  tx: Tx,
  ownerUin: number,
  name: QuotaName,
  limit: number | undefined,
): Promise<void> {
  const quota = limit === noQuota ? null : limit
  switch (name) {
    case 'Namespaces':
      return setCount(tx, ownerUin, 'namespaces', quota)
    case 'Repositories':
      return setCount(tx, ownerUin, 'repositories', quota)
    case 'TagsPerRepository':
      return setCount(tx, ownerUin, 'tags', quota)
    case 'UploadBytes':
      return setTransferQuota(tx, ownerUin, 'upload', quota ?? null)
    case 'DownloadBytes':
      return setTransferQuota(tx, ownerUin, 'download', quota ?? null)
  }
}

async function setCount(
  tx: Tx,
  ownerUin: number,
  metric: CountMetric,
  asked: number | null | undefined,
): Promise<void> {
  const quota = asked === undefined ? usualQuotas[metric] : asked
  await ensureQuotas(tx, ownerUin)
  await setQuota(tx, accountScope(ownerUin), metric, quota)
  if (metric !== 'tags') return
  const repositories = await tx
    .selectFrom('repositories as r')
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .select('r.id')
    .where('n.owner_uin', '=', ownerUin)
    .where('r.deleted_at', 'is', null)
    .where('r.born_at', 'is not', null)
    .orderBy('r.id')
    .execute()
  for (const { id } of repositories) await setQuota(tx, id, 'tags', quota)
}
