// What a list shows to whom, in a form that SQL can filter by.

import { pullRepository } from './actions.ts'
import { type Actor, everyNamespace } from './actor.ts'
import type { AccessInstance } from './decide.ts'

export type VisibleNamespaces =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'some'
      readonly ids: readonly string[]
      /** Also those that anybody may pull from. */
      readonly withPublic: boolean
    }

/** Agrees with `decide` for `tcr:DescribeRepositories` on each repository; the test holds the two together. */
export function visibleNamespaces(actor: Actor, instance: AccessInstance): VisibleNamespaces {
  const anybody = { kind: 'some', ids: [], withPublic: instance.allowsAnonymousPull } as const
  switch (actor.kind) {
    case 'account':
      return actor.uin === instance.ownerUin ? { kind: 'all' } : anybody
    case 'anonymous':
      return anybody
    case 'service-account': {
      if (actor.instanceId !== instance.id) return anybody
      if (actor.permissions.get(everyNamespace)?.has(pullRepository)) return { kind: 'all' }
      const ids: string[] = []
      for (const [id, granted] of actor.permissions) if (granted.has(pullRepository)) ids.push(id)
      return { ...anybody, ids }
    }
  }
}
