// What a call asks for, in the words of policies, and whether it may. Whoever may not is told so before anything is
// looked up but the tags and the creator that a policy asks about, whether the resource exists or not.

import type { Action } from '@entrepot/contract/action.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { mayCall } from '../access/may-call.ts'
import type { FactsByPath } from '../access/resource-facts.ts'
import { notAllowed } from '../actions/authority.ts'
import type { CloudTag } from '../cloud-tags/cloud-tags.ts'
import type { ApiCaller } from './authenticate.ts'

interface Asked {
  readonly caller: ApiCaller | undefined
  readonly action: Action
  readonly resources: readonly string[]
  readonly region: string
  readonly address: string | null
  readonly nowMs: number
  readonly operatorUin: number
  readonly facts: FactsByPath | undefined
  readonly requestTags: readonly CloudTag[]
}

/** Throws UNAUTHORIZED_OPERATION, or AUTHORIZATION_INVALID where nobody signed. */
export function authorizeAction(asked: Asked): void {
  const { caller, action, ...question } = asked
  if (action.access.kind === 'open') return
  if (!caller) throw new ApiError('AUTHORIZATION_INVALID')
  if (mayCall(action, { ...question, actor: caller.actor })) return
  throw notAllowed(action.permission, question.resources)
}
