// Pulls and refusals change nothing that they could share a transaction with, and there are thousands a
// second. They are counted here and written once a second: a row for each second, actor, credential,
// address, repository, reference, agent and result, with a count. The same transaction counts pulls of
// tags and repositories.
//
// An orderly stop loses none, a crash at most a second of them. When the answer to a commit is lost they are
// written once more: counted twice rather than lost.

import type { Clock } from '../clock.ts'
import type { Database, Tx } from '../db/database.ts'
import { WriteBehind } from '../db/write-behind.ts'
import type { Log } from '../log.ts'
import { cutAgent } from './audit.ts'
import type { Origin } from './origin.ts'
import { type BatchedEntry, writeEntries } from './write.ts'

/** At most so many rows wait, ~10 MiB; while the database is away the rest is only counted. */
const maxWaitingEntries = 20_000
const flushAfterMs = 1000
const entriesPerTransaction = 200
/** At a stop with the database away. */
const stopAttempts = 3

/** `docker login`; the resource is the name that was sent. */
export const logInAction = 'tcr:LoginRegistry'

export interface Pull {
  readonly origin: Origin
  readonly instanceId: string
  readonly repositoryId: string
  readonly repositoryPath: string
  /** Null: it was pulled by digest. */
  readonly tagId: string | null
  /** The tag or digest that was asked for. */
  readonly reference: string
  readonly digest: string
  /** As of `AuditedChange`. */
  readonly ownerUin?: number | undefined
}

export interface Refusal {
  readonly origin: Origin
  readonly instanceId: string | null
  readonly action: string
  readonly resource: string
  readonly reference?: string | null
  /** Why, for the auditor: more than the caller was told. */
  readonly reason: string
  /** As of `AuditedChange`. */
  readonly event?: string
  readonly ownerUin?: number | undefined
}

/** Pulls that are being written, as whoever tells of them sees them. */
export interface PulledEntry {
  readonly repositoryId: string
  readonly digest: string
  /** Null: it was pulled by its digest. */
  readonly tag: string | null
  readonly count: number
  readonly origin: Origin
  /** By this machine's clock, to the second. */
  readonly at: number
}

/** Called in the transaction that writes them; `offsetMs` makes the deployment's time of theirs. */
export type OnPulls = (tx: Tx, pulls: readonly PulledEntry[], offsetMs: number) => Promise<void>

export interface AuditBatchOptions {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly onPulls?: OnPulls
}

export class AuditBatch {
  readonly #db: Database
  readonly #onPulls: OnPulls | undefined
  readonly #clock: Clock
  readonly #log: Log
  /** Of the current second, by everything that tells one row from another. */
  #current = new Map<string, BatchedEntry>()
  #second = 0
  #earlier: BatchedEntry[] = []
  #dropped = 0
  #unwrittenDropped = 0
  readonly #behind: WriteBehind

  constructor(app: AuditBatchOptions) {
    this.#db = app.db
    this.#onPulls = app.onPulls
    this.#clock = app.clock
    this.#log = app.log
    this.#behind = new WriteBehind({
      clock: app.clock,
      afterMs: flushAfterMs,
      stopAttempts,
      isEmpty: () => this.#earlier.length === 0 && this.#current.size === 0,
      write: () => this.#writeAll(),
      onDelay: (error) => app.log.warn('pulls and refusals wait for the database', { error }),
      onStopFailure: (error) => {
        const { length } = this.#earlier
        app.log.error('pulls and refusals could not be written', { error, entries: length })
      },
    })
  }

  /** Pulls and refusals that found no room, ever. */
  get dropped(): number {
    return this.#dropped
  }

  pull(pull: Pull): void {
    const { origin } = pull
    // No part but the last, which the client chooses freely, can hold the separator.
    const key = `${pull.repositoryId}\n${pull.tagId}\n${pull.reference}\n${origin.actor}\n${origin.credential}\n${origin.address}\n${cutAgent(origin.agent)}`
    const entry = this.#find(key)
    if (entry) {
      entry.count += 1
      return
    }
    this.#insert(key, {
      at: this.#second * 1000,
      instanceId: pull.instanceId,
      origin,
      action: 'tcr:PullRepository',
      resource: pull.repositoryPath,
      reference: pull.reference,
      result: 'ok',
      reason: null,
      ownerUin: pull.ownerUin,
      repositoryId: pull.repositoryId,
      tagId: pull.tagId,
      digest: pull.digest,
      count: 1,
    })
  }

  refusal(refusal: Refusal): void {
    const { origin } = refusal
    const key = `refused\n${refusal.instanceId}\n${refusal.ownerUin}\n${refusal.action}\n${refusal.event}\n${refusal.reason}\n${refusal.resource}\n${refusal.reference}\n${origin.actor}\n${origin.credential}\n${origin.address}\n${cutAgent(origin.agent)}`
    const entry = this.#find(key)
    if (entry) {
      entry.count += 1
      return
    }
    this.#insert(key, {
      at: this.#second * 1000,
      instanceId: refusal.instanceId,
      origin,
      action: refusal.action,
      resource: refusal.resource,
      reference: refusal.reference ?? null,
      result: 'refused',
      reason: refusal.reason,
      event: refusal.event,
      ownerUin: refusal.ownerUin,
      repositoryId: null,
      tagId: null,
      count: 1,
    })
  }

  /** Somebody logged in to see whether it works; what a pull or push needs is told by these. */
  login({ origin, instanceId }: Pick<Refusal, 'origin' | 'instanceId'>): void {
    const key = `login\n${instanceId}\n${origin.actor}\n${origin.credential}\n${origin.address}\n${cutAgent(origin.agent)}`
    const entry = this.#find(key)
    if (entry) {
      entry.count += 1
      return
    }
    this.#insert(key, {
      at: this.#second * 1000,
      instanceId,
      origin,
      action: logInAction,
      resource: origin.actor,
      reference: null,
      result: 'ok',
      reason: null,
      repositoryId: null,
      tagId: null,
      count: 1,
    })
  }

  /** Writes what is here. Throws when the database can't; what was not written stays. */
  flush(): Promise<void> {
    return this.#behind.flush()
  }

  /** Called when nobody pulls any more. */
  stop(): Promise<void> {
    return this.#behind.stop()
  }

  #find(key: string): BatchedEntry | undefined {
    const second = Math.floor(this.#clock.now() / 1000)
    if (second !== this.#second) {
      this.#endSecond()
      this.#second = second
    }
    return this.#current.get(key)
  }

  #insert(key: string, entry: BatchedEntry): void {
    if (this.#current.size + this.#earlier.length >= maxWaitingEntries) {
      this.#dropped += 1
      this.#unwrittenDropped += 1
      return
    }
    this.#current.set(key, entry)
    this.#behind.arm()
  }

  #endSecond(): void {
    if (this.#current.size === 0) return
    this.#earlier = this.#earlier.concat([...this.#current.values()])
    this.#current = new Map()
  }

  async #writeAll(): Promise<void> {
    this.#endSecond()
    if (this.#earlier.length === 0 && this.#unwrittenDropped === 0) return
    // Rows bear the deployment's time: retention asks it when a tag was last pulled.
    const offsetMs = (await this.#clock.deployment(this.#db.read)) - this.#clock.now()
    while (this.#earlier.length > 0) {
      const entries = this.#earlier.slice(0, entriesPerTransaction)
      const pulls = entries.flatMap(toPulled)
      await this.#db.write(async (tx) => {
        await writeEntries(tx, entries, offsetMs)
        if (pulls.length > 0) await this.#onPulls?.(tx, pulls, offsetMs)
      })
      this.#earlier.splice(0, entries.length)
    }
    this.#tellDropped()
  }

  #tellDropped(): void {
    if (this.#unwrittenDropped === 0) return
    this.#log.error('pulls and refusals were not recorded: the database was away too long', {
      count: this.#unwrittenDropped,
    })
    this.#unwrittenDropped = 0
  }
}

function toPulled(entry: BatchedEntry): PulledEntry | [] {
  const { repositoryId, digest, tagId, reference, count, origin, at } = entry
  if (repositoryId === null || digest === undefined) return []
  return { repositoryId, digest, tag: tagId === null ? null : reference, count, origin, at }
}
