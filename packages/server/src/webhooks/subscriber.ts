// Follows the event log: what receivers are to hear of becomes deliveries, in the transaction that moves the cursor.

import type { Queryable } from '../db/database.ts'
import { isEventOf, type Subscriber } from '../events/subscriptions.ts'
import { schedule } from '../jobs/jobs.ts'
import { enqueue, type Naming } from './enqueue.ts'
import {
  followedTypes,
  type Happening,
  happeningOf,
  listDeletedTags,
  maxResources,
} from './happenings.ts'
import { expandKind } from './webhooks.ts'

export function webhookSubscriber(naming: Naming): Subscriber {
  return {
    name: 'webhooks',
    types: followedTypes,
    async onEvents(tx, events, at) {
      const happenings: Happening[] = []
      for (const event of events) {
        if (isEventOf(event, 'repository.deleted') && event.repository) {
          const { id: repositoryId } = event.repository
          const deleted = { repositoryId, atMs: event.at, operator: event.actor, after: '' }
          const { happening, rest } = await nextPage(tx, deleted)
          if (happening) happenings.push(happening)
          const key = `${expandKind}:${event.position}`
          if (rest) await schedule(tx, { kind: expandKind, key, payload: rest, at })
        } else {
          const happening = happeningOf(event)
          if (happening) happenings.push(happening)
        }
      }
      await enqueue(tx, happenings, at, naming)
    },
    // What nobody was told of before there was a cursor, or while it was a month behind, nobody is told of.
    async resync() {},
  }
}

export interface DeletedRepository {
  readonly repositoryId: string
  readonly atMs: number
  readonly operator: string
  /** Its tags up to this one were told of. */
  readonly after: string
}

/** The next of its tags as one deletion, and what is left. */
export async function nextPage(
  db: Queryable,
  deleted: DeletedRepository,
): Promise<{
  readonly happening: Happening | undefined
  readonly rest: DeletedRepository | undefined
}> {
  const { repositoryId, atMs, operator, after } = deleted
  const resources = await listDeletedTags(db, { id: repositoryId, deletedAt: atMs }, after)
  const last = resources.at(-1)
  if (!last) return { happening: undefined, rest: undefined }
  return {
    happening: { repositoryId, kind: 'delete', atMs, operator, resources },
    rest: resources.length < maxResources ? undefined : { ...deleted, after: last.tag },
  }
}
