// Whoever enqueues a job or records an event need not wait for the next poll: when the transaction has
// committed in this process, the workers of this process look at once. Other processes find out by polling.

import type { Database, Tx } from '../db/database.ts'

const marked = new WeakSet<Tx>()

/** Notes that the transaction, once committed, has made work. */
export function wakeAfterCommit(tx: Tx): void {
  marked.add(tx)
}

export class Wake {
  readonly #sleepers = new Set<() => void>()

  /** The database as the program uses it: a commit that made work wakes who listens here. */
  watch(db: Database): Database {
    return {
      ...db,
      write: async (work, options) => {
        let last: Tx | undefined
        const value = await db.write((tx) => {
          last = tx
          return work(tx)
        }, options)
        if (last && marked.has(last)) this.#ring()
        return value
      },
    }
  }

  /** Returns how to stop listening. */
  listen(wakeUp: () => void): () => void {
    this.#sleepers.add(wakeUp)
    return () => this.#sleepers.delete(wakeUp)
  }

  #ring(): void {
    for (const wakeUp of this.#sleepers) wakeUp()
  }
}
