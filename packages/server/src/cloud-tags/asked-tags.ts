// The cloud tags that conditions of policies ask about: looked up only for those whose policies ask.

import type { Actor } from '../access/actor.ts'
import type { Database } from '../db/database.ts'
import { asksOfResource } from '../policies/evaluate.ts'
import type { CloudTag } from './cloud-tags.ts'
import { findResourceTags } from './resources.ts'

export function asksForTags(actor: Actor): boolean {
  return actor.kind === 'account' && asksOfResource(actor.rights)
}

/** By resource: `repository/tcr-a/team/app`. */
export async function findTagsOf(
  db: Database,
  ownerUin: number,
  resources: readonly string[],
): Promise<ReadonlyMap<string, readonly CloudTag[]>> {
  const found = new Map<string, readonly CloudTag[]>()
  for (const path of resources) found.set(path, await findResourceTags(db, ownerUin, path))
  return found
}
