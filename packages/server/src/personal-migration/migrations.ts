// An account's way from the Personal edition into an instance of its own: what was asked for, and how far it is. The
// row bears the id of its job. What is there already is never copied again, so that asking once more goes on from
// where a failed one stopped.

import type { Selectable } from 'kysely'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import type { PersonalMigrationsTable } from '../db/schema-personal.ts'
import type { Instance } from '../instances/instances.ts'
import { schedule } from '../jobs/jobs.ts'

export const migrationJob = 'personal-migration'
/** Each attempt goes on from where the last one was. */
const deadlineMs = 24 * 3_600_000

export interface NamespacePair {
  readonly from: string
  readonly to: string
}

export interface NewMigration {
  readonly instance: Instance
  readonly ownerUin: number
  readonly pairs: readonly NamespacePair[]
  readonly overrides: boolean
  readonly createdBy: number
  /** As audit rows name him. */
  readonly by: string
  readonly at: number
}

/** One after another for an instance. Returns the id of the job. */
export async function scheduleMigration(tx: Tx, input: NewMigration): Promise<string> {
  const { instance, ownerUin, at } = input
  const id = await schedule(tx, {
    kind: migrationJob,
    key: `${migrationJob}:${newId()}`,
    lane: `${migrationJob}:${instance.id}`,
    instanceId: instance.id,
    deadlineMs,
    at,
    by: input.by,
  })
  await tx
    .insertInto('personal_migrations')
    .values({
      id,
      instance_id: instance.id,
      owner_uin: ownerUin,
      namespaces: JSON.stringify(input.pairs),
      overrides: input.overrides ? 1 : 0,
      state: 'waiting',
      cursor: null,
      reason: null,
      created_at: at,
      created_by: input.createdBy,
      ended_at: null,
    })
    .execute()
  return id
}

export type MigrationState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'

export interface Migration {
  readonly id: string
  readonly instanceId: string
  readonly ownerUin: number
  readonly pairs: readonly NamespacePair[]
  readonly overrides: boolean
  readonly state: MigrationState
  readonly cursor: Cursor
  readonly repositoryCount: number
  readonly repositoriesDone: number
  readonly tagCount: number
  readonly tagsDone: number
  readonly tagsFailed: number
  readonly reason: string | null
  readonly createdAt: number
  readonly endedAt: number | null
}

/** Empty: from the beginning. */
export interface Cursor {
  /** The last repository that is done. */
  readonly path: string
  /** Of the one after it: the last tag that is done. */
  readonly tag: string
}

const beginning: Cursor = { path: '', tag: '' }

/** Newest first. */
export async function listMigrations(
  db: Queryable,
  instanceId: string,
  id: string | undefined,
  page: PageRange,
): Promise<{ readonly total: number; readonly migrations: readonly Migration[] }> {
  let matching = selectMigrations(db).where('m.instance_id', '=', instanceId)
  if (id !== undefined) matching = matching.where('m.id', '=', id)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await withJob(matching)
    .orderBy('m.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), migrations: rows.map(fromRow) }
}

export async function findMigration(db: Queryable, id: string): Promise<Migration | undefined> {
  const row = await withJob(selectMigrations(db).where('m.id', '=', id)).executeTakeFirst()
  return row && fromRow(row)
}

function selectMigrations(db: Queryable) {
  return db.selectFrom('personal_migrations as m')
}

function withJob(matching: ReturnType<typeof selectMigrations>) {
  return matching
    .leftJoin('jobs as j', 'j.id', 'm.id')
    .selectAll('m')
    .select(['j.state as job_state', 'j.ended_at as job_ended_at'])
}

interface Row extends Selectable<PersonalMigrationsTable> {
  readonly job_state: MigrationState | null
  readonly job_ended_at: number | null
}

function fromRow(row: Row): Migration {
  const isOver = row.ended_at !== null
  return {
    id: row.id,
    instanceId: row.instance_id,
    ownerUin: row.owner_uin,
    pairs: JSON.parse(row.namespaces) as NamespacePair[],
    overrides: row.overrides === 1,
    state: isOver ? row.state : stateOfJob(row),
    cursor: row.cursor === null ? beginning : (JSON.parse(row.cursor) as Cursor),
    repositoryCount: row.repository_count,
    repositoriesDone: row.repositories_done,
    tagCount: row.tag_count,
    tagsDone: row.tags_done,
    tagsFailed: row.tags_failed,
    reason: row.reason,
    createdAt: row.created_at,
    endedAt: row.ended_at ?? row.job_ended_at,
  }
}

/** A job that was cancelled, or failed too often, could not write its end here. */
function stateOfJob(row: Row): MigrationState {
  if (row.job_state === null) return 'failed'
  return row.job_state === 'waiting' && row.state === 'running' ? 'running' : row.job_state
}

type Progress = Partial<
  Pick<
    Selectable<PersonalMigrationsTable>,
    | 'state'
    | 'repository_count'
    | 'repositories_done'
    | 'tag_count'
    | 'tags_done'
    | 'tags_failed'
    | 'reason'
    | 'ended_at'
  >
> & { readonly cursor?: Cursor }

export async function updateMigration(tx: Tx, id: string, progress: Progress): Promise<void> {
  const { cursor, ...columns } = progress
  await tx
    .updateTable('personal_migrations')
    .set({ ...columns, ...(cursor && { cursor: JSON.stringify(cursor) }) })
    .where('id', '=', id)
    .execute()
}
