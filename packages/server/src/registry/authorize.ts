// From a decision to the answer of the protocol (design: "Who may"). 401 with the challenge for whoever we
// don't know or whose token reaches less far; 404, worded as for what is missing, for whoever may not know;
// 403 for whoever may see it, but not do this.

import { ApiError, type ErrorCode } from '@entrepot/contract/errors.ts'
import { type Action, createRepository, deleteImage, pushRepository } from '../access/actions.ts'
import { answer } from '../access/answer.ts'
import type { Resource } from '../access/decide.ts'
import { assertWritable } from '../instances/prepaid.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import type { Call } from './call.ts'
import { challengeOf } from './challenge.ts'
import type { Name } from './routes.ts'

/** The part of every located row that a decision needs. */
interface LocatedNamespace {
  readonly namespace_id: string
  readonly namespace_name: string
  readonly namespace_owner: number | null
  readonly is_public: number
}

export function namespaceOf(row: LocatedNamespace | undefined): Namespace | undefined {
  if (!row) return undefined
  return {
    id: row.namespace_id,
    name: row.namespace_name,
    isPublic: row.is_public === 1,
    ownerUin: row.namespace_owner ?? undefined,
  }
}

interface Asked {
  readonly action: Action
  readonly name: Name
  readonly namespace: Namespace | undefined
  /** What a caller who may not know is told: the same as for what is missing. */
  readonly hiddenAs: ErrorCode
}

const changing: ReadonlySet<Action> = new Set([pushRepository, createRepository, deleteImage])

export function authorize(call: Call, asked: Asked): void {
  const { action, name, namespace } = asked
  const resource: Resource = { kind: 'repository', namespace, path: name.path }
  const result = ask(call, action, resource)
  if (result.kind === 'allowed') {
    if (namespace) call.uses(namespace)
    // Pulls go on. A clock that differs by seconds hurts nobody here.
    if (changing.has(action)) assertWritable(call.instance, call.registry.clock.now())
    return
  }
  call.registry.audit.refusal({
    origin: call.origin,
    instanceId: call.instance.id,
    action,
    ownerUin: namespace?.ownerUin,
    resource: name.path,
    reason: 'reason' in result ? result.reason : 'token-scope',
  })
  switch (result.kind) {
    case 'login-needed':
      throw new ApiError('UNAUTHORIZED', { headers: challengeOf(call, scopeOf(action, name)) })
    case 'scope-needed':
      throw new ApiError('UNAUTHORIZED', {
        headers: challengeOf(call, scopeOf(action, name), 'insufficient_scope'),
      })
    case 'hidden':
      throw new ApiError(asked.hiddenAs)
    case 'denied':
      throw new ApiError('DENIED', {
        message: `you may pull from ${name.path}, but not ${verbOf(action)} there`,
        detail: { action, repository: name.path },
      })
  }
}

/** Without a refusal: whether something that depends on it happens too. */
export function isAllowed(
  call: Call,
  action: Action,
  name: Name,
  namespace: Namespace | undefined,
): boolean {
  const resource: Resource = { kind: 'repository', namespace, path: name.path }
  return ask(call, action, resource).kind === 'allowed'
}

export function ask(call: Call, action: Action, resource: Resource) {
  return answer({ ...accessOf(call), action, resource }, call.caller.scopes)
}

/** Who asks, from where, when and at which instance. */
export function accessOf(call: Call) {
  return {
    actor: call.caller.actor,
    address: call.client.address,
    nowMs: call.registry.clock.now(),
    network: 'public' as const,
    instance: call.instance,
    facts: call.facts,
  }
}

function scopeOf(action: Action, name: Name): string {
  const verbs = action === 'tcr:DeleteImage' ? 'delete' : isPush(action) ? 'pull,push' : 'pull'
  return `repository:${name.path}:${verbs}`
}

function isPush(action: Action): boolean {
  return action === 'tcr:PushRepository' || action === 'tcr:CreateRepository'
}

function verbOf(action: Action): string {
  if (action === 'tcr:DeleteImage') return 'delete'
  if (action === 'tcr:CreateRepository') return 'create a repository'
  return isPush(action) ? 'push' : 'do this'
}
