// Own action: what may the caller do? A console asks it once a page, to show only what can be done.

import type { Action } from '@entrepot/contract/action.ts'
import { listed } from '@entrepot/contract/action.ts'
import { actions } from '@entrepot/contract/catalog.ts'
import { describeOwnRights } from '@entrepot/contract/entrepot/policies.ts'
import { resourcesOf } from '../access/action-resources.ts'
import { type CallRequest, mayCall } from '../access/may-call.ts'
import { asksForFacts, findFacts } from '../access/resource-facts.ts'
import { type Handler, read } from '../actions/define.ts'

export const ownRightsHandlers: readonly Handler[] = [
  read(describeOwnRights, async ({ ground, actor, region, nowMs, client, input }) => {
    const asked = input.Asked.map(({ Action: name, Resource: resource }) => {
      const call = callNamed(name)
      return { name, resource, call, resources: resourcesAsked(call, resource) }
    })
    const exact = new Set(asked.flatMap(({ resources }) => resources.filter((one) => !isSet(one))))
    const facts = asksForFacts(actor)
      ? await findFacts(ground.db, actor.ownerUin, [...exact])
      : undefined
    const { operatorUin } = ground
    const common = { actor, region, nowMs, address: client.address, operatorUin, facts }
    return {
      Rights: asked.map(({ name, resource, call, resources }) => ({
        Action: name,
        Resource: resource ?? null,
        Allowed: isAllowed(call, { ...common, resources }),
      })),
    }
  }),
]

type Call = Pick<Action, 'access' | 'permission'>

const byName = new Map<string, Call>(
  actions
    .filter((one) => !asksOfEach(one))
    .map((one) => [`${one.product}:${one.name}`, one] as const),
)

/** Those on cloud tags are open to everybody, and ask about each resource that they are given. */
function asksOfEach({ product, access }: Pick<Action, 'product' | 'access'>): boolean {
  return product === 'tag' && access.kind === 'self'
}

/** What the registry asks for beside them, such as `tcr:PullRepository`, can be done on anything. */
function callNamed(name: string): Call {
  return byName.get(name) ?? { access: listed('*'), permission: name }
}

function resourcesAsked(call: Call, resource: string | undefined): readonly string[] {
  const isAboutAny = call.access.kind === 'resource' || call.access.kind === 'list'
  return isAboutAny && resource !== undefined ? [resource] : resourcesOf(call, {})
}

/** Of a set it is asked whether anything in it is allowed, as of a list. */
function isAllowed({ access, permission }: Call, request: CallRequest): boolean {
  const { resources } = request
  const isSome = access.kind === 'resource' && resources.some(isSet)
  return mayCall({ access: isSome ? listed(...resources) : access, permission }, request)
}

function isSet(resource: string): boolean {
  return resource.includes('*')
}
