// The index of a namespace's charts, as helm reads it: put together from ready pieces, one for each chart, made of ready
// entries, one for each version. Whether a piece is still right is asked of the database at most once a second; then
// only what changed is read anew. Reading and compressing happen off the event loop.
//
// It is JSON, which is YAML: helm reads 50,000 versions of it in a fraction of the time (`jsonOrYamlUnmarshal`).

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { FreshAnswers } from '../memory/fresh-answers.ts'
import {
  type ChartState,
  type IndexedNamespace,
  type IndexRow,
  listChartStates,
  listIndexRows,
} from './queries.ts'

export interface ChartPiece extends ChartState {
  /** JSON: a list of entries, the highest version first. */
  readonly entries: Buffer
  readonly hash: string
}

export interface ServedIndex {
  readonly etag: string
  readonly plain: Buffer
  /** Compressed when it is first asked for. */
  compressed(): Promise<Buffer>
}

/** Of what a process keeps, in bytes; whatever was used last stays. */
const maxKeptBytes = 64 * 1024 * 1024
const rowsAtOnce = 1000
/** Text that repeats itself: higher levels take three times as long for a tenth less. */
const compressionLevel = 4

const compress = promisify(gzip)

export class NamespaceIndex {
  readonly pieces: readonly ChartPiece[]
  #whole: ServedIndex | undefined

  constructor(pieces: readonly ChartPiece[]) {
    this.pieces = pieces
  }

  get sizeBytes(): number {
    return this.pieces.reduce((sum, { entries }) => sum + entries.byteLength, 0)
  }

  /** Of those charts that the caller may pull. */
  serve(maySee: (piece: ChartPiece) => boolean): ServedIndex {
    const seen = this.pieces.filter(maySee)
    if (seen.length < this.pieces.length) return assemble(seen)
    this.#whole ??= assemble(this.pieces)
    return this.#whole
  }
}

function assemble(pieces: readonly ChartPiece[]): ServedIndex {
  const hash = createHash('sha256')
  const parts: Buffer[] = [Buffer.from('{"apiVersion":"v1","entries":{')]
  for (const [at, { name, entries, hash: ofPiece }] of pieces.entries()) {
    hash.update(`${name} ${ofPiece}\n`)
    parts.push(Buffer.from(`${at === 0 ? '' : ','}\n${JSON.stringify(name)}:`), entries)
  }
  // The same in every process: when what is in it was last pushed.
  const generated = new Date(Math.max(0, ...pieces.map(({ pushedAt }) => pushedAt))).toISOString()
  hash.update(generated)
  parts.push(Buffer.from(`\n},"generated":"${generated}"}\n`))
  const plain = Buffer.concat(parts)
  let compressing: Promise<Buffer> | undefined
  return {
    etag: hash.digest('hex').slice(0, 32),
    plain,
    compressed() {
      compressing ??= compress(plain, { level: compressionLevel })
      return compressing
    },
  }
}

export class ChartIndexes {
  readonly #db: Pick<Database, 'heavy'>
  readonly #fresh: FreshAnswers<NamespaceIndex>
  /** The last of each namespace, for its pieces. */
  readonly #last = new Map<string, NamespaceIndex>()

  constructor({ db, clock }: { readonly db: Database; readonly clock: Clock }) {
    this.#db = db
    this.#fresh = new FreshAnswers(clock, { maxWeight: maxNamespaces * keyChars })
  }

  find(namespace: IndexedNamespace): NamespaceIndex | Promise<NamespaceIndex> {
    return this.#fresh.find(namespace.id, () => this.#read(namespace))
  }

  async #read(namespace: IndexedNamespace): Promise<NamespaceIndex> {
    const earlier = this.#last.get(namespace.id)
    const known = new Map(earlier?.pieces.map((piece) => [piece.repositoryId, piece]))
    const states = await listChartStates(this.#db.heavy, namespace)
    const pieces: ChartPiece[] = []
    let isSame = earlier?.pieces.length === states.length
    for (const state of states) {
      const piece = known.get(state.repositoryId)
      const isRight = piece?.state === state.state && piece.path === state.path
      if (!isRight) isSame = false
      pieces.push(isRight ? piece : await this.#readPiece(namespace, state))
    }
    const index = isSame && earlier ? earlier : new NamespaceIndex(pieces)
    this.#keep(namespace.id, index)
    return index
  }

  async #readPiece(namespace: IndexedNamespace, state: ChartState): Promise<ChartPiece> {
    const rows: IndexRow[] = []
    for (;;) {
      const page = { after: rows.at(-1)?.tag ?? '', limit: rowsAtOnce }
      const more = await listIndexRows(this.#db.heavy, namespace, state.repositoryId, page)
      rows.push(...more)
      if (more.length < rowsAtOnce) break
    }
    rows.sort((a, b) => (a.order < b.order ? 1 : -1))
    const entries = Buffer.from(`[${rows.map(({ entry }) => entry).join(',\n')}]`)
    const hash = createHash('sha256').update(entries).digest('hex')
    return { ...state, entries, hash }
  }

  #keep(namespaceId: string, index: NamespaceIndex): void {
    this.#last.delete(namespaceId)
    this.#last.set(namespaceId, index)
    let keptBytes = 0
    for (const [id, kept] of [...this.#last].reverse()) {
      keptBytes += kept.sizeBytes
      if (id !== namespaceId && keptBytes > maxKeptBytes) this.#last.delete(id)
    }
  }
}

const maxNamespaces = 16
const keyChars = 1024
