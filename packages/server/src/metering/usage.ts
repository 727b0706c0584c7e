// What instances use, counted in memory while requests run and added once a second to the rows of the day. An orderly
// stop loses none, a crash at most a second; when the answer to a commit is lost a second is counted twice.

import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import { batches } from '../db/batches.ts'
import type { Database, Tx } from '../db/database.ts'
import { WriteBehind } from '../db/write-behind.ts'
import type { Log } from '../log.ts'
import { dayOf } from './days.ts'

const flushAfterMs = 1000
/** Namespaces that wait to be written; beyond it they are counted for their instance as a whole. */
const maxWaiting = 20_000
/** At a stop with the database away. */
const stopAttempts = 3

/** Of one request. */
export interface Use {
  readonly instanceId: string
  /** Empty: of none, or of none that was found. */
  readonly namespace: string
  /** Of a namespace of the Personal edition, whose instance is nobody's. */
  readonly ownerUin: number | undefined
  readonly inBytes: number
  readonly outBytes: number
  readonly isPrivate: boolean
  readonly event: 'pull' | 'push' | undefined
}

interface Counts {
  readonly instanceId: string
  readonly namespace: string
  readonly ownerUin: number | undefined
  publicOut: number
  privateOut: number
  publicIn: number
  privateIn: number
  requests: number
  pulls: number
  pushes: number
}

interface DayCounts extends Counts {
  readonly day: string
}

export class UsageMeter {
  readonly #app: { readonly db: Database; readonly clock: Clock; readonly log: Log }
  #current = new Map<string, Counts>()
  /** By day too. */
  readonly #waiting = new Map<string, DayCounts>()
  readonly #behind: WriteBehind

  constructor(app: { readonly db: Database; readonly clock: Clock; readonly log: Log }) {
    this.#app = app
    const { clock, log } = app
    this.#behind = new WriteBehind({
      clock,
      afterMs: flushAfterMs,
      stopAttempts,
      isEmpty: () => this.#current.size === 0 && this.#waiting.size === 0,
      write: () => this.#writeAll(),
      onDelay: (error) => log.warn('what was used waits for the database', { error }),
      onStopFailure: (error) => log.error('what was used could not be written', { error }),
    })
  }

  /** On the way of every request: one look into a map. */
  count(use: Use): void {
    const counts = this.#countsOf(use)
    counts.requests += 1
    if (use.isPrivate) {
      counts.privateIn += use.inBytes
      counts.privateOut += use.outBytes
    } else {
      counts.publicIn += use.inBytes
      counts.publicOut += use.outBytes
    }
    if (use.event === 'pull') counts.pulls += 1
    else if (use.event === 'push') counts.pushes += 1
  }

  #countsOf({ instanceId, namespace, ownerUin }: Use): Counts {
    const found = this.#current.get(`${instanceId}/${namespace}`)
    if (found) return found
    this.#behind.arm()
    const isFull = this.#current.size + this.#waiting.size >= maxWaiting
    const name = isFull ? '' : namespace
    const key = `${instanceId}/${name}`
    const counts = this.#current.get(key) ?? noneOf({ instanceId, namespace: name, ownerUin })
    this.#current.set(key, counts)
    return counts
  }

  /** Writes what is here. Throws when the database can't; what was not written stays. */
  flush(): Promise<void> {
    return this.#behind.flush()
  }

  /** Called when nobody is served any more. */
  stop(): Promise<void> {
    return this.#behind.stop()
  }

  async #writeAll(): Promise<void> {
    if (this.#current.size === 0 && this.#waiting.size === 0) return
    const { db, clock } = this.#app
    const day = dayOf(await clock.deployment(db.read))
    for (const [key, counts] of this.#current) this.#addToWaiting(`${day}/${key}`, day, counts)
    this.#current = new Map()
    // In one order, so that two processes that write the same rows don't wait for each other.
    const inOrder = [...this.#waiting].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const batch of batches(inOrder)) {
      const rows = batch.map(([, counts]) => counts)
      await db.write((tx) => addUsage(tx, rows))
      for (const [key] of batch) this.#waiting.delete(key)
    }
  }

  #addToWaiting(key: string, day: string, counts: Counts): void {
    const sum = this.#waiting.get(key) ?? {
      ...noneOf(counts),
      day,
    }
    sum.publicOut += counts.publicOut
    sum.privateOut += counts.privateOut
    sum.publicIn += counts.publicIn
    sum.privateIn += counts.privateIn
    sum.requests += counts.requests
    sum.pulls += counts.pulls
    sum.pushes += counts.pushes
    this.#waiting.set(key, sum)
  }
}

function noneOf(of: Pick<Counts, 'instanceId' | 'namespace' | 'ownerUin'>): Counts {
  return {
    instanceId: of.instanceId,
    namespace: of.namespace,
    ownerUin: of.namespace === '' ? undefined : of.ownerUin,
    publicOut: 0,
    privateOut: 0,
    publicIn: 0,
    privateIn: 0,
    requests: 0,
    pulls: 0,
    pushes: 0,
  }
}

async function addUsage(tx: Tx, rows: readonly DayCounts[]): Promise<void> {
  const values = rows.map((counts) => ({
    instance_id: counts.instanceId,
    day: counts.day,
    namespace: counts.namespace,
    owner_uin: sql<number>`coalesce(
      nullif((select instances.owner_uin from instances where instances.id = ${counts.instanceId}), 0),
      ${counts.ownerUin ?? 0})`,
    public_bytes_out: counts.publicOut,
    private_bytes_out: counts.privateOut,
    public_bytes_in: counts.publicIn,
    private_bytes_in: counts.privateIn,
    requests: counts.requests,
    pulls: counts.pulls,
    pushes: counts.pushes,
  }))
  const added = (column: string) =>
    sql<number>`${sql.ref(`usage_days.${column}`)} + ${sql.ref(`excluded.${column}`)}`
  await tx
    .insertInto('usage_days')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['instance_id', 'day', 'namespace']).doUpdateSet({
        public_bytes_out: added('public_bytes_out'),
        private_bytes_out: added('private_bytes_out'),
        public_bytes_in: added('public_bytes_in'),
        private_bytes_in: added('private_bytes_in'),
        requests: added('requests'),
        pulls: added('pulls'),
        pushes: added('pushes'),
      }),
    )
    .execute()
}
