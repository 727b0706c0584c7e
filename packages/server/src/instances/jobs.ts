// What happens to instances by itself: they are made ready and taken away, their bytes move, what was prepaid renews.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { defineJob, defineReconciler, type JobContext, type JobDefinition } from '../jobs/jobs.ts'
import type { Log } from '../log.ts'
import { StorageError } from '../storage/driver.ts'
import { probeStore } from '../storage/probe.ts'
import type { Stores } from '../storage/stores.ts'
import { countElsewhere, gatherBlobs } from './gather.ts'
import { endMove, findLiveMove, maxMoveAttempts, moveJob, scheduleGather } from './moves.ts'
import { extendTo, monthsOfRenewal, payInAdvance, renewsItself } from './prepaid.ts'
import { lockInstance } from './queries.ts'
import { removeInstance } from './removal.ts'
import { listEmptySections, retireSections } from './sections.ts'

export const deployJob = 'instances.deploy'
export const deleteJob = 'instances.delete'
export const maxDeployAttempts = 5
export const maxDeleteAttempts = 10

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Uploads under way end there where they began; looked for so often. */
const uploadsPollMs = minuteMs
/** By then every process knows where the instance lies, and no upload begins elsewhere. */
const settleMs = minuteMs
/** Longer than any process may still believe in a backend that is retired, and than deleted bytes are kept. */
const retiredRestMs = hourMs
const maxSectionsPerRun = 100
const strayPage = 1000

export interface InstanceKeeper {
  readonly clock: Clock
  readonly stores: Stores
  readonly log: Log
}

export function instanceJobs(keeper: InstanceKeeper): readonly JobDefinition[] {
  return [
    defineJob({
      kind: deployJob,
      parse: toInstanceId,
      run: (context) => deploy(keeper, context),
    }),
    defineJob({
      kind: deleteJob,
      parse: (payload) => {
        const { withBytes } = payload as { readonly withBytes?: unknown }
        return { instanceId: toInstanceId(payload), withBytes: withBytes === true }
      },
      run: (context) => remove(keeper, context),
    }),
    defineJob({
      kind: moveJob,
      parse: toInstanceId,
      run: (context) => gather(keeper, context),
    }),
    defineReconciler({
      kind: 'instances.renew',
      everyMs: hourMs,
      run: ({ write }) => write(async (tx) => renewDue(tx, await keeper.clock.deployment(tx))),
    }),
    defineReconciler({
      kind: 'instances.storage',
      everyMs: 10 * minuteMs,
      async run(context) {
        await resumeMoves(keeper, context)
        await removeEmptySections(keeper, context)
      },
    }),
  ]
}

function toInstanceId(payload: unknown): string {
  return String((payload as { readonly instanceId?: unknown }).instanceId)
}

const probeLimitMs = 30_000

/** Its bytes can be written, read and deleted: then it runs. */
async function deploy(
  { stores, clock }: InstanceKeeper,
  { db, job, payload: id, signal, write, log }: JobContext<string>,
): Promise<void> {
  const isWaiting = await write((tx) => setState(tx, id, ['pending', 'deploying'], 'deploying'))
  if (!isWaiting) return
  const { backend_id: backendId } = await db.read
    .selectFrom('instances')
    .select('backend_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  try {
    const limit = AbortSignal.any([signal, timeLimit(clock, probeLimitMs)])
    await probeStore(await stores.driver(backendId), limit)
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    const reason = `the storage can't be used: ${error.message}`
    log(reason)
    if (job.attempt >= maxDeployAttempts) {
      await write((tx) => setState(tx, id, ['deploying'], 'failed', reason))
    }
    throw new ApiError('UNAVAILABLE', { message: reason, cause: error })
  }
  await write((tx) => setState(tx, id, ['deploying'], 'running'))
}

function timeLimit(clock: Clock, ms: number): AbortSignal {
  const controller = new AbortController()
  clock.setTimer(ms, () => controller.abort(new StorageError('unavailable', 'it does not answer')))
  return controller.signal
}

type State = 'pending' | 'deploying' | 'running' | 'failed' | 'deleting' | 'delete-failed'

async function setState(
  tx: Tx,
  id: string,
  from: readonly State[],
  to: State,
  reason = '',
): Promise<boolean> {
  const updated = await tx
    .updateTable('instances')
    .set({ state: to, state_reason: reason })
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirst()
  return updated.numUpdatedRows > 0n
}

async function remove(
  { clock }: InstanceKeeper,
  { job, payload, signal, write }: JobContext<{ instanceId: string; withBytes: boolean }>,
): Promise<void> {
  try {
    await removeInstance(write, payload, (tx) => clock.deployment(tx), signal)
  } catch (error) {
    if (job.attempt >= maxDeleteAttempts && !signal.aborted) {
      const reason = error instanceof ApiError ? error.message : 'a fault of ours, see the log'
      await write((tx) => setState(tx, payload.instanceId, ['deleting'], 'delete-failed', reason))
    }
    throw error
  }
}

async function gather(
  { clock, stores }: InstanceKeeper,
  { db, job, payload: id, signal, write, log }: JobContext<string>,
): Promise<void> {
  const elsewhere = await countElsewhere(db.heavy, id)
  await write(async (tx) => beginMove(tx, id, elsewhere, await clock.deployment(tx)))
  let reason: string
  try {
    const gatherer = { db: { read: db.read, heavy: db.heavy, write }, clock, stores }
    const { moved, lost } = await gatherBlobs(gatherer, id, signal)
    log(`${moved} blobs moved`)
    if (lost.length === 0) return await settleMove({ clock, db, write }, id)
    reason = `some blobs are damaged or missing where they lay and stay there: ${lost.join(', ')}`
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    reason = `a store can't be used: ${error.message}`
  }
  log(reason)
  if (job.attempt >= maxMoveAttempts) {
    const at = await clock.deployment(db.read)
    await write((tx) => endMove(tx, id, { state: 'failed', at, reason }))
  }
  throw new ApiError('UNAVAILABLE', { message: reason })
}

async function beginMove(
  tx: Tx,
  instanceId: string,
  { blobs, bytes }: { readonly blobs: number; readonly bytes: number },
  at: number,
): Promise<void> {
  await tx
    .updateTable('storage_moves')
    .set({ state: 'running', total_blobs: blobs, total_bytes: bytes, started_at: at })
    .where('instance_id', '=', instanceId)
    .where('state', '=', 'waiting')
    .execute()
}

/** Done when nothing lies elsewhere any more; while something is written there, a later run looks again. */
async function settleMove(
  { clock, db, write }: Pick<JobContext, 'db' | 'write'> & { readonly clock: Clock },
  id: string,
): Promise<void> {
  const { blobs, uploads } = await countElsewhere(db.heavy, id)
  const isDone = blobs === 0 && uploads === 0
  await write(async (tx) => {
    const at = await clock.deployment(tx)
    const instance = await findInstance(tx, id)
    if (!instance) return
    await lockInstance(tx, id)
    const move = await findLiveMove(tx, id)
    // One that was asked for just now has a run of its own.
    if (move?.state === 'waiting') return
    const isSettled = move === undefined || at - move.created_at >= settleMs
    if (!isDone || !isSettled) {
      await scheduleGather(tx, id, { at, runAt: at + uploadsPollMs })
      return
    }
    await endMove(tx, id, { state: 'succeeded', at })
    await retireSections(tx, id, at)
  })
}

function findInstance(db: Queryable, id: string) {
  return db.selectFrom('instances').select('id').where('id', '=', id).executeTakeFirst()
}

/** What came to a retired backend by a process that knew no better, and moves whose job is gone, go on. */
async function resumeMoves(
  { clock }: InstanceKeeper,
  { db, write }: Pick<JobContext, 'db' | 'write'>,
): Promise<void> {
  const strays = await db.heavy
    .selectFrom('storage_backends as s')
    .innerJoin('instances as i', 'i.id', 's.instance_id')
    .select('i.id')
    .distinct()
    .where('s.retired_at', 'is not', null)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('blob_copies as c').select('c.id').whereRef('c.backend_id', '=', 's.id')),
    )
    .limit(maxSectionsPerRun)
    .execute()
  const moves = await db.heavy
    .selectFrom('storage_moves')
    .select('instance_id as id')
    .where('state', 'in', ['waiting', 'running'])
    .limit(maxSectionsPerRun)
    .execute()
  for (const id of new Set([...strays, ...moves].map((row) => row.id))) {
    await write(async (tx) => {
      const live = await tx
        .selectFrom('jobs')
        .select('id')
        .where('key', '=', `${moveJob}:${id}`)
        .where('state', 'in', ['waiting', 'running'])
        .executeTakeFirst()
      if (!live) await scheduleGather(tx, id, { at: await clock.deployment(tx) })
    })
  }
}

/** Strays are what a crash left between bytes and row; nobody writes there any more. */
async function removeEmptySections(
  { clock, stores, log }: InstanceKeeper,
  { db, signal, write }: Pick<JobContext, 'db' | 'signal' | 'write'>,
): Promise<void> {
  const before = (await clock.deployment(db.read)) - retiredRestMs
  for (const { id } of await listEmptySections(db.heavy, before, maxSectionsPerRun)) {
    signal.throwIfAborted()
    try {
      const driver = await stores.driver(id)
      for (;;) {
        const objects = await driver.list('', undefined, strayPage, signal)
        if (objects.length === 0) break
        const results = await driver.deleteMany(
          objects.map(({ key }) => key),
          signal,
        )
        const failed = results.find(({ error }) => error)?.error
        if (failed) throw failed
      }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      log.warn('a retired section of a store could not be emptied', { backend: id, error })
      continue
    }
    await write(async (tx) => {
      await tx.deleteFrom('orphan_sightings').where('backend_id', '=', id).execute()
      await tx.deleteFrom('storage_backends').where('id', '=', id).execute()
    })
    stores.forget(id)
  }
}

const maxRenewals = 500

/** Those that renew themselves never become read-only; their date only says until when they are paid. */
async function renewDue(tx: Tx, at: number): Promise<void> {
  const due = await tx
    .selectFrom('instances')
    .select(['id', 'expires_at'])
    .where('charge_type', '=', payInAdvance)
    .where('renew_flag', '=', renewsItself)
    .where('expires_at', '<=', at)
    .limit(maxRenewals)
    .execute()
  for (const { id, expires_at: expiresAt } of due) {
    await tx
      .updateTable('instances')
      .set({ expires_at: extendTo(expiresAt, at, monthsOfRenewal) })
      .where('id', '=', id)
      .where('renew_flag', '=', renewsItself)
      .execute()
  }
}
