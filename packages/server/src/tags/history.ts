// Every move of a tag, kept as long as one of the manifests that it names is, up to so many of a tag (`trim.ts`).

import type { Origin } from '../audit/origin.ts'
import { batches } from '../db/batches.ts'
import type { Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import type { EventCause } from '../events/catalogue.ts'

export interface TagMove {
  readonly name: string
  /** Null: it was deleted. */
  readonly digest: string | null
  /** Null: it was new. */
  readonly previousDigest: string | null
}

interface Moving {
  readonly repository: { readonly id: string }
  readonly origin: Origin
  readonly at: number
  readonly cause: EventCause
}

export async function insertMoves(
  tx: Tx,
  { repository, origin, at, cause }: Moving,
  moves: readonly TagMove[],
): Promise<void> {
  for (const batch of batches(moves)) {
    await tx
      .insertInto('tag_history')
      .values(
        batch.map((move) => ({
          id: newId(),
          repository_id: repository.id,
          name: move.name,
          digest: move.digest,
          previous_digest: move.previousDigest,
          actor: origin.actor,
          cause,
          at,
        })),
      )
      .execute()
  }
}
