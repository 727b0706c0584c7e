// What takes the space of an instance. Bytes of namespaces are kept; those of repositories are added up, which takes a
// second where there are a million layers: so the sums are remembered for a while, and never made twice at once.

import { sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { repositoryColumns } from '../access/row-columns.ts'
import type { Clock } from '../clock.ts'
import type { Queryable } from '../db/database.ts'
import { endOfPrefix, type Reach } from '../policies/reach.ts'

const freshMs = 10 * 60_000
/** Of some hundred entries each. */
const maxRemembered = 100

export interface SpaceQuestion {
  readonly instanceId: string
  readonly namespace: string | undefined
  readonly reach: Reach
  readonly top: number
}

export interface SpaceSums {
  readonly repositories: readonly { readonly path: string; readonly bytes: number }[]
  readonly total: number
  /** Wall time. */
  readonly countedAt: number
}

interface Remembered {
  readonly sums: Promise<SpaceSums>
  readonly atMs: number
}

export class RepositorySpace {
  readonly #clock: Pick<Clock, 'monotonicMs' | 'now'>
  readonly #known = new Map<string, Remembered>()

  constructor(clock: Pick<Clock, 'monotonicMs' | 'now'>) {
    this.#clock = clock
  }

  /** `db`: the one for statements that may take long. */
  of(db: Queryable, question: SpaceQuestion): Promise<SpaceSums> {
    const key = JSON.stringify(question)
    const atMs = this.#clock.monotonicMs()
    const known = this.#known.get(key)
    if (known && atMs - known.atMs < freshMs) return known.sums
    const sums = addUp(db, question, this.#clock.now())
    // Anew, so that the one longest untouched is the first to go.
    this.#known.delete(key)
    this.#known.set(key, { sums, atMs })
    const [oldest] = this.#known.keys()
    if (this.#known.size > maxRemembered && oldest !== undefined) this.#known.delete(oldest)
    sums.catch(() => this.#known.delete(key))
    return sums
  }
}

async function addUp(
  db: Queryable,
  { instanceId, namespace, reach, top }: SpaceQuestion,
  countedAt: number,
): Promise<SpaceSums> {
  let matching = db
    .selectFrom('repositories as r')
    .where('r.instance_id', '=', instanceId)
    .where('r.deleted_at', 'is', null)
    .where('r.born_at', 'is not', null)
  if (namespace !== undefined) {
    const prefix = `${namespace}/`
    matching = matching.where('r.path', '>=', prefix).where('r.path', '<', endOfPrefix(prefix))
  }
  const reached = reachCondition(db, reach, sql<string>`r.path`, repositoryColumns('r'))
  if (reached) matching = matching.where(reached)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await matching
    .innerJoin(held(db, instanceId), 'held.repository_id', 'r.id')
    .select(['r.path', (eb) => eb.fn.sum<number>('held.bytes').as('bytes')])
    .groupBy(['r.id', 'r.path'])
    .orderBy('bytes', 'desc')
    .orderBy('r.path')
    .limit(top)
    .execute()
  const repositories = rows.map(({ path, bytes }) => ({ path, bytes: Number(bytes) }))
  return { repositories, total: Number(total), countedAt }
}

/** Each blob and manifest of each repository. */
function held(db: Queryable, instanceId: string) {
  return db
    .selectFrom('repository_blobs as rb')
    .innerJoin('blobs as b', 'b.id', 'rb.blob_id')
    .select(['rb.repository_id', 'b.size_bytes as bytes'])
    .where('b.instance_id', '=', instanceId)
    .unionAll(
      db
        .selectFrom('manifests as m')
        .select(['m.repository_id', 'm.size_bytes as bytes'])
        .where('m.instance_id', '=', instanceId)
        .where('m.deleted_at', 'is', null),
    )
    .as('held')
}
