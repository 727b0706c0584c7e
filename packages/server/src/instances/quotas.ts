// What an instance may hold: by its edition, or as an operator set it.

import {
  type Edition,
  type EditionFeature,
  editionQuotas,
  isAtLeast,
} from '@entrepot/contract/editions.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { getUsage, listUsage, type Metric, setQuota, type Used } from '../quotas/quotas.ts'
import { editionMetrics, lostFeatures } from './editions.ts'
import type { Instance } from './instances.ts'
import { lockInstance } from './queries.ts'

/** As the API names it. */
export type QuotaName =
  | 'Namespaces'
  | 'Repositories'
  | 'ChartRepositories'
  | 'VpcLinks'
  | 'StoredBytes'

const metrics: Readonly<Record<QuotaName, Exclude<Metric, 'tags'>>> = {
  Namespaces: 'namespaces',
  Repositories: 'repositories',
  ChartRepositories: 'chart-repositories',
  VpcLinks: 'vpc-links',
  StoredBytes: 'bytes',
}

export interface QuotaEntry {
  readonly Name: QuotaName
  readonly Used: number
  readonly Limit: number | null
  readonly EditionLimit: number | null
}

export async function describeQuotas(
  db: Queryable,
  instance: Pick<Instance, 'id' | 'edition'>,
): Promise<readonly QuotaEntry[]> {
  const usage = await listUsage(db, [instance.id])
  return quotasOf(instance.edition, usage.get(instance.id))
}

/** `usage`: as `listUsage` has it for the instance. */
export function quotasOf(
  edition: Edition,
  usage: ReadonlyMap<Metric, Used> | undefined,
): readonly QuotaEntry[] {
  return (Object.keys(metrics) as QuotaName[]).map((Name) => {
    const { used = 0, quota = null } = usage?.get(metrics[Name]) ?? {}
    return { Name, Used: used, Limit: quota, EditionLimit: editionQuota(edition, metrics[Name]) }
  })
}

function editionQuota(edition: Edition, metric: Exclude<Metric, 'tags'>): number | null {
  return metric === 'bytes' ? null : editionQuotas[edition][metric]
}

export async function findQuota(
  db: Queryable,
  scopeId: string,
  metric: Metric,
): Promise<number | null> {
  const row = await db
    .selectFrom('counters')
    .select('quota')
    .where('scope_id', '=', scopeId)
    .where('metric', '=', metric)
    .executeTakeFirst()
  return row?.quota ?? null
}

/** In a request: no quota at all. */
const noQuota = -1

/** `limit`: -1 lifts the quota, undefined gives what the edition gives. */
export async function changeQuota(
  tx: Tx,
  instance: Pick<Instance, 'id' | 'edition'>,
  name: QuotaName,
  limit: number | undefined,
): Promise<void> {
  const metric = metrics[name]
  await setQuota(
    tx,
    instance.id,
    metric,
    limit === undefined ? editionQuota(instance.edition, metric) : quotaOf(limit),
  )
}

export function quotaOf(limit: number): number | null {
  return limit === noQuota ? null : limit
}

/** What uses a feature, to be named to who would give it up. */
type FeatureUsers = (db: Queryable, instanceId: string) => Promise<readonly string[]>

/** Features that nothing offers yet have no users. */
const featureUsers: Partial<Record<EditionFeature, FeatureUsers>> = {
  'block-vulnerable': async (db, instanceId) => {
    const rows = await db
      .selectFrom('namespaces')
      .select('name')
      .where('instance_id', '=', instanceId)
      .where('deleted_at', 'is', null)
      .where('block_vulnerable', '=', 1)
      .orderBy('name')
      .limit(namedUsers)
      .execute()
    return rows.map(({ name }) => `namespace ${name}`)
  },
}

const namedUsers = 5

/** Up always; down only when nothing uses what the lower edition lacks. Throws EDITION_TOO_SMALL, which names it. */
export async function changeEdition(tx: Tx, instanceId: string, to: Edition): Promise<void> {
  const { edition: from } = await lockInstance(tx, instanceId)
  if (from === to) return
  const obstacles = isAtLeast(to, from) ? [] : await listObstacles(tx, instanceId, { from, to })
  if (obstacles.length > 0) throw editionTooSmall(to, obstacles)
  for (const metric of editionMetrics) {
    // Another one was set by an operator, and stays.
    const quota = await findQuota(tx, instanceId, metric)
    if (quota !== editionQuotas[from][metric]) continue
    await setQuota(tx, instanceId, metric, editionQuotas[to][metric])
  }
  await tx.updateTable('instances').set({ edition: to }).where('id', '=', instanceId).execute()
}

async function listObstacles(
  tx: Tx,
  instanceId: string,
  { from, to }: { readonly from: Edition; readonly to: Edition },
): Promise<readonly string[]> {
  const obstacles: string[] = []
  for (const metric of editionMetrics) {
    if ((await findQuota(tx, instanceId, metric)) !== editionQuotas[from][metric]) continue
    const used = await getUsage(tx, instanceId, metric)
    const quota = editionQuotas[to][metric]
    if (used > quota) obstacles.push(`${metric}: ${used} used, ${quota} allowed`)
  }
  for (const feature of lostFeatures(from, to)) {
    const users = await featureUsers[feature]?.(tx, instanceId)
    if (users && users.length > 0) obstacles.push(`${feature}: ${users.join(', ')}`)
  }
  return obstacles
}

function editionTooSmall(edition: Edition, obstacles: readonly string[]): ApiError {
  return new ApiError('EDITION_TOO_SMALL', {
    message: {
      en: `the instance uses what ${edition} lacks: ${obstacles.join('; ')}`,
      zh: `实例正在使用 ${edition} 规格不具备的功能或超出其配额：${obstacles.join('；')}`,
    },
    detail: { edition, obstacles },
  })
}
