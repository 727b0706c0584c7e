// From a caller and a call to what the policy language asks for.

import type { Context } from '../policies/conditions.ts'
import { evaluate, type operationLevel, type PolicyDecision } from '../policies/evaluate.ts'
import { type ListRequest, type Reach, reach } from '../policies/reach.ts'
import type { Place, Resource, ResourceTag } from '../policies/resources.ts'
import type { Account } from './actor.ts'

/** Circumstances of a call that conditions may ask about. */
export interface Circumstances {
  /** The client's, after trusted proxies; null once its connection is gone. */
  readonly address: string | null
  /** Wall time. */
  readonly nowMs: number
  /** Cloud tags that the call is about to put on something. */
  readonly requestTags?: readonly ResourceTag[] | undefined
}

/** Products whose resources lie in no region. */
const global: ReadonlySet<string> = new Set(['cam', 'sts', 'cloudaudit', 'ssl'])
/** Own actions, and those on cloud tags, are about the registry's resources. */
const aboutRegistry: ReadonlySet<string> = new Set(['entrepot', 'tag'])
const registryService = 'tcr'

/** Where the resources of a permission lie: in the caller's account, unless told. */
export function placeOf(permission: string, region: string, ownerUin: number): Place {
  const product = permission.slice(0, permission.indexOf(':'))
  const service = aboutRegistry.has(product) ? registryService : product
  return { service, region: global.has(service) ? '' : region, ownerUin }
}

export function contextOf(actor: Account, circumstances: Circumstances): Context {
  const { uin, ownerUin, appId, hasFactor: hasMfa } = actor
  const { address, nowMs, requestTags } = circumstances
  return { uin, ownerUin, appId, address, nowMs, hasMfa, ...(requestTags && { requestTags }) }
}

export interface Question extends Circumstances {
  readonly actor: Account
  readonly permission: string
}

/** Each of the resources must be allowed; none: only a statement on everything allows it. */
export function decideByPolicy(
  question: Question,
  resources: readonly Resource[] | typeof operationLevel,
): PolicyDecision {
  const { actor, permission: action } = question
  const context = contextOf(actor, question)
  return evaluate(actor.rights, { action, resources, context })
}

/** What of a list the actor may see; `root` is what the resource of each row begins with. */
export function reachByPolicy(
  question: Question & Pick<ListRequest, 'known'>,
  place: Place,
  root: string,
): Reach {
  const { actor, permission: action, known } = question
  const context = contextOf(actor, question)
  return reach(actor.rights, { action, place, root, context, known })
}
