// All short histories of clients and sweeps over one blob, two repositories and one image, run by the real code on a
// database in memory. Each step is one transaction, since SQLite runs one after another; what a client or a sweep reads
// before its transaction is a step of its own, so that everything may happen in between. A state that was seen before
// (ids and times put aside) is not gone on from again; histories are counted along the steps between states.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { ociImage } from '@entrepot/oci/media-types.ts'
import { claimBlob, claimLinkedBlob, linkBlob, publishBlob } from '../blobs/publish.ts'
import { findMountSource, findServedBlob } from '../blobs/queries.ts'
import type { Clock } from '../clock.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { kyselyOver, type Row } from '../db/kysely.ts'
import { migrate } from '../db/migrate.ts'
import { fetchFrom } from '../db/prepared.ts'
import { SqliteConnection } from '../db/sqlite-connection.ts'
import { createInstance, type Instance } from '../instances/instances.ts'
import { silentLog } from '../log.ts'
import { deleteManifest } from '../manifests/delete.ts'
import { checkManifest, putManifest } from '../manifests/put.ts'
import { createNamespace, type Namespace } from '../namespaces/namespaces.ts'
import { Bill } from '../quotas/quotas.ts'
import { imageOf } from '../registry/test-client.ts'
import { seedOrigin } from '../registry/test-seed.ts'
import { ensureRepository, type LocatedRepository } from '../repositories/repositories.ts'
import type { Driver } from '../storage/driver.ts'
import type { Stores } from '../storage/stores.ts'
import { newBlobKey } from '../storage/stores.ts'
import { collectBlobs } from './collect.ts'
import { deleteCondemned } from './objects.ts'
import { purgeDeleted } from './purge.ts'

const { signal } = new AbortController()
export const graceMs = 24 * 3_600_000
const backend = 'default'
const text = 'the bytes'

/** What the steps change, and what an answer depends on. */
const tables = [
  'blobs',
  'blob_copies',
  'repository_blobs',
  'manifests',
  'manifest_bytes',
  'manifest_refs',
  'tags',
  'namespace_contents',
  'condemned_objects',
  'deletions',
] as const

/** Grows with every step and decides nothing here. */
const forgotten = ['counter_deltas', 'events', 'tag_history', 'audit', 'meta'] as const

/** Of a client between its look and its transaction. */
interface Waiting {
  readonly kind: 'head' | 'mount'
  readonly blobId: string
  readonly sizeBytes: number
  readonly claimedAt: number
}

/** Transactions of a sweep that has looked and not yet acted. */
interface Looked {
  readonly at: number
  /** What was there to see. */
  readonly seen: string
  readonly acts: readonly ((tx: Tx) => Promise<unknown>)[]
}

/** Everything that a step may change. */
interface State {
  readonly now: number
  readonly rows: readonly (readonly Row[])[]
  readonly keys: readonly string[]
  readonly waiting: Waiting | undefined
  readonly looked: Looked | undefined
  /** Until then the repository holds the blob: somebody was told so. */
  readonly told: Readonly<Record<'a' | 'b', number>>
}

export type Mutate = (row: Row) => Row

/** The world that the steps change: reset to a state before each. */
class World {
  readonly #connection: SqliteConnection
  readonly #db: Queryable
  #instance: Instance | undefined
  #namespace: Namespace | undefined
  readonly #repositories: Record<'a' | 'b', LocatedRepository | undefined> = {
    a: undefined,
    b: undefined,
  }
  /** Wrong answers for the sweep's transactions: what the check must find. */
  readonly #mutate: Mutate | undefined
  #isSweeping = false
  now = Date.UTC(2026, 0, 1)
  keys = new Set<string>()
  waiting: Waiting | undefined
  looked: Looked | undefined
  told = { a: 0, b: 0 }

  constructor(mutate: Mutate | undefined) {
    this.#mutate = mutate
    this.#connection = new SqliteConnection(':memory:')
    this.#db = kyselyOver('sqlite', (statement, params) => {
      const outcome = this.#connection.execute(statement, params)
      if (!this.#isSweeping || !this.#mutate) return outcome
      return { ...outcome, rows: outcome.rows.map(this.#mutate) }
    })
  }

  async open(): Promise<void> {
    const db = this.#database(this.#atomically)
    await migrate(db)
    this.#connection.exec(`insert into storage_backends (id, kind, created_at)
      values ('${backend}', 'memory', 0) on conflict do nothing`)
    await this.#atomically(async (tx) => {
      const at = this.now
      const own = { name: 'model', region: 'here', edition: 'premium', ownerUin: 1 } as const
      this.#instance = await createInstance(tx, { ...own, backendId: backend, createdAt: at })
      const input = { name: 'demo', isPublic: false, createdBy: 1, at }
      this.#namespace = await createNamespace(tx, this.#instance, input, seedOrigin)
      for (const name of ['a', 'b'] as const) {
        const target = { ...this.#place, path: `demo/${name}` }
        const made = await ensureRepository(tx, target, { actor: 'test', at })
        this.#repositories[name] = { ...made, isBorn: true }
      }
    })
    // Foreign keys are held by the steps; putting rows back in some order needs none.
    this.#connection.exec('pragma foreign_keys = off')
  }

  close(): void {
    this.#connection.close()
  }

  get #place(): { readonly instance: Instance; readonly namespace: Namespace } {
    const [instance, namespace] = [this.#instance, this.#namespace]
    assert(instance && namespace)
    return { instance, namespace }
  }

  #repository(name: 'a' | 'b'): LocatedRepository {
    const repository = this.#repositories[name]
    assert(repository)
    return repository
  }

  #target(name: 'a' | 'b') {
    const { instance, namespace } = this.#place
    const repositoryId = this.#repository(name).id
    return { instanceId: instance.id, namespaceId: namespace.id, repositoryId }
  }

  readonly #atomically = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    this.#connection.exec('begin')
    try {
      // The whole database is one connection: what it reads in a transaction is what the transaction sees.
      const value = await work(this.#db as Tx)
      this.#connection.exec('commit')
      return value
    } catch (error) {
      this.#connection.exec('rollback')
      throw error
    }
  }

  #database(write: Database['write']): Database {
    const db = this.#db
    return {
      dialect: 'sqlite',
      read: db,
      heavy: db,
      write,
      fetch: (query, params) => fetchFrom(db as Tx, query, params) as Promise<never[]>,
      ping: async () => 0,
      close: async () => {},
    }
  }

  get #clock(): Clock {
    const now = () => this.now
    return {
      now,
      monotonicMs: () => 0,
      deployment: async () => this.now,
      setTimer: () => ({ cancel: () => {} }),
    }
  }

  #cleaner(write: Database['write']) {
    return { db: this.#database(write), clock: this.#clock, log: silentLog, graceMs }
  }

  save(): State {
    return {
      now: this.now,
      rows: tables.map((table) => this.#connection.all(`select * from ${table}`, [])),
      keys: [...this.keys],
      waiting: this.waiting,
      looked: this.looked,
      told: { ...this.told },
    }
  }

  load(state: State): void {
    for (const table of [...tables, ...forgotten])
      this.#connection.execute(`delete from ${table}`, [])
    tables.forEach((table, at) => {
      for (const row of state.rows[at] ?? []) {
        const names = Object.keys(row)
        const marks = names.map(() => '?').join(', ')
        const values = names.map((name) => row[name])
        this.#connection.execute(
          `insert into ${table} (${names.join(', ')}) values (${marks})`,
          values,
        )
      }
    })
    this.now = state.now
    this.keys = new Set(state.keys)
    this.waiting = state.waiting
    this.looked = state.looked
    this.told = { ...state.told }
  }

  // The steps. Each returns false where there is nothing to do.

  async push(): Promise<boolean> {
    const key = newBlobKey()
    this.keys.add(key)
    await this.#atomically(async (tx) => {
      const bill = new Bill()
      const stored = { digest: blobDigest, sizeBytes: text.length, backendId: backend, key }
      await publishBlob(tx, bill, this.#target('a'), stored, this.now)
      await bill.settle(tx)
    })
    this.#tell('a')
    return true
  }

  async look(kind: Waiting['kind']): Promise<boolean> {
    if (this.waiting) return false
    const { instance } = this.#place
    const key = { instance: instance.id, digest: blobDigest, path: 'demo/a' }
    if (kind === 'head') {
      const [row] = await fetchFrom(this.#db as Tx, findServedBlob, { ...key, namespace: 'demo' })
      if (!row?.blob_id || row.key === null) return false
      const { blob_id: blobId, size_bytes: size, claimed_at: claimedAt } = row
      this.waiting = { kind, blobId, sizeBytes: size ?? 0, claimedAt: claimedAt ?? 0 }
      return true
    }
    const [row] = await fetchFrom(this.#db as Tx, findMountSource, key)
    if (!row) return false
    this.waiting = { kind, blobId: row.id, sizeBytes: row.size_bytes, claimedAt: row.claimed_at }
    return true
  }

  async answer(): Promise<boolean> {
    const { waiting } = this
    if (!waiting) return false
    this.waiting = undefined
    if (waiting.kind === 'mount') {
      if (await this.#atomically((tx) => this.#mount(tx, waiting))) this.#tell('b')
      return true
    }
    // A claim that is young enough is not renewed: the answer counts from the look.
    const isFresh = this.now - waiting.claimedAt < graceMs / 2
    const isHere =
      isFresh ||
      (await this.#atomically((tx) =>
        claimLinkedBlob(tx, this.#repository('a').id, waiting.blobId, this.now),
      ))
    if (isHere) this.told.a = Math.max(this.told.a, isFresh ? 0 : this.now + graceMs / 2)
    return true
  }

  async #mount(tx: Tx, { blobId, sizeBytes }: Waiting): Promise<boolean> {
    if (!(await claimBlob(tx, blobId, this.now))) return false
    const bill = new Bill()
    const blob = { id: blobId, digest: blobDigest, sizeBytes }
    await linkBlob(tx, bill, this.#target('b'), blob, this.now)
    await bill.settle(tx)
    return true
  }

  /** An image of one layer, which is its config as well; refused where the layer is missing. */
  async put(): Promise<boolean> {
    try {
      await this.#atomically((tx) =>
        putManifest(tx, {
          ...this.#place,
          repository: this.#repository('a'),
          manifest: checkManifest(manifestBytes, ociImage, 'sha256'),
          tags: [],
          origin: seedOrigin,
          at: this.now,
        }),
      )
      return true
    } catch {
      return false
    }
  }

  async remove(): Promise<boolean> {
    const digest = digestOf('sha256', manifestBytes)
    const repository = this.#repository('a')
    try {
      await this.#atomically((tx) =>
        deleteManifest(tx, {
          instance: this.#place.instance,
          repository,
          digest,
          origin: seedOrigin,
          at: this.now,
        }),
      )
      return true
    } catch {
      return false
    }
  }

  async purge(): Promise<boolean> {
    return (await purgeDeleted(this.#cleaner(this.#atomically), signal)) > 0
  }

  /** All looks of a sweep; what it would do then is kept for later. */
  async sweepLook(): Promise<boolean> {
    if (this.looked) return false
    const acts: ((tx: Tx) => Promise<unknown>)[] = []
    const write: Database['write'] = async (work) => {
      acts.push(work)
      return undefined as never
    }
    await collectBlobs(this.#cleaner(write), signal)
    if (acts.length === 0) return false
    const seen = this.#connection.all('select id from blobs', []).map(({ id }) => String(id))
    this.looked = { at: this.now, seen: seen.join(' '), acts }
    return true
  }

  async sweepAct(): Promise<boolean> {
    const { looked } = this
    if (!looked) return false
    this.looked = undefined
    this.#isSweeping = true
    for (const act of looked.acts) await this.#atomically(act)
    this.#isSweeping = false
    return true
  }

  async deleteObjects(): Promise<boolean> {
    const deleteMany: Driver['deleteMany'] = async (keys) => {
      for (const key of keys) this.keys.delete(key)
      return keys.map((key) => ({ key }))
    }
    // The only operation that is asked of it, and the only two of the stores.
    const stores = { ids: async () => [backend], driver: async () => ({ deleteMany }) }
    const sweeper = { ...this.#cleaner(this.#atomically), stores: stores as unknown as Stores }
    return (await deleteCondemned(sweeper, signal)) > 0
  }

  async wait(ms: number): Promise<boolean> {
    this.now += ms
    return true
  }

  #tell(name: 'a' | 'b'): void {
    this.told[name] = Math.max(this.told[name], this.now + graceMs / 2)
  }

  /** What must be so in every state; undefined: it is. */
  findProblem(): string | undefined {
    const all = (statement: string, ...params: readonly unknown[]) =>
      this.#connection.all(statement, params)
    const isServed = (repository: string) => {
      const [row] = all(
        `select c.key from repository_blobs rb join blobs b on b.id = rb.blob_id
          join blob_copies c on c.blob_id = b.id
        where rb.repository_id = ? and b.state = 'present'`,
        repository,
      )
      return row !== undefined && this.keys.has(String(row.key))
    }
    for (const name of ['a', 'b'] as const) {
      if (this.now <= this.told[name] && !isServed(this.#repository(name).id)) {
        return `somebody was told that ${name} has the blob, and it is gone`
      }
    }
    if (all('select 1 from manifest_refs where present = 1').length > 0) {
      if (!isServed(this.#repository('a').id)) return 'an image, kept or in the bin, lost its layer'
    }
    for (const { key } of all('select key from blob_copies')) {
      if (!this.keys.has(String(key))) return 'a row names bytes that are gone'
    }
    if (all('select 1 from condemned_objects x join blob_copies c on c.key = x.key').length > 0) {
      return 'bytes that a row names are condemned'
    }
    return undefined
  }
}

export const steps: Readonly<Record<string, (world: World) => Promise<boolean>>> = {
  push: (world) => world.push(),
  'HEAD looks': (world) => world.look('head'),
  'mount looks': (world) => world.look('mount'),
  answer: (world) => world.answer(),
  put: (world) => world.put(),
  delete: (world) => world.remove(),
  purge: (world) => world.purge(),
  'sweep looks': (world) => world.sweepLook(),
  'sweep acts': (world) => world.sweepAct(),
  'objects go': (world) => world.deleteObjects(),
  'half the grace period': (world) => world.wait(graceMs / 2 + 1),
  'the grace period': (world) => world.wait(graceMs + 1),
}

const blobDigest = digestOf('sha256', Buffer.from(text))
const manifestBytes = imageOf({
  config: blobDigest as Digest,
  configBytes: text.length,
  layers: [[blobDigest, text.length]],
})

export interface Explored {
  readonly states: number
  /** Sequences of steps up to the length, each possible where it stands. */
  readonly histories: bigint
  /** The first history that ends in what must not be. */
  readonly counterexample:
    | { readonly history: readonly string[]; readonly problem: string }
    | undefined
}

interface Known {
  readonly state: State
  readonly parent: Known | undefined
  readonly step: string
  readonly next: Known[]
}

/** Breadth first, so that a counterexample is a shortest one. `begin`: steps before those that are tried. */
export async function explore(
  length: number,
  { begin = [], mutate }: { readonly begin?: readonly string[]; readonly mutate?: Mutate } = {},
): Promise<Explored> {
  const world = new World(mutate)
  await world.open()
  for (const step of begin) assert(await steps[step]?.(world), `nothing to do: ${step}`)
  const root: Known = { state: world.save(), parent: undefined, step: '', next: [] }
  const known = new Map([[keyOf(root.state), root]])
  try {
    let level: readonly Known[] = [root]
    for (let depth = 0; depth < length; depth += 1) {
      const fresh: Known[] = []
      for (const from of level) {
        for (const [step, take] of Object.entries(steps)) {
          world.load(from.state)
          if (!(await take(world))) continue
          const state = world.save()
          const to: Known = { state, parent: from, step, next: [] }
          const problem = world.findProblem()
          if (problem !== undefined) {
            const counterexample = { history: historyOf(to), problem }
            return { states: known.size, histories: countHistories(root, depth), counterexample }
          }
          const key = keyOf(state)
          const seen = known.get(key)
          from.next.push(seen ?? to)
          if (seen) continue
          known.set(key, to)
          fresh.push(to)
        }
      }
      level = fresh
    }
    return {
      states: known.size,
      histories: countHistories(root, length),
      counterexample: undefined,
    }
  } finally {
    world.close()
  }
}

function historyOf(known: Known): readonly string[] {
  const history: string[] = []
  for (let at: Known | undefined = known; at?.parent; at = at.parent) history.unshift(at.step)
  return history
}

/** Of one step up to `length`. */
function countHistories(root: Known, length: number): bigint {
  let ends = new Map([[root, 1n]])
  let histories = 0n
  for (let steps = 0; steps < length; steps += 1) {
    const further = new Map<Known, bigint>()
    for (const [at, ways] of ends) {
      for (const next of at.next) further.set(next, (further.get(next) ?? 0n) + ways)
    }
    for (const ways of further.values()) histories += ways
    ends = further
  }
  return histories
}

/** Times that are compared with each other, not only with the clock. */
const compared = ['claimed_at', 'unreferenced_at']

/**
 * The state without its names: ids and keys by the order of the rows, times by what the code asks of them: whether they
 * are older than half a grace period or a whole one, or than a whole one before the sweep's look, and in which order
 * those stand that it compares.
 */
function keyOf(state: State): string {
  const { now, waiting, looked } = state
  const names = new Map<string, string>()
  const nameOf = (id: string) => {
    const name = names.get(id) ?? `#${names.size}`
    names.set(id, name)
    return name
  }
  const ageOf = (at: number) => Math.min(now - at, graceMs + 1)
  const times: number[] = looked ? [looked.at] : []
  for (const row of state.rows.flat()) {
    for (const column of compared) if (typeof row[column] === 'number') times.push(row[column])
  }
  const inOrder = [...new Set(times)].sort((a, b) => a - b)
  const showTime = (column: string, at: number) => [
    ageOf(at),
    compared.includes(column) ? inOrder.indexOf(at) : 0,
    looked !== undefined && at >= looked.at - graceMs,
  ]
  const show = (column: string, value: unknown): unknown => {
    if (value === null || column === 'bytes') return null
    if (column.endsWith('_at')) return showTime(column, Number(value))
    if (/^(?:id|key|.*_id)$/.test(column)) return nameOf(String(value))
    return value
  }
  const shown = [
    state.rows.map((rows) =>
      rows.map((row) => Object.entries(row).map(([column, value]) => show(column, value))),
    ),
    state.keys.map(nameOf).sort(),
    waiting && [waiting.kind, nameOf(waiting.blobId), ageOf(waiting.claimedAt) > graceMs / 2],
    looked && [ageOf(looked.at), inOrder.indexOf(looked.at), looked.seen.split(' ').map(nameOf)],
    Object.values(state.told).map((until) => Math.max(until - now, -1)),
  ]
  return createHash('sha1').update(JSON.stringify(shown)).digest('base64')
}
