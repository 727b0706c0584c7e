// What a list shows to whom, in a form that SQL can filter by.

import type { Reach } from '../policies/reach.ts'
import type { KnownValues } from '../policies/row-tests.ts'
import { describeRepositories, pullRepository } from './actions.ts'
import { type Actor, everyNamespace } from './actor.ts'
import type { AccessInstance } from './decide.ts'
import { type Circumstances, reachByPolicy } from './policy-request.ts'

export type VisibleRepositories =
  | { readonly kind: 'all' }
  /** Of these namespaces. */
  | {
      readonly kind: 'namespaces'
      readonly ids: readonly string[]
      /** Also those that anybody may pull from. */
      readonly withPublic: boolean
    }
  /** What policies reach, by path. */
  | {
      readonly kind: 'reach'
      readonly reach: Extract<Reach, { kind: 'some' }>
      readonly withPublic: boolean
    }

/** Agrees with `decide` for `tcr:DescribeRepositories` on each repository; the test holds the two together. */
export function visibleRepositories(
  actor: Actor,
  instance: AccessInstance,
  { known, ...circumstances }: Circumstances & { readonly known?: KnownValues | undefined },
): VisibleRepositories {
  const withPublic = instance.allowsAnonymousPull
  const anybody = { kind: 'namespaces', ids: [], withPublic } as const
  switch (actor.kind) {
    case 'account': {
      const { id, region, ownerUin } = instance
      const question = { ...circumstances, actor, permission: describeRepositories, known }
      const place = { service: 'tcr', region, ownerUin }
      const reach = reachByPolicy(question, place, `repository/${id}/`)
      if (reach.kind === 'all') return { kind: 'all' }
      return reach.kind === 'none' ? anybody : { kind: 'reach', reach, withPublic }
    }
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
