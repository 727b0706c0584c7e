// Where pages of a long list begin, so that whoever pages through it doesn't have the database count from the start
// each time: after 900,000 tags that would be a hundred times slower than the first page. A mark says which key stood
// before an offset a moment ago; entries that come and go meanwhile move the list under it, as they do under `OFFSET`.

import type { Clock } from '../clock.ts'

const freshMs = 60_000
/** Lists that are paged through at the same time, in this process. */
const maxLists = 500
/** Of one list; the oldest go first. */
const maxMarks = 1000

interface Mark<K> {
  readonly offset: number
  readonly key: K
  readonly atMs: number
}

export class PageMarks<K> {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #lists = new Map<string, Mark<K>[]>()

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock
  }

  /** The nearest mark at or before `offset`: the entry with `key` is number `offset` (from 1) of the list. */
  find(list: string, offset: number): { readonly offset: number; readonly key: K } | undefined {
    const oldestMs = this.#clock.monotonicMs() - freshMs
    let nearest: Mark<K> | undefined
    for (const mark of this.#lists.get(list) ?? []) {
      if (mark.offset > offset || mark.atMs < oldestMs) continue
      if (!nearest || mark.offset > nearest.offset) nearest = mark
    }
    return nearest
  }

  /** After a page: its last entry is number `offset` of the list. */
  put(list: string, offset: number, key: K): void {
    const known = this.#lists.get(list) ?? []
    const others = known.filter((mark) => mark.offset !== offset).slice(1 - maxMarks)
    // Anew, so that the list longest untouched is the first to go.
    this.#lists.delete(list)
    this.#lists.set(list, [...others, { offset, key, atMs: this.#clock.monotonicMs() }])
    const [oldest] = this.#lists.keys()
    if (this.#lists.size > maxLists && oldest !== undefined) this.#lists.delete(oldest)
  }
}
