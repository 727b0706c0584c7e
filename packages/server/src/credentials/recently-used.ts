// A bounded map that forgets what was not used for longest, roughly: two generations, so that a hit costs one
// look-up and never moves an entry within a list.

export class RecentlyUsed<V> {
  readonly #maxWeight: number
  #young = new Map<string, V>()
  #old = new Map<string, V>()
  #youngWeight = 0

  /** `maxWeight`: characters of the keys plus `entryWeight` each; both generations together stay below twice that. */
  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight
  }

  get(key: string): V | undefined {
    const value = this.#young.get(key)
    if (value !== undefined) return value
    const older = this.#old.get(key)
    if (older !== undefined) this.set(key, older)
    return older
  }

  set(key: string, value: V): void {
    if (!this.#young.has(key)) {
      if (this.#youngWeight >= this.#maxWeight) {
        this.#old = this.#young
        this.#young = new Map()
        this.#youngWeight = 0
      }
      this.#youngWeight += key.length + entryWeight
    }
    this.#young.set(key, value)
  }

  delete(key: string): void {
    this.#old.delete(key)
    if (this.#young.delete(key)) this.#youngWeight -= key.length + entryWeight
  }
}

/** What an entry costs beside its key, in the same unit. */
const entryWeight = 512
