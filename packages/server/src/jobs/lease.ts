// Who holds a running job. The holder renews its lease every so often; a lease that stands still for
// `leaseMs` on another worker's monotonic clock is over. No wall clock decides, so setting one, by any
// amount and either way, takes no job from a process that lives and leaves none with a process that died.
//
// A lease that is over does not stop the process that held it (it may only have been paused), so whatever a
// job writes is bound to the token of its claim: the next claim has another.

import type { Queryable, Tx } from '../db/database.ts'
import { lockForUpdate } from '../db/forms.ts'
import { type Outcome, planEnding } from './ending.ts'
import { endOfLane } from './jobs.ts'

export interface Lease {
  readonly id: string
  readonly token: string
}

/** Thrown into a job that another process has taken over: whatever it still does is no longer its own. */
export class LeaseLostError extends Error {
  constructor() {
    super('another process has taken over this job')
    this.name = 'LeaseLostError'
  }
}

/** Locks the job to the end of the transaction, or throws `LeaseLostError`. */
export async function holdLease(tx: Tx, lease: Lease) {
  await lockForUpdate(tx, 'jobs', [lease.id])
  const row = await tx
    .selectFrom('jobs')
    .selectAll()
    .where('id', '=', lease.id)
    .where('lease_token', '=', lease.token)
    .where('state', '=', 'running')
    .executeTakeFirst()
  if (!row) throw new LeaseLostError()
  return row
}

export async function endRun(tx: Tx, lease: Lease, outcome: Outcome, now: number): Promise<void> {
  const row = await holdLease(tx, lease)
  const { requeued, ...ending } = planEnding(row, outcome, now)
  await tx
    .updateTable('jobs')
    .set({
      ...ending,
      lease_token: null,
      cancel_requested: 0,
      ...(requeued && row.lane !== null ? { lane_order: endOfLane(row.lane) } : {}),
    })
    .where('id', '=', lease.id)
    .execute()
}

export async function renewLeases(tx: Tx, tokens: readonly string[]): Promise<void> {
  await tx
    .updateTable('jobs')
    .set((eb) => ({ lease_renewals: eb('lease_renewals', '+', 1) }))
    .where('state', '=', 'running')
    .where('lease_token', 'in', tokens)
    .execute()
}

export interface RunningJob {
  readonly id: string
  readonly lease_token: string | null
  readonly lease_renewals: number
  readonly cancel_requested: number
}

/** As many as all workers together run at once. */
export async function listRunning(db: Queryable): Promise<readonly RunningJob[]> {
  return db
    .selectFrom('jobs')
    .select(['id', 'lease_token', 'lease_renewals', 'cancel_requested'])
    .where('state', '=', 'running')
    .execute()
}

/** Ends a run whose lease stood still, unless its holder has moved since it was seen. */
export async function takeOver(tx: Tx, seen: RunningJob, now: number): Promise<boolean> {
  await lockForUpdate(tx, 'jobs', [seen.id])
  const same = await tx
    .selectFrom('jobs')
    .select('id')
    .where('id', '=', seen.id)
    .where('state', '=', 'running')
    .where('lease_token', '=', seen.lease_token)
    .where('lease_renewals', '=', seen.lease_renewals)
    .executeTakeFirst()
  if (!same || seen.lease_token === null) return false
  await endRun(tx, { id: seen.id, token: seen.lease_token }, { kind: 'abandoned' }, now)
  return true
}

interface Sighting {
  readonly running: RunningJob
  readonly sinceMs: number
}

/** What this worker has seen of other workers' leases. */
export class LeaseWatch {
  readonly #leaseMs: number
  #sightings = new Map<string, Sighting>()
  #lookedAtMs = Number.NEGATIVE_INFINITY

  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs
  }

  /** Returns the leases that stood still since they were first seen, a lease's time ago or longer. */
  look(others: readonly RunningJob[], monotonicMs: number): readonly RunningJob[] {
    // Whoever has not looked for long may have been paused together with those it looks at (a machine that
    // slept): what it saw before says nothing.
    const slept = monotonicMs - this.#lookedAtMs > this.#leaseMs / 2
    const before = slept ? new Map<string, Sighting>() : this.#sightings
    this.#lookedAtMs = monotonicMs
    this.#sightings = new Map(
      others.map((running) => {
        const seen = before.get(running.id)
        const still =
          seen?.running.lease_token === running.lease_token &&
          seen.running.lease_renewals === running.lease_renewals
        return [running.id, still ? seen : { running, sinceMs: monotonicMs }]
      }),
    )
    return [...this.#sightings.values()]
      .filter(({ sinceMs }) => monotonicMs - sinceMs >= this.#leaseMs)
      .map(({ running }) => running)
  }
}
