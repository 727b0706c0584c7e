// May this actor do this action on this resource, from this address and network? Pure; asked on every
// request with the present rules. What no rule allows is denied. The whole of it is drawn in
// `access-matrix.txt`, which the test beside this file regenerates.

import type { Instance } from '../instances/instances.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import {
  type Action,
  createInstanceToken,
  describeRepositories,
  pullRepository,
} from './actions.ts'
import { type Account, type Actor, everyNamespace, type ServiceAccount } from './actor.ts'
import { decidePersonal } from './personal.ts'
import { type Circumstances, decideByPolicy, reachByPolicy } from './policy-request.ts'
import { type FactsByPath, factsFor } from './resource-facts.ts'
import { maySeeInstance } from './sight.ts'

export type AccessInstance = Pick<
  Instance,
  'id' | 'kind' | 'ownerUin' | 'region' | 'allowsAnonymousPull'
>

/** `namespace` is undefined where none of that name exists: policies speak of names, so they can't tell. */
export type Resource =
  | { readonly kind: 'instance' }
  | {
      readonly kind: 'repository'
      readonly namespace: Namespace | undefined
      /** `<namespace>/<name>`. */
      readonly path: string
    }

/** Where a request came in: rules on networks tell the two apart. */
export type Network = 'public' | 'private'

export interface AccessRequest extends Circumstances {
  readonly actor: Actor
  readonly action: Action
  readonly resource: Resource
  readonly network: Network
  readonly instance: AccessInstance
  /** Only where a policy of the actor asks for them. */
  readonly facts?: FactsByPath | undefined
}

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: DenialReason }

/** For the log and the audit row; callers are told less. */
export type DenialReason =
  | 'not-public'
  | 'anonymous-pull-off'
  | 'anonymous-reads-only'
  | 'other-instance'
  | 'no-permission'
  | 'refused-by-policy'

const allowed: Decision = { allowed: true }

function denied(reason: DenialReason): Decision {
  return { allowed: false, reason }
}

export function decide(request: AccessRequest): Decision {
  const { actor } = request
  switch (actor.kind) {
    case 'account':
      return orAnybody(request, decideAccount(actor, request))
    case 'service-account':
      return orAnybody(request, decideServiceAccount(actor, request))
    case 'anonymous':
      return decideAnonymous(request)
  }
}

/** What needs no login is not lost by logging in: a node's pull secret must not hide public images from it. */
function orAnybody(request: AccessRequest, decision: Decision): Decision {
  if (decision.allowed) return decision
  return decideAnonymous(request).allowed ? allowed : decision
}

function decideAccount(actor: Account, request: AccessRequest): Decision {
  const { action: permission, resource, instance } = request
  if (instance.kind === 'personal') return decideInPersonal(actor, request)
  const question = { ...request, actor, permission }
  const place = { service: 'tcr', region: instance.region, ownerUin: instance.ownerUin }
  if (resource.kind === 'instance' && permission === describeRepositories) {
    // Filtered: `visibleNamespaces`.
    const reached = reachByPolicy(question, place, `repository/${instance.id}/`)
    return reached.kind === 'none' ? denied('no-permission') : allowed
  }
  const path =
    resource.kind === 'instance'
      ? `instance/${instance.id}`
      : `repository/${instance.id}/${resource.path}`
  const facts = factsFor(request.facts?.get(path), permission, actor.uin)
  const decision = decideByPolicy(question, [{ ...place, path, ...facts }])
  if (decision.effect === 'allow') return allowed
  if (decision.effect === 'deny') return denied('refused-by-policy')
  // To make a login of one's own, sight of the instance is enough; a session makes nothing that outlives it.
  const isOwn = permission === createInstanceToken && !actor.session
  return isOwn && maySeeInstance(question, instance) ? allowed : denied('no-permission')
}

/** It has no catalog: of what all accounts have, nobody sees a list. */
function decideInPersonal(actor: Account, request: AccessRequest): Decision {
  const { resource, instance } = request
  if (resource.kind === 'instance') return denied('no-permission')
  const { region } = instance
  const ownerUin = resource.namespace?.ownerUin
  const effect = decidePersonal({ ...request, actor, region, ownerUin, path: resource.path })
  if (effect === 'allow') return allowed
  return denied(effect === 'deny' ? 'refused-by-policy' : 'no-permission')
}

function decideServiceAccount(actor: ServiceAccount, request: AccessRequest): Decision {
  const { action, resource, instance } = request
  if (actor.instanceId !== instance.id) return denied('other-instance')
  if (resource.kind === 'instance') {
    // A list is allowed where anything in it is, and then filtered: `visibleNamespaces`.
    const seesSome = action === describeRepositories && mayPullSomewhere(actor)
    return seesSome ? allowed : denied('no-permission')
  }
  const { namespace } = resource
  if (!namespace) return denied('no-permission')
  // To see that a repository is there, one must be allowed to pull it.
  const needed = action === describeRepositories ? pullRepository : action
  const granted =
    actor.permissions.get(namespace.id)?.has(needed) ||
    actor.permissions.get(everyNamespace)?.has(needed)
  return granted ? allowed : denied('no-permission')
}

function mayPullSomewhere(actor: ServiceAccount): boolean {
  for (const granted of actor.permissions.values()) if (granted.has(pullRepository)) return true
  return false
}

function decideAnonymous({ action, resource, instance }: AccessRequest): Decision {
  if (action !== pullRepository && action !== describeRepositories) {
    return denied('anonymous-reads-only')
  }
  if (!instance.allowsAnonymousPull) return denied('anonymous-pull-off')
  // The catalog, filtered to what is public.
  if (resource.kind === 'instance') {
    const isCatalog = action === describeRepositories && instance.kind !== 'personal'
    return isCatalog ? allowed : denied('not-public')
  }
  return resource.namespace?.isPublic ? allowed : denied('not-public')
}
