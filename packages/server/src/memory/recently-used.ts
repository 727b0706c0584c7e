// A bounded map that forgets what was not used for longest, roughly: two generations, so that a hit costs one
// look-up and never moves an entry within a list.

interface Entry<V> {
  readonly value: V
  readonly weight: number
}

export class RecentlyUsed<V> {
  readonly #maxWeight: number
  #young = new Map<string, Entry<V>>()
  #old = new Map<string, Entry<V>>()
  #youngWeight = 0

  /** Both generations together stay below twice `maxWeight`, which is in characters. */
  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight
  }

  get(key: string): V | undefined {
    const entry = this.#young.get(key)
    if (entry !== undefined) return entry.value
    const older = this.#old.get(key)
    if (older !== undefined) this.set(key, older.value, older.weight)
    return older?.value
  }

  /** `weight`: of a value much larger than its key. */
  set(key: string, value: V, weight = key.length): void {
    if (!this.#young.has(key)) {
      if (this.#youngWeight >= this.#maxWeight) {
        this.#old = this.#young
        this.#young = new Map()
        this.#youngWeight = 0
      }
      this.#youngWeight += weight + entryWeight
    }
    this.#young.set(key, { value, weight })
  }

  delete(key: string): void {
    this.#old.delete(key)
    const entry = this.#young.get(key)
    if (!entry) return
    this.#young.delete(key)
    this.#youngWeight -= entry.weight + entryWeight
  }
}

/** What an entry costs beside its key, in the same unit. */
const entryWeight = 512
