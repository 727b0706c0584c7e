// Deletes one row after the other, each in a transaction with its audit row and the job's place: after a crash it goes
// on at the next one, and a cancelled job has deleted what it says. What a rule or a right refuses stays, and the log
// says why; a fault of the database ends the attempt, and the next one goes on.

import type { Action } from '@entrepot/contract/action.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import {
  deleteRepository as deleteRepositoryAction,
  deleteRepositoryTags,
} from '@entrepot/contract/tcr/repositories.ts'
import type { Account } from '../access/actor.ts'
import { assertMayDo } from '../actions/authority.ts'
import { recordAudit } from '../audit/audit.ts'
import type { Clock } from '../clock.ts'
import type { Database, Tx } from '../db/database.ts'
import { getRepository } from '../images/reading.ts'
import type { Instance } from '../instances/instances.ts'
import { getOwnInstance } from '../instances/own-instance.ts'
import { assertChangeable } from '../instances/states.ts'
import { defineJob, type JobContext, type JobDefinition } from '../jobs/jobs.ts'
import type { Rights } from '../policies/rights.ts'
import { deleteRepository } from '../repositories/delete.ts'
import { deleteTags } from '../tags/tags.ts'
import { type Asker, findAsker } from './askers.ts'

export const tagDeletionJob = 'tags.delete-many'
export const repositoryDeletionJob = 'repositories.delete-many'

export interface BulkDeletion {
  readonly instanceId: string
  /** Of tags: their repository. */
  readonly path: string | null
  /** Tags, or paths of repositories. */
  readonly rows: readonly string[]
  readonly asker: Asker
}

export interface BulkGround {
  readonly db: Database
  readonly clock: Clock
  readonly rights: Rights
  readonly region: string
}

/** `done` rows are through, `failed` of them are there still. */
interface Progress {
  readonly done: number
  readonly total: number
  readonly failed: number
}

interface Kind {
  readonly kind: string
  readonly action: Action
  /** Of a row, below the instance. */
  pathOf(work: BulkDeletion, row: string): string
  remove(tx: Tx, change: RowChange): Promise<void>
}

interface RowChange {
  readonly instance: Instance
  readonly path: string
  readonly row: string
  readonly origin: Asker['origin']
  readonly at: number
}

const kinds: readonly Kind[] = [
  {
    kind: tagDeletionJob,
    action: deleteRepositoryTags,
    pathOf: ({ path }) => path ?? '',
    async remove(tx, { instance, path, row, origin, at }) {
      const repository = await getRepository(tx, instance, path)
      await deleteTags(tx, { instance, repository, origin, at, cause: 'user' }, [row])
    },
  },
  {
    kind: repositoryDeletionJob,
    action: deleteRepositoryAction,
    pathOf: (_work, row) => row,
    remove: (tx, { instance, path, origin, at }) =>
      deleteRepository(tx, { instance, path, withImages: true, origin, at }),
  },
]

export function bulkDeletionJobs(ground: BulkGround): readonly JobDefinition[] {
  return kinds.map((kind) =>
    defineJob({
      kind: kind.kind,
      // What the action stored.
      parse: (payload) => payload as BulkDeletion,
      run: (job) => deleteRows(ground, kind, job),
    }),
  )
}

async function deleteRows(
  ground: BulkGround,
  kind: Kind,
  job: JobContext<BulkDeletion>,
): Promise<void> {
  const { rows } = job.payload
  let progress = await placeOf(job)
  while (progress.done < rows.length) {
    job.signal.throwIfAborted()
    const row = rows[progress.done] ?? ''
    const next = { ...progress, done: progress.done + 1 }
    try {
      const actor = await findAsker(ground, job.payload.asker)
      if (!actor) throw askerGone()
      await job.write(async (tx) => {
        await deleteRow(ground, kind, job.payload, { tx, row, actor })
        await job.progress(next, tx)
      })
      progress = next
      job.log(`${row}: deleted`)
    } catch (error) {
      if (!(error instanceof ApiError) || error.status >= 500) throw error
      progress = { ...next, failed: progress.failed + 1 }
      job.log(`${row}: not deleted: ${error.code}: ${error.words.en}`)
      await job.progress(progress)
    }
  }
}

/** Where the last attempt stopped. */
async function placeOf({ db, job, payload }: JobContext<BulkDeletion>): Promise<Progress> {
  const row = await db.read
    .selectFrom('jobs')
    .select('progress')
    .where('id', '=', job.id)
    .executeTakeFirst()
  const start = { done: 0, total: payload.rows.length, failed: 0 }
  return { ...start, ...(JSON.parse(row?.progress ?? '{}') as Partial<Progress>) }
}

async function deleteRow(
  ground: BulkGround,
  { action, pathOf, remove }: Kind,
  work: BulkDeletion,
  { tx, row, actor }: { readonly tx: Tx; readonly row: string; readonly actor: Account },
): Promise<void> {
  const { asker, instanceId } = work
  const path = pathOf(work, row)
  const resource = `repository/${instanceId}/${path}`
  const at = await ground.clock.deployment(tx)
  await assertMayDo(callOf(ground, tx, { actor, asker, at }), action.permission, [resource])
  const instance = await getOwnInstance(tx, instanceId, asker.ownerUin)
  assertChangeable(instance, action, at)
  const { origin } = asker
  await remove(tx, { instance, path, row, origin, at })
  await recordAudit(tx, {
    at,
    instanceId,
    origin,
    action: action.permission,
    event: action.name,
    ownerUin: asker.ownerUin,
    resource,
    reference: row === path ? null : row,
    result: 'ok',
  })
}

/** Asked as the call was: from its address, at the present time. */
function callOf(
  { db, region }: BulkGround,
  tx: Tx,
  { actor, asker, at }: { readonly actor: Account; readonly asker: Asker; readonly at: number },
) {
  const { address } = asker.origin
  const client = { address, scheme: 'https', host: undefined } as const
  return { actor, region, nowMs: at, client, ground: { db }, tx }
}

function askerGone(): ApiError {
  return new ApiError('UNAUTHORIZED_OPERATION', {
    message: {
      en: 'whoever asked for it has no access any more',
      zh: '发起者已不再拥有访问权限',
    },
  })
}
