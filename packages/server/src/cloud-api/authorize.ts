// What a call asks for, in the words of policies, and whether it may. Whoever may not is told so before anything is
// looked up but tags that a policy asks about, whether the resource exists or not.

import type { Action } from '@entrepot/contract/action.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { mayAct, mayList } from '../access/decide-action.ts'
import { notAllowed } from '../actions/authority.ts'
import type { CloudTag } from '../cloud-tags/cloud-tags.ts'
import type { ApiCaller } from './authenticate.ts'

/** The last segments of the resources that the call is about; `*` where it is about none. */
export function resourcesOf(action: Action, input: Readonly<Record<string, unknown>>): string[] {
  const { access } = action
  if (access.kind !== 'resource' && access.kind !== 'list') return ['*']
  return access.resources.flatMap((template) => fill(template, input))
}

const placeholder = /\{(\w+)\}/

/** One for each item of a list. What callers write is put in and never looked at again. */
function fill(template: string, input: Readonly<Record<string, unknown>>): string[] {
  // Texts and names in turns: `a{X}b` is a, X, b.
  const [first = '', ...rest] = template.split(placeholder)
  let filled = [first]
  for (let i = 0; i < rest.length; i += 2) {
    const value = input[rest[i] ?? '']
    const values = Array.isArray(value) && value.length > 0 ? value : [value]
    const texts = values.map((one) => (typeof one === 'string' && one !== '' ? one : textOf(one)))
    filled = filled.flatMap((begun) => texts.map((text) => `${begun}${text}${rest[i + 1] ?? ''}`))
  }
  return filled
}

/** What the caller left out may be anything. */
function textOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : '*'
}

interface Asked {
  readonly caller: ApiCaller | undefined
  readonly action: Action
  readonly resources: readonly string[]
  readonly region: string
  readonly address: string | null
  readonly nowMs: number
  readonly operatorUin: number
  readonly tags: ReadonlyMap<string, readonly CloudTag[]> | undefined
  readonly requestTags: readonly CloudTag[]
}

/** Throws UNAUTHORIZED_OPERATION, or AUTHORIZATION_INVALID where nobody signed. */
export function authorizeAction(asked: Asked): void {
  const { caller, action, operatorUin, ...question } = asked
  if (action.access.kind === 'open') return
  if (!caller) throw new ApiError('AUTHORIZATION_INVALID')
  if (action.access.kind === 'self') return
  const { permission } = action
  const request = { ...question, actor: caller.actor, permission }
  const isOperators = action.access.kind === 'operator'
  const isOutside = isOperators && caller.actor.ownerUin !== operatorUin
  const isAllowed = action.access.kind === 'list' ? mayList(request) : mayAct(request)
  if (isAllowed && !isOutside) return
  throw notAllowed(permission, question.resources)
}
