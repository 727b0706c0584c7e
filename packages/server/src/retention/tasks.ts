// What a run did in each repository.

import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import type { RetentionTasksTable } from '../db/schema-retention.ts'
import { forgetKept } from './fates.ts'

export interface Task {
  readonly number: number
  readonly path: string
  readonly state: RetentionTasksTable['state']
  readonly total: number
  readonly retained: number
  readonly startedAt: number
  readonly endedAt: number | null
}

/**
 * Begins a task for the repository, or the unfinished one once more: what that removed stays removed, and counted.
 * Returns its number.
 */
export async function beginTask(tx: Tx, runId: string, path: string, at: number): Promise<number> {
  const unfinished = await tx
    .selectFrom('retention_tasks')
    .select('number')
    .where('run_id', '=', runId)
    .where('repository_path', '=', path)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (unfinished) {
    const { number } = unfinished
    const removed = await forgetKept(tx, { runId, task: number })
    await tx
      .updateTable('retention_tasks')
      .set({ total: removed, retained: 0 })
      .where('run_id', '=', runId)
      .where('number', '=', number)
      .execute()
    return number
  }
  const last = await tx
    .selectFrom('retention_tasks')
    .select((eb) => eb.fn.max('number').as('number'))
    .where('run_id', '=', runId)
    .executeTakeFirst()
  const number = Number(last?.number ?? 0) + 1
  await tx
    .insertInto('retention_tasks')
    .values({
      run_id: runId,
      number,
      repository_path: path,
      state: 'running',
      total: 0,
      retained: 0,
      started_at: at,
      ended_at: null,
    })
    .execute()
  return number
}

export async function addToTask(
  tx: Tx,
  { runId, number }: { readonly runId: string; readonly number: number },
  more: { readonly total: number; readonly retained: number },
): Promise<void> {
  await tx
    .updateTable('retention_tasks')
    .set((eb) => ({
      total: eb('total', '+', more.total),
      retained: eb('retained', '+', more.retained),
    }))
    .where('run_id', '=', runId)
    .where('number', '=', number)
    .execute()
}

/** Returns what it counted. */
export function endTask(
  tx: Tx,
  { runId, number }: { readonly runId: string; readonly number: number },
  at: number,
): Promise<{ readonly total: number; readonly retained: number }> {
  return tx
    .updateTable('retention_tasks')
    .set({ state: 'succeeded', ended_at: at })
    .where('run_id', '=', runId)
    .where('number', '=', number)
    .returning(['total', 'retained'])
    .executeTakeFirstOrThrow()
}

export async function findTask(
  db: Queryable,
  runId: string,
  number: number,
): Promise<{ readonly number: number; readonly path: string } | undefined> {
  return db
    .selectFrom('retention_tasks')
    .select(['number', 'repository_path as path'])
    .where('run_id', '=', runId)
    .where('number', '=', number)
    .executeTakeFirst()
}

/** In the order in which they ran. */
export async function listTasks(
  db: Queryable,
  runId: string,
  page: PageRange,
): Promise<{ readonly total: number; readonly tasks: readonly Task[] }> {
  const matching = db.selectFrom('retention_tasks').where('run_id', '=', runId)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await matching
    .selectAll()
    .orderBy('number')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return {
    total: Number(total),
    tasks: rows.map((row) => ({
      number: row.number,
      path: row.repository_path,
      state: row.state,
      total: row.total,
      retained: row.retained,
      startedAt: row.started_at,
      endedAt: row.ended_at,
    })),
  }
}
