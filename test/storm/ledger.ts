// What the server answered 201 to, and what was asked of it: the first must all be there afterwards, and
// nothing may be there that is not in the second.

import { EventEmitter, once } from 'node:events'

export interface Pushed {
  readonly repository: string
  readonly tag: string
  readonly digest: string
}

export class Ledger {
  readonly blobs: { readonly repository: string; readonly digest: string }[] = []
  readonly images: Pushed[] = []
  /** Tags that were sent at least once, by repository. */
  readonly attempted = new Map<string, Set<string>>()
  /** The moving tag's digests that are possible now: what was answered last, and what was sent since. */
  readonly latest = new Map<string, Set<string>>()
  readonly problems: string[] = []
  #answers = 0
  #broken = 0
  #changed = new EventEmitter()

  answered(): void {
    this.#answers++
    this.#changed.emit('answer')
  }

  /** Resolves after `count` more answers. */
  async more(count: number): Promise<void> {
    const goal = this.#answers + count
    while (this.#answers < goal) await once(this.#changed, 'answer')
  }

  /** Something didn't come through, for a reason that passes. */
  broke(): void {
    this.#broken++
    this.#changed.emit('broken')
  }

  /** Resolves after `count` more of these. */
  async moreBroken(count: number): Promise<void> {
    const goal = this.#broken + count
    while (this.#broken < goal) await once(this.#changed, 'broken')
  }

  attempt({ repository, tag, digest }: Pushed): void {
    const tags = this.attempted.get(repository) ?? new Set()
    this.attempted.set(repository, tags.add(tag))
    if (tag !== 'latest') return
    const digests = this.latest.get(repository) ?? new Set()
    this.latest.set(repository, digests.add(digest))
  }

  acknowledge(pushed: Pushed): void {
    this.images.push(pushed)
    if (pushed.tag === 'latest') this.latest.set(pushed.repository, new Set([pushed.digest]))
    this.answered()
  }
}
