// A switch that makes the n-th call to the outside (a statement, a commit, a storage operation) fail, and a
// database whose calls go through it.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { KyselyPlugin } from 'kysely'
import type { Database, Queryable, Tx } from '../db/database.ts'

export interface Fault {
  /** Which call, from 1. */
  readonly call: number
  /** `after`: the call has its effect, its answer is lost. */
  readonly when: 'before' | 'after'
  /** `dies`: every later call fails too, so that nothing cleans up: the process is gone. */
  readonly how: 'fails' | 'dies'
}

interface Call {
  /** Throws where the answer is to be lost. */
  answered(): void
}

export class Faults {
  readonly #calls: string[] = []
  #fault: Fault | undefined
  #hit: string | undefined

  arm(fault: Fault): void {
    this.#fault = fault
    this.#calls.length = 0
    this.#hit = undefined
  }

  disarm(): void {
    this.#fault = undefined
  }

  /** The name of the call that failed; undefined when there were not so many calls. */
  get hit(): string | undefined {
    return this.#hit
  }

  /** Calls since it was armed, by name. */
  get calls(): readonly string[] {
    return this.#calls
  }

  /** Before a call; throws where it is to fail. */
  begin(name: string): Call {
    const fault = this.#fault
    if (!fault) return { answered() {} }
    this.#calls.push(name)
    const number = this.#calls.length
    const isDead = fault.how === 'dies' && number > fault.call
    if (number !== fault.call && !isDead) return { answered() {} }
    this.#hit ??= name
    if (isDead || fault.when === 'before') throw injected(name)
    return {
      answered() {
        throw injected(name)
      },
    }
  }

  async around<T>(name: string, work: () => Promise<T>): Promise<T> {
    const call = this.begin(name)
    const value = await work()
    call.answered()
    return value
  }
}

/** What a caller meets when the database or the storage is gone. */
function injected(name: string): ApiError {
  return new ApiError('UNAVAILABLE', { cause: new Error(`injected fault: ${name}`) })
}

export function faultyDatabase(db: Database, faults: Faults): Database {
  const withFaults = (queryable: Queryable) => queryable.withPlugin(faultPlugin(faults))
  return {
    ...db,
    read: withFaults(db.read),
    heavy: withFaults(db.heavy),
    async write(work, options) {
      let commit: Call | undefined
      const value = await db.write(async (tx) => {
        // The same transaction, with calls counted.
        const result = await work(withFaults(tx) as Tx)
        commit = faults.begin('commit')
        return result
      }, options)
      commit?.answered()
      return value
    },
    fetch(query, params) {
      const call = faults.begin('fetch')
      const rows = db.fetch(query, params)
      if (!(rows instanceof Promise)) {
        call.answered()
        return rows
      }
      return rows.then((found) => {
        call.answered()
        return found
      })
    },
  }
}

function faultPlugin(faults: Faults): KyselyPlugin {
  const open = new WeakMap<object, Call>()
  return {
    transformQuery({ node, queryId }) {
      open.set(queryId, faults.begin(`statement ${node.kind}`))
      return node
    },
    async transformResult({ result, queryId }) {
      // A prepared statement has nothing left to transform, so it is met when it has run: in a transaction,
      // where it is, that is the same as before, since what fails takes it back.
      const call = open.get(queryId) ?? faults.begin('statement prepared')
      call.answered()
      return result
    },
  }
}

/** Any object whose methods are calls to the outside: a storage driver. */
export function faultyCalls<T extends object>(target: T, name: string, faults: Faults): T {
  return new Proxy(target, {
    get(object, property) {
      const value: unknown = Reflect.get(object, property)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const call = faults.begin(`${name}.${String(property)}`)
        const answer: unknown = value.apply(object, args)
        if (!(answer instanceof Promise)) return answer
        return answer.then((answered: unknown) => {
          call.answered()
          return answered
        })
      }
    },
  })
}
