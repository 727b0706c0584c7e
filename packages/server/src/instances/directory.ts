// Which instance answers at a host. A bare address, `localhost` and any host outside the base domain are
// the default instance; a host under the base domain that names no live instance is nobody.

import { isIP } from 'node:net'
import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { prepare } from '../db/prepared.ts'
import { FreshAnswers } from '../memory/fresh-answers.ts'
import { fromRow, type Instance } from './instances.ts'

/** About eight thousand hosts. */
const maxRemembered = 4 * 1024 * 1024

const instanceByName = prepare<{ name: string }>()((db, p) =>
  db
    .selectFrom('instances')
    .selectAll()
    .where('name', '=', p('name'))
    .where('state', '=', 'running'),
)

/** The constant is the partial index's: bound, SQLite would compile the statement anew each time. */
export const defaultInstance = prepare<Record<string, never>>()((db) =>
  db
    .selectFrom('instances')
    .selectAll()
    .where('is_default', '=', sql.lit(1))
    .where('state', '=', 'running'),
)

/** Host without port → instance. Only as a name: what it may be asked is decided elsewhere. */
export class InstanceDirectory {
  readonly #known: FreshAnswers<Instance | undefined>
  readonly #db: Database
  readonly #baseDomain: string | undefined

  constructor(db: Database, clock: Clock, baseDomain: string | undefined) {
    this.#db = db
    this.#known = new FreshAnswers(clock, { maxWeight: maxRemembered })
    this.#baseDomain = baseDomain
  }

  /** `hostname` is lower case and without port. */
  find(hostname: string): Instance | undefined | Promise<Instance | undefined> {
    return this.#known.find(hostname, () => this.#read(hostname))
  }

  async #read(hostname: string): Promise<Instance | undefined> {
    const name = instanceNameOf(hostname, this.#baseDomain)
    const rows =
      name === undefined
        ? await this.#db.fetch(defaultInstance, {})
        : await this.#db.fetch(instanceByName, { name })
    return rows[0] && fromRow(rows[0])
  }
}

/** The name that a host under the base domain carries; undefined: the default instance. */
export function instanceNameOf(
  hostname: string,
  baseDomain: string | undefined,
): string | undefined {
  if (!baseDomain || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined
  const suffix = `.${baseDomain.toLowerCase()}`
  // `name.example.com.` is the same host (RFC 3986, 3.2.2).
  const host = hostname.replace(/\.$/, '')
  if (!host.endsWith(suffix)) return undefined
  return host.slice(0, -suffix.length).replace(/-vpc$/, '')
}
