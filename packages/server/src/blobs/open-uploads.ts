// How many uploads one instance has open: a limit against overload, not a quota, so a count that is a second
// old, and what this process has begun since, will do.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { prepare } from '../db/prepared.ts'

const freshMs = 1000
const maxInstances = 10_000
const retryAfterSeconds = 30

/** Counts no further than the limit. */
const countOpen = prepare<{ instance: string; limit: number }>()((db, p) =>
  db
    .selectFrom(
      db
        .selectFrom('uploads as u')
        .innerJoin('namespaces as n', 'n.id', 'u.namespace_id')
        .select('u.id')
        .where('n.instance_id', '=', p('instance'))
        .limit(p('limit'))
        .as('open'),
    )
    .select((eb) => eb.fn.countAll<number>().as('count')),
)

interface Counted {
  readonly open: number
  readonly readAtMs: number
  begun: number
}

export class OpenUploads {
  readonly #db: Database
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #max: number
  readonly #counted = new Map<string, Counted>()

  constructor(db: Database, clock: Pick<Clock, 'monotonicMs'>, max: number) {
    this.#db = db
    this.#clock = clock
    this.#max = max
  }

  /** Called for each upload that is to begin. Throws TOO_MANY_REQUESTS: some end, or expire. */
  async begin(instanceId: string): Promise<void> {
    let counted = this.#counted.get(instanceId)
    const isOld = !counted || this.#clock.monotonicMs() - counted.readAtMs >= freshMs
    // Of what began meanwhile most has ended: before refusing anybody it is counted again.
    const isUnsure = counted && counted.begun > 0 && counted.open + counted.begun >= this.#max
    if (!counted || isOld || isUnsure) counted = await this.#count(instanceId)
    if (counted.open + counted.begun >= this.#max) throw tooMany(this.#max)
    counted.begun += 1
  }

  async #count(instanceId: string): Promise<Counted> {
    const readAtMs = this.#clock.monotonicMs()
    const found = this.#db.fetch(countOpen, { instance: instanceId, limit: this.#max })
    const [row] = found instanceof Promise ? await found : found
    const counted = { open: Number(row?.count ?? 0), readAtMs, begun: 0 }
    if (this.#counted.size >= maxInstances) this.#counted.clear()
    this.#counted.set(instanceId, counted)
    return counted
  }
}

function tooMany(max: number): ApiError {
  return new ApiError('TOO_MANY_REQUESTS', {
    message: `${max} uploads are open in this registry; finish or cancel some, or repeat later`,
    detail: { limit: max },
    headers: { 'Retry-After': String(retryAfterSeconds) },
  })
}
