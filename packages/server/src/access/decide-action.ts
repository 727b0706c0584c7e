// May this actor do this action of the management API on these resources? The same rules as `decide.ts`, asked by
// names: a resource is the last of six segments, as policies write it, and need not exist.

import { operationLevel } from '../policies/evaluate.ts'
import type { Reach } from '../policies/reach.ts'
import type { Resource } from '../policies/resources.ts'
import type { KnownValues } from '../policies/row-tests.ts'
import { decideByPolicy, placeOf, type Question, reachByPolicy } from './policy-request.ts'
import { type FactsByPath, factsFor } from './resource-facts.ts'
import { maySeeInstance, maySeeSomeInstance } from './sight.ts'

/** `permission`: `tcr:CreateNamespace`. */
interface Asked extends Question {
  /** Where the resources lie. */
  readonly region: string
}

export interface ActionRequest extends Asked {
  /** `repository/tcr-a/team`; each must be allowed. `*`: only a statement on everything allows it. */
  readonly resources: readonly string[]
  /** Only where a policy of the actor asks for them. */
  readonly facts?: FactsByPath | undefined
}

export interface ListRequest extends Asked {
  /** What the resource of each row begins with: `repository/tcr-a/`. */
  readonly root: string
  readonly known?: KnownValues | undefined
}

/** A list is allowed where anything in it is, and then filtered by `reachOf`. */
export function mayList(request: ActionRequest): boolean {
  return request.resources.every((path) => {
    const star = path.indexOf('*')
    if (star === -1) return mayAct({ ...request, resources: [path] })
    const reached = reachOf({ ...request, root: path.slice(0, star) })
    return reached.kind !== 'none' || mayOwnSome(request, path)
  })
}

export function mayAct(request: ActionRequest): boolean {
  const { resources } = request
  if (resources.includes('*')) return decideByPolicy(request, operationLevel).effect === 'allow'
  const decision = decideByPolicy(
    request,
    resources.map((path) => resourceOf(request, path)),
  )
  if (decision.effect !== 'none') return decision.effect === 'allow'
  return isOwnCredential(request) && decision.lacks === 'identity' && maySeeAll(request)
}

/** What of a list the actor may see. */
export function reachOf(request: ListRequest): Reach {
  const { permission, region, actor, root } = request
  return reachByPolicy(request, placeOf(permission, region, actor.ownerUin), root)
}

function resourceOf({ permission, region, actor, facts }: ActionRequest, path: string): Resource {
  const place = placeOf(permission, region, actor.ownerUin)
  return { ...place, path, ...factsFor(facts?.get(path), permission, actor.uin) }
}

/** What is a person's own: to make and to keep one, sight of the instance is enough (seeds, "Credentials"). */
const ownCredentialActions: ReadonlySet<string> = new Set([
  'tcr:CreateInstanceToken',
  'tcr:DescribeInstanceToken',
  'tcr:ModifyInstanceToken',
  'tcr:DeleteInstanceToken',
])

/** A role has no credentials of its own, and a session may make nothing that outlives its bounds unasked. */
function isOwnCredential({ permission, actor }: ActionRequest): boolean {
  return ownCredentialActions.has(permission) && !actor.session
}

/** A credential of his own on some instance. */
function mayOwnSome(request: ActionRequest, path: string): boolean {
  if (!isOwnCredential(request)) return false
  // Only what refuses it everywhere counts.
  const decision = decideByPolicy(request, [{ ...resourceOf(request, path), isNew: true }])
  if (decision.effect !== 'none' || decision.lacks !== 'identity') return false
  return maySeeSomeInstance(request, { region: request.region, ownerUin: request.actor.ownerUin })
}

function maySeeAll(request: ActionRequest): boolean {
  return request.resources.every((path) => {
    const [kind, instanceId = ''] = path.split('/')
    if (kind !== 'instance' || instanceId === '' || instanceId === '*') return false
    const { region, actor } = request
    return maySeeInstance(request, { id: instanceId, region, ownerUin: actor.ownerUin })
  })
}
