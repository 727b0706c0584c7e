// The cloud tags that a call is about to put on something, for conditions that ask about them.

import { type CloudTag, maxTagsPerResource } from '../cloud-tags/cloud-tags.ts'

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
