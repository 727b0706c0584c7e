// What became of each tag of a run, and why. Some hundred of them are one row: a run over a million tags writes two
// thousand.

import { promisify } from 'node:util'
import { deflateRawSync, inflateRaw } from 'node:zlib'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import type { RetentionFatesTable } from '../db/schema-retention.ts'
import type { JudgedTag, Verdict } from './retention.ts'

export interface JudgedFate {
  readonly tag: Pick<JudgedTag, 'name' | 'pushedAt'>
  readonly verdict: Verdict
}

export type FateName = RetentionFatesTable['fate']

interface TaskKey {
  readonly runId: string
  readonly task: number
}

type Stored = readonly [
  name: string,
  pushedAt: number,
  reason: Verdict['reason'],
  by: number | null,
  rank: number | null,
]

/** In one transaction with what it tells about. */
export async function insertFates(
  tx: Tx,
  { runId, task }: TaskKey,
  fates: readonly JudgedFate[],
): Promise<void> {
  for (const fate of ['kept', 'removed'] as const) {
    const chosen = fates.filter(({ verdict }) => verdict.fate === fate)
    if (chosen.length === 0) continue
    const last = await tx
      .selectFrom('retention_fates')
      .select((eb) => eb.fn.max('position').as('position'))
      .where('run_id', '=', runId)
      .where('task_number', '=', task)
      .where('fate', '=', fate)
      .executeTakeFirst()
    await tx
      .insertInto('retention_fates')
      .values({
        run_id: runId,
        task_number: task,
        fate,
        position: Number(last?.position ?? 0) + 1,
        tag_count: chosen.length,
        tags: deflateRawSync(JSON.stringify(chosen.map(toStored))),
      })
      .execute()
  }
}

function toStored({ tag, verdict }: JudgedFate): Stored {
  const { reason } = verdict
  if (verdict.fate === 'removed') return [tag.name, tag.pushedAt, reason, null, null]
  return [tag.name, tag.pushedAt, reason, verdict.by ?? null, verdict.rank ?? null]
}

export interface ListedFate {
  readonly name: string
  readonly pushedAt: number
  readonly fate: FateName
  readonly reason: Verdict['reason']
  readonly by: number | null
  readonly rank: number | null
}

export interface FateFilter {
  readonly fate: FateName | undefined
  /** Part of the tag. */
  readonly search: string | undefined
}

/** What was removed first. A search reads the whole task, and does not say how many there are beyond the page. */
export async function listFates(
  db: Queryable,
  key: TaskKey,
  filter: FateFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly fates: readonly ListedFate[] }> {
  const rows = await db
    .selectFrom('retention_fates')
    .select(['fate', 'position', 'tag_count'])
    .where('run_id', '=', key.runId)
    .where('task_number', '=', key.task)
    .$if(filter.fate !== undefined, (query) => query.where('fate', '=', filter.fate ?? 'kept'))
    .orderBy('fate', 'desc')
    .orderBy('position')
    .execute()
  const { search } = filter
  const end = page.offset + page.limit
  const fates: ListedFate[] = []
  let total = 0
  for (const row of rows) {
    const isInPage = total < end && total + row.tag_count > page.offset
    if (search === undefined && !isInPage) {
      total += row.tag_count
      continue
    }
    const listed = await readFates(db, key, row)
    for (const one of listed) {
      if (search !== undefined && !one.name.includes(search)) continue
      if (total >= page.offset && total < end) fates.push(one)
      total += 1
    }
  }
  return { total, fates }
}

const inflate = promisify(inflateRaw)

async function readFates(
  db: Queryable,
  { runId, task }: TaskKey,
  { fate, position }: { readonly fate: FateName; readonly position: number },
): Promise<readonly ListedFate[]> {
  const { tags } = await db
    .selectFrom('retention_fates')
    .select('tags')
    .where('run_id', '=', runId)
    .where('task_number', '=', task)
    .where('fate', '=', fate)
    .where('position', '=', position)
    .executeTakeFirstOrThrow()
  const stored = JSON.parse((await inflate(tags)).toString()) as Stored[]
  return stored.map(([name, pushedAt, reason, by, rank]) => ({
    name,
    pushedAt,
    fate,
    reason,
    by,
    rank,
  }))
}

/** What was kept is judged anew: by another attempt, or because something changed meanwhile. */
export async function forgetKept(tx: Tx, { runId, task }: TaskKey): Promise<number> {
  await tx
    .deleteFrom('retention_fates')
    .where('run_id', '=', runId)
    .where('task_number', '=', task)
    .where('fate', '=', 'kept')
    .execute()
  const { removed } = await tx
    .selectFrom('retention_fates')
    .select((eb) => eb.fn.sum<number>('tag_count').as('removed'))
    .where('run_id', '=', runId)
    .where('task_number', '=', task)
    .executeTakeFirstOrThrow()
  return Number(removed ?? 0)
}
