// From a call that is understood and signed to its handler: which action, how often, with what, may it, on which
// instance.

import type { Action } from '@entrepot/contract/action.ts'
import { findActions } from '@entrepot/contract/catalog.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { unflatten } from '@entrepot/contract/flat.ts'
import { validateInput } from '@entrepot/contract/validate.ts'
import { resourcesOf } from '../access/action-resources.ts'
import { type Account, personOf } from '../access/actor.ts'
import { asksForFacts, findFacts } from '../access/resource-facts.ts'
import {
  type ActionGround,
  type CheckedCall,
  type Handler,
  instanceFields,
} from '../actions/define.ts'
import type { AuditBatch } from '../audit/batch.ts'
import type { Origin } from '../audit/origin.ts'
import type { Database } from '../db/database.ts'
import type { Client } from '../http/client-address.ts'
import type { Instance } from '../instances/instances.ts'
import { getOwnInstance } from '../instances/own-instance.ts'
import type { ApiCaller } from './authenticate.ts'
import { authorizeAction } from './authorize.ts'
import { Rates } from './rates.ts'
import { requestTagsOf } from './request-tags.ts'
import type { AskedAction, Parameters } from './signed-request.ts'

export interface DispatchGround {
  readonly ground: ActionGround
  readonly handlers: ReadonlyMap<Action, Handler>
  readonly rates: Rates
  readonly audit: AuditBatch
}

/** One for all ways in: the rates count what came by any of them. */
export function dispatchGround(
  parts: Pick<DispatchGround, 'ground' | 'audit'> & { readonly handlers: readonly Handler[] },
  rateFactor: number,
): DispatchGround {
  const { ground, audit, handlers } = parts
  return {
    ground,
    audit,
    rates: new Rates(ground.clock, rateFactor),
    handlers: new Map<Action, Handler>(handlers.map((handler) => [handler.action, handler])),
  }
}

/** Open actions are called by nobody in particular. */
export interface Incoming {
  readonly caller: ApiCaller | undefined
  readonly origin: Origin
  readonly client: Client
}

/** Throws INVALID_ACTION, NO_SUCH_VERSION. */
export function getAction({ action: name, version }: Omit<AskedAction, 'parameters'>): Action {
  const named = findActions(name)
  const action = named.find((one) => one.version === version)
  if (action) return action
  if (named.length === 0) {
    throw new ApiError('INVALID_ACTION', {
      message: { en: `there is no action ${shown(name)}`, zh: `没有接口 ${shown(name)}` },
    })
  }
  const versions = named.map((one) => one.version).join(', ')
  throw new ApiError('NO_SUCH_VERSION', {
    message: { en: `${name} has version ${versions}`, zh: `${name} 的版本为 ${versions}` },
  })
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 64))
}

export async function dispatchAction(
  parts: DispatchGround,
  request: AskedAction,
  { caller, origin, client }: Incoming,
): Promise<Readonly<Record<string, unknown>>> {
  const action = getAction(request)
  if (!caller && action.access.kind !== 'open') throw new ApiError('AUTHORIZATION_INVALID')
  if (caller) parts.rates.take(action, caller.actor.ownerUin)
  const input = validateInput(action, toObject(action, request.parameters))
  const resources = resourcesOf(action, input)
  const { region, operatorUin } = parts.ground
  const nowMs = parts.ground.clock.now()
  const found = caller && (await factsOf(parts.ground.db, caller.actor, resources))
  try {
    const { address } = client
    const facts = { facts: found, requestTags: requestTagsOf(input) }
    authorizeAction({ caller, action, resources, region, address, nowMs, operatorUin, ...facts })
  } catch (error) {
    refuse(parts.audit, { origin, action, resources, ownerUin: caller?.actor.ownerUin })
    throw error
  }
  const handler = parts.handlers.get(action)
  if (!handler) throw unsupported(action)
  // An action without a caller names no instance either.
  const actor = caller?.actor ?? nobody
  const instance = await findInstance(parts.ground, actor.ownerUin, input)
  const call: CheckedCall = {
    ground: parts.ground,
    caller: caller ?? openCaller,
    actor,
    origin,
    client,
    region,
    nowMs,
    input,
    instance,
  }
  try {
    return await handler.run(call, resources[0] ?? '*')
  } catch (error) {
    const refused = refusedResources(error)
    if (refused)
      refuse(parts.audit, { origin, action, resources: refused, ownerUin: actor.ownerUin })
    throw error
  }
}

/** Of what a handler itself asked for. */
function refusedResources(error: unknown): readonly string[] | undefined {
  if (!(error instanceof ApiError) || error.code !== 'UNAUTHORIZED_OPERATION') return undefined
  const { detail } = error
  const named = typeof detail === 'object' && detail !== null && 'resources' in detail
  return named && Array.isArray(detail.resources) ? detail.resources.map(String) : ['*']
}

async function factsOf(db: Database, actor: Account, resources: readonly string[]) {
  return asksForFacts(actor) ? findFacts(db, actor.ownerUin, resources) : undefined
}

/** Without a policy: whoever acts for an open action asks for nothing by it. */
const nobody = personOf({ uin: 0, ownerUin: 0, appId: 0 }, { identity: [] })
const openCaller: ApiCaller = {
  actor: nobody,
  credential: undefined,
  credentialLabel: null,
  name: 'anonymous',
  scopes: undefined,
}

function toObject(action: Action, parameters: Parameters): unknown {
  return parameters.kind === 'json' ? parameters.value : unflatten(action.input, parameters.entries)
}

async function findInstance(
  ground: ActionGround,
  ownerUin: number,
  input: Readonly<Record<string, unknown>>,
): Promise<Instance | undefined> {
  const field = instanceFields.find((name) => typeof input[name] === 'string')
  if (!field) return undefined
  return getOwnInstance(ground.db.read, String(input[field]), ownerUin)
}

interface Refused {
  readonly origin: Origin
  readonly action: Action
  readonly resources: readonly string[]
  readonly ownerUin: number | undefined
}

function refuse(audit: AuditBatch, { origin, action, resources, ownerUin }: Refused): void {
  audit.refusal({
    origin,
    instanceId: null,
    action: action.permission,
    event: action.name,
    resource: resources[0] ?? '*',
    reason: 'no-permission',
    ...(ownerUin !== undefined && { ownerUin }),
  })
}

function unsupported(action: Action): ApiError {
  return new ApiError('UNSUPPORTED_OPERATION', {
    message: {
      en: `${action.name} is declared, but nothing here does it yet (docs/api-coverage.md)`,
      zh: `${action.name} 已声明，但尚未提供对应功能（docs/api-coverage.md）`,
    },
  })
}
