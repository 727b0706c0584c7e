// Runs of a rule: what was asked for, how far it is, and what it did. The row bears the id of its job. One of a
// namespace at a time.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Selectable } from 'kysely'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import { newId } from '../db/ids.ts'
import { nextNumber } from '../db/numbering.ts'
import type { RetentionRunsTable } from '../db/schema-retention.ts'
import { cancelJob, schedule } from '../jobs/jobs.ts'
import type { RuleItem } from './retention.ts'

export const runJob = 'retention'
/** Each attempt goes on at the repository where the last one was. */
const deadlineMs = 24 * 3_600_000

export type RunState = RetentionRunsTable['state']

export interface Run {
  readonly id: string
  /** What the API calls ExecutionId. */
  readonly number: number
  readonly namespaceId: string
  /** Undefined: by the rule of an account of the Personal edition. */
  readonly ruleNumber: number | undefined
  readonly items: readonly RuleItem[]
  readonly revision: number
  readonly startedBy: 'hand' | 'time'
  readonly isDry: boolean
  readonly state: RunState
  readonly lastPath: string
  readonly repositories: number
  readonly untouched: number
  readonly total: number
  readonly retained: number
  readonly reason: string | null
  readonly createdBy: string
  readonly createdAt: number
  readonly judgedAt: number | null
  readonly endedAt: number | null
}

export function fromRow(row: Selectable<RetentionRunsTable>): Run {
  return {
    id: row.id,
    number: row.number,
    namespaceId: row.namespace_id,
    ruleNumber: row.rule_number ?? undefined,
    items: JSON.parse(row.items) as RuleItem[],
    revision: row.revision,
    startedBy: row.started_by,
    isDry: row.is_dry === 1,
    state: row.state,
    lastPath: row.last_path,
    repositories: row.repositories,
    untouched: row.untouched,
    total: row.total,
    retained: row.retained,
    reason: row.reason,
    createdBy: row.created_by,
    createdAt: row.created_at,
    judgedAt: row.judged_at,
    endedAt: row.ended_at,
  }
}

export interface NewRun {
  readonly instanceId: string
  readonly namespaceId: string
  readonly ruleNumber: number | undefined
  readonly items: readonly RuleItem[]
  readonly revision: number
  readonly startedBy: 'hand' | 'time'
  readonly isDry: boolean
  /** As audit rows name an actor. */
  readonly by: string
  /** Whose it is, where the instance doesn't say it. */
  readonly ownerUin?: number
  readonly at: number
}

/** To be called with the rule locked. Throws RESOURCE_IN_USE where one of the namespace runs. */
export async function startRun(tx: Tx, input: NewRun): Promise<number> {
  const { instanceId, namespaceId, at, by, ownerUin } = input
  const open = await findOpenRun(tx, namespaceId)
  if (open) throw runsAlready(open.number)
  const id = await schedule(tx, {
    kind: runJob,
    key: `${runJob}:${newId()}`,
    instanceId,
    ...(ownerUin !== undefined && { ownerUin }),
    deadlineMs,
    at,
    ...(input.startedBy === 'hand' && { by }),
  })
  const number = await nextNumber(tx, 'retention-run')
  await tx
    .insertInto('retention_runs')
    .values({
      id,
      number,
      namespace_id: namespaceId,
      rule_number: input.ruleNumber ?? null,
      items: JSON.stringify(input.items),
      revision: input.revision,
      started_by: input.startedBy,
      is_dry: input.isDry ? 1 : 0,
      state: 'running',
      last_path: '',
      repositories: 0,
      untouched: 0,
      total: 0,
      retained: 0,
      reason: null,
      created_by: by,
      created_at: at,
      judged_at: null,
      ended_at: null,
    })
    .execute()
  return number
}

export async function findOpenRun(
  db: Queryable,
  namespaceId: string,
): Promise<{ readonly id: string; readonly number: number } | undefined> {
  return db
    .selectFrom('retention_runs')
    .select(['id', 'number'])
    .where('namespace_id', '=', namespaceId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
}

export async function findRun(db: Queryable, id: string): Promise<Run | undefined> {
  const row = await db
    .selectFrom('retention_runs')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** Of an instance, and of that rule if it is given. Throws RESOURCE_NOT_FOUND. */
export async function getRun(
  db: Queryable,
  instanceId: string,
  number: number,
  ofRule?: number,
): Promise<Run> {
  const row = await db
    .selectFrom('retention_runs as u')
    .innerJoin('namespaces as n', 'n.id', 'u.namespace_id')
    .selectAll('u')
    .where('n.instance_id', '=', instanceId)
    .where('n.deleted_at', 'is', null)
    .where('u.number', '=', number)
    .$if(ofRule !== undefined, (query) => query.where('u.rule_number', '=', ofRule ?? 0))
    .executeTakeFirst()
  if (!row) throw runUnknown(number)
  return fromRow(row)
}

/** Newest first. */
export async function listRuns(
  db: Queryable,
  which: { readonly namespaceId: string; readonly ruleNumber: number },
  page: PageRange,
): Promise<{ readonly total: number; readonly runs: readonly Run[] }> {
  const matching = db
    .selectFrom('retention_runs')
    .where('namespace_id', '=', which.namespaceId)
    .where('rule_number', '=', which.ruleNumber)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await matching
    .selectAll()
    .orderBy('number', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), runs: rows.map(fromRow) }
}

/** The last of each namespace. */
export async function findLastRuns(
  db: Queryable,
  namespaceIds: readonly string[],
): Promise<ReadonlyMap<string, Run>> {
  if (namespaceIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('retention_runs as u')
    .selectAll('u')
    .where('u.namespace_id', 'in', namespaceIds)
    .where(({ eb, selectFrom }) =>
      eb(
        'u.number',
        '=',
        selectFrom('retention_runs as v')
          .select((inner) => inner.fn.max('v.number').as('last'))
          .whereRef('v.namespace_id', '=', 'u.namespace_id'),
      ),
    )
    .execute()
  return new Map(rows.map((row) => [row.namespace_id, fromRow(row)]))
}

/** Holds the run until the transaction ends; false where it has ended, for example because somebody stopped it. */
export async function holdOpenRun(tx: Tx, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('retention_runs')
    .select('id')
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  return row !== undefined
}

/** From the answer on nothing more is removed. Returns false where it had ended. */
export async function stopRun(
  tx: Tx,
  id: string,
  end: { readonly at: number; readonly reason: string | null },
): Promise<boolean> {
  const hasEnded = await endRun(tx, id, { ...end, state: 'stopped' })
  await cancelJob(tx, id, end.at)
  return hasEnded
}

/** The task that was running ends as the run does. */
export async function endRun(
  tx: Tx,
  id: string,
  end: {
    readonly state: Exclude<RunState, 'running'>
    readonly at: number
    readonly reason: string | null
  },
): Promise<boolean> {
  const ended = await tx
    .updateTable('retention_runs')
    .set({ state: end.state, reason: end.reason, ended_at: end.at })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  await tx
    .updateTable('retention_tasks')
    .set({ state: end.state, ended_at: end.at })
    .where('run_id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
  return ended.numUpdatedRows > 0n
}

function runsAlready(number: number): ApiError {
  return new ApiError('RESOURCE_IN_USE', {
    message: {
      en: `run ${number} of the rule has not ended: wait for it, or stop it`,
      zh: `该规则的执行任务 ${number} 尚未结束，请等待其完成或先停止`,
    },
    detail: { run: number },
  })
}

function runUnknown(number: number): ApiError {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: { en: `there is no run ${number}`, zh: `没有执行任务 ${number}` },
    detail: { run: number },
  })
}
