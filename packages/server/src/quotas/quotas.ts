// Kept counts and the quotas on them. Counted is the plain size of each distinct blob and manifest, once per
// namespace and once per instance, from publish until its row goes; open uploads reserve. A charge is the
// last statement of its transaction, so that a counter's row is locked for as short as possible; where no
// quota is set it is an insert that a job folds, so that parallel pushes share no row at all.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { isChanged, prepare, run } from '../db/prepared.ts'
import type { CountersTable } from '../db/schema.ts'

export type Metric = CountersTable['metric']

export interface Charge {
  /** An instance's or a namespace's id. */
  readonly scopeId: string
  readonly metric: Metric
  /** Negative: credit, never refused. */
  readonly delta: number
}

/** Adds up charges of one transaction, so that each counter is touched once, in one order. */
export class Bill {
  readonly #charges = new Map<string, { scopeId: string; metric: Metric; delta: number }>()

  add(scopeId: string, metric: Metric, delta: number): void {
    const key = `${scopeId} ${metric}`
    const entry = this.#charges.get(key)
    if (entry) entry.delta += delta
    else this.#charges.set(key, { scopeId, metric, delta })
  }

  /** Throws QUOTA_EXCEEDED; the transaction then rolls back. */
  async settle(tx: Tx): Promise<void> {
    const inOrder = [...this.#charges.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const [, charge] of inOrder) if (charge.delta !== 0) await settleOne(tx, charge)
  }
}

async function settleOne(tx: Tx, charge: Charge): Promise<void> {
  if (isChanged(await run(tx, insertDelta, charge))) return
  const { scopeId, metric, delta } = charge
  let update = tx
    .updateTable('counters')
    .set((eb) => ({ value: eb('value', '+', delta) }))
    .where('scope_id', '=', scopeId)
    .where('metric', '=', metric)
  if (delta > 0) {
    update = update.where((eb) => eb(eb('value', '+', delta), '<=', eb.ref('quota')))
  }
  const result = await update.executeTakeFirst()
  if (result.numUpdatedRows === 0n && delta > 0) {
    // Deltas from before the quota was set, and credits not yet folded, may still make room.
    await foldScope(tx, scopeId, metric)
    const again = await update.executeTakeFirst()
    if (again.numUpdatedRows === 0n)
      throw quotaExceeded(charge, await findCounter(tx, scopeId, metric))
  }
}

/** Inserts nothing where there is a quota. */
const insertDelta = prepare<Charge>()((db, p) =>
  db
    .insertInto('counter_deltas')
    .columns(['scope_id', 'metric', 'delta'])
    .expression(
      db
        .selectNoFrom((eb) => [
          eb.cast<string>(p('scopeId'), 'text').as('scope_id'),
          eb.cast<Metric>(p('metric'), 'text').as('metric'),
          eb.cast<number>(p('delta'), 'bigint').as('delta'),
        ])
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('counters')
                .select('quota')
                .where('scope_id', '=', p('scopeId'))
                .where('metric', '=', p('metric'))
                .where('quota', 'is not', null),
            ),
          ),
        ),
    ),
)

function quotaExceeded(charge: Charge, counter: Counter | undefined): ApiError {
  const used = counter?.value ?? 0
  const quota = counter?.quota ?? 0
  return new ApiError('QUOTA_EXCEEDED', {
    message:
      `quota exceeded: ${charge.metric} ${used} of ${quota} used, ${charge.delta} more asked; ` +
      'delete what is not needed or ask an administrator to raise the quota',
    detail: { quota: charge.metric, value: quota, used, asked: charge.delta },
  })
}

interface Counter {
  readonly value: number
  readonly quota: number | null
}

function findCounter(db: Queryable, scopeId: string, metric: Metric): Promise<Counter | undefined> {
  return db
    .selectFrom('counters')
    .select(['value', 'quota'])
    .where('scope_id', '=', scopeId)
    .where('metric', '=', metric)
    .executeTakeFirst()
}

/** Sets or lifts (null) a quota; what is used already may lie above it: then only deletes go through. */
export async function setQuota(
  tx: Tx,
  scopeId: string,
  metric: Metric,
  quota: number | null,
): Promise<void> {
  await tx
    .insertInto('counters')
    .values({ scope_id: scopeId, metric, value: 0, quota })
    .onConflict((oc) => oc.columns(['scope_id', 'metric']).doUpdateSet({ quota }))
    .execute()
  await foldScope(tx, scopeId, metric)
}

/** Moves the deltas of one counter into it. */
export async function foldScope(tx: Tx, scopeId: string, metric: Metric): Promise<void> {
  const deltas = await tx
    .deleteFrom('counter_deltas')
    .where('scope_id', '=', scopeId)
    .where('metric', '=', metric)
    .returning('delta')
    .execute()
  if (deltas.length === 0) return
  const sum = deltas.reduce((total, row) => total + row.delta, 0)
  await tx
    .insertInto('counters')
    .values({ scope_id: scopeId, metric, value: sum, quota: null })
    .onConflict((oc) =>
      oc
        .columns(['scope_id', 'metric'])
        .doUpdateSet((eb) => ({ value: eb('counters.value', '+', sum) })),
    )
    .execute()
}

/** For a scope that goes. */
export async function deleteCounters(tx: Tx, scopeId: string): Promise<void> {
  await tx.deleteFrom('counter_deltas').where('scope_id', '=', scopeId).execute()
  await tx.deleteFrom('counters').where('scope_id', '=', scopeId).execute()
}

/** What is used now, unfolded deltas included. */
export async function getUsage(db: Queryable, scopeId: string, metric: Metric): Promise<number> {
  const counter = await findCounter(db, scopeId, metric)
  const open = await db
    .selectFrom('counter_deltas')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('delta'), eb.lit(0)).as('sum'))
    .where('scope_id', '=', scopeId)
    .where('metric', '=', metric)
    .executeTakeFirstOrThrow()
  return (counter?.value ?? 0) + Number(open.sum)
}

export interface Used {
  readonly used: number
  /** Null: none. */
  readonly quota: number | null
}

/** What `getUsage` says, of many scopes at once; what was never counted is not in it. */
export async function listUsage(
  db: Queryable,
  scopeIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<Metric, Used>>> {
  if (scopeIds.length === 0) return new Map()
  const counters = await db
    .selectFrom('counters')
    .select(['scope_id', 'metric', 'value', 'quota'])
    .where('scope_id', 'in', scopeIds)
    .execute()
  const deltas = await db
    .selectFrom('counter_deltas')
    .select(['scope_id', 'metric'])
    .select((eb) => eb.fn.sum<number>('delta').as('value'))
    .where('scope_id', 'in', scopeIds)
    .groupBy(['scope_id', 'metric'])
    .execute()
  const usage = new Map<string, Map<Metric, Used>>()
  const add = (scopeId: string, metric: Metric, value: number, quota: number | null) => {
    const ofScope = usage.get(scopeId) ?? new Map<Metric, Used>()
    const known = ofScope.get(metric)
    ofScope.set(metric, { used: (known?.used ?? 0) + value, quota: known?.quota ?? quota })
    usage.set(scopeId, ofScope)
  }
  for (const row of counters) add(row.scope_id, row.metric, row.value, row.quota)
  for (const row of deltas) add(row.scope_id, row.metric, Number(row.value), null)
  return usage
}

/** True when uploads into the namespace must reserve their bytes beforehand. */
export async function hasByteQuota(
  db: Queryable,
  instanceId: string,
  namespaceId: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('counters')
    .select('scope_id')
    .where('scope_id', 'in', [instanceId, namespaceId])
    .where('metric', '=', 'bytes')
    .where('quota', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}
