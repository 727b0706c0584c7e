// What a refused caller is told. 401: we don't know you, or your token reaches less far than you do. 404: it
// isn't there, or you may not know. 403: you may see it, but not do this.

import { pullRepository } from './actions.ts'
import { type AccessRequest, type DenialReason, decide } from './decide.ts'
import { type Scope, scopesAllow } from './scopes.ts'

export type Answer =
  | { readonly kind: 'allowed' }
  /** 401 with the challenge. */
  | { readonly kind: 'login-needed'; readonly reason: DenialReason }
  /** 401 with `error="insufficient_scope"`. */
  | { readonly kind: 'scope-needed' }
  /** 404, as for what is missing. */
  | { readonly kind: 'hidden'; readonly reason: DenialReason }
  /** 403. */
  | { readonly kind: 'denied'; readonly reason: DenialReason }

const allowed: Answer = { kind: 'allowed' }
const scopeNeeded: Answer = { kind: 'scope-needed' }

/** Asks `decide` with the present rules, then bounds it by the scopes of the token. */
export function answer(request: AccessRequest, scopes: readonly Scope[] | undefined): Answer {
  const decision = decide(request)
  if (decision.allowed) {
    const path = request.resource.kind === 'repository' ? request.resource.path : undefined
    return scopesAllow(scopes, request.action, path) ? allowed : scopeNeeded
  }
  const { reason } = decision
  if (request.actor.kind === 'anonymous') return { kind: 'login-needed', reason }
  if (request.resource.kind === 'instance') return { kind: 'denied', reason }
  const sight = decide({ ...request, action: pullRepository })
  return sight.allowed ? { kind: 'denied', reason } : { kind: 'hidden', reason }
}
