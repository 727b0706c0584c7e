// The cloud tags that conditions of policies ask about: those of the resources, looked up only for callers whose policies
// ask, and those that the call is about to put on something.

import type { Account } from '../access/actor.ts'
import { type CloudTag, maxTagsPerResource } from '../cloud-tags/cloud-tags.ts'
import { findResourceTags } from '../cloud-tags/resources.ts'
import type { Database } from '../db/database.ts'
import { asksOfResource } from '../policies/evaluate.ts'

/** By resource; undefined where no policy of the caller asks. */
export async function findAskedTags(
  db: Database,
  actor: Account,
  resources: readonly string[],
): Promise<ReadonlyMap<string, readonly CloudTag[]> | undefined> {
  if (!asksOfResource(actor.rights)) return undefined
  const found = new Map<string, readonly CloudTag[]>()
  for (const path of resources) found.set(path, await findResourceTags(db, actor.ownerUin, path))
  return found
}

/** `TagSpecification` of instances and namespaces, `Tags` of roles and policies. */
export function requestTagsOf(input: Readonly<Record<string, unknown>>): readonly CloudTag[] {
  const { TagSpecification: specification, Tags: tags } = input
  const listed = isObject(specification) ? specification.Tags : tags
  if (!Array.isArray(listed)) return []
  // One more than fits is refused anyway.
  return listed.slice(0, maxTagsPerResource + 1).flatMap((tag: unknown) => {
    if (!isObject(tag) || typeof tag.Key !== 'string' || typeof tag.Value !== 'string') return []
    return [{ key: tag.Key, value: tag.Value }]
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
