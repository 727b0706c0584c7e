// Finds, among many patterns, those that a path may match: by the text before their first star and the text
// behind the last. One look-up for each length that occurs, however many patterns there are.

import { hasStar, type Wildcard } from './wildcard.ts'

/** A path with those of its beginnings and ends that were looked up, made once for all policies. */
export class IndexedPath {
  readonly text: string
  readonly #heads: string[] = []
  readonly #tails: string[] = []

  constructor(text: string) {
    this.text = text
  }

  head(length: number): string {
    this.#heads[length] ??= this.text.slice(0, length)
    return this.#heads[length]
  }

  tail(length: number): string {
    this.#tails[length] ??= this.text.slice(this.text.length - length)
    return this.#tails[length]
  }
}

interface Bucket<T> {
  /** That end with a star. */
  readonly open: T[]
  readonly byTail: Map<string, T[]>
  readonly tailLengths: Set<number>
}

export class PathIndex<T> {
  readonly #exact = new Map<string, T[]>()
  readonly #byHead = new Map<string, Bucket<T>>()
  readonly #headLengths = new Set<number>()

  add(pattern: Wildcard, entry: T): void {
    if (!hasStar(pattern)) {
      append(this.#exact, pattern.text, entry)
      return
    }
    const head = pattern.pieces[0] ?? ''
    const tail = pattern.pieces.at(-1) ?? ''
    this.#headLengths.add(head.length)
    let bucket = this.#byHead.get(head)
    if (!bucket) {
      bucket = { open: [], byTail: new Map(), tailLengths: new Set() }
      this.#byHead.set(head, bucket)
    }
    if (tail === '') {
      bucket.open.push(entry)
    } else {
      append(bucket.byTail, tail, entry)
      bucket.tailLengths.add(tail.length)
    }
  }

  /** The first for which `isIt`, among all whose pattern the path may match. */
  find(path: IndexedPath, isIt: (entry: T) => boolean): T | undefined {
    const { length } = path.text
    const exact = this.#exact.get(path.text)?.find(isIt)
    if (exact !== undefined) return exact
    for (const headLength of this.#headLengths) {
      const bucket = headLength <= length ? this.#byHead.get(path.head(headLength)) : undefined
      if (bucket === undefined) continue
      const open = bucket.open.find(isIt)
      if (open !== undefined) return open
      for (const tailLength of bucket.tailLengths) {
        if (tailLength > length) continue
        const closed = bucket.byTail.get(path.tail(tailLength))?.find(isIt)
        if (closed !== undefined) return closed
      }
    }
    return undefined
  }
}

function append<T>(map: Map<string, T[]>, key: string, entry: T): void {
  const entries = map.get(key)
  if (entries) entries.push(entry)
  else map.set(key, [entry])
}
