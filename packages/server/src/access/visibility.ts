// What a list shows to whom, in a form that SQL can filter by.

import { pullRepository } from './actions.ts'
import { type Actor, everyNamespace } from './actor.ts'
import type { AccessInstance } from './decide.ts'

export type VisibleNamespaces =
  | { readonly kind: 'all' }
  | { readonly kind: 'public' }
  | { readonly kind: 'ids'; readonly ids: readonly string[] }

const none: VisibleNamespaces = { kind: 'ids', ids: [] }

/** Agrees with `decide` for `tcr:DescribeRepositories` on each repository; the test holds the two together. */
export function visibleNamespaces(actor: Actor, instance: AccessInstance): VisibleNamespaces {
  switch (actor.kind) {
    case 'account':
      return actor.uin === instance.ownerUin ? { kind: 'all' } : none
    case 'anonymous':
      return instance.allowsAnonymousPull ? { kind: 'public' } : none
    case 'service-account': {
      if (actor.instanceId !== instance.id) return none
      if (actor.permissions.get(everyNamespace)?.has(pullRepository)) return { kind: 'all' }
      const ids: string[] = []
      for (const [id, granted] of actor.permissions) if (granted.has(pullRepository)) ids.push(id)
      return { kind: 'ids', ids }
    }
  }
}
