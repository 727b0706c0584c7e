// What a call asks for, in the words of policies, and whether it may. Whoever may not is told so before anything is
// looked up, whether the resource exists or not.

import type { Action } from '@entrepot/contract/action.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { mayAct, mayList } from '../access/decide-action.ts'
import type { ApiCaller } from './authenticate.ts'

/** More resources in one call are no honest caller's: lists of ids have smaller limits. */
const maxResources = 1000

/** The last segments of the resources that the call is about; `*` where it is about none. */
export function resourcesOf(action: Action, input: Readonly<Record<string, unknown>>): string[] {
  const { access } = action
  if (access.kind !== 'resource' && access.kind !== 'list') return ['*']
  const resources = access.resources.flatMap((template) => fill(template, input))
  return resources.slice(0, maxResources)
}

function fill(template: string, input: Readonly<Record<string, unknown>>): string[] {
  const match = /\{(\w+)\}/.exec(template)
  if (!match) return [template]
  const [placeholder, name = ''] = match
  const value = input[name]
  const values = Array.isArray(value) ? value : [value]
  const texts = values.length === 0 ? ['*'] : values.map((one) => (one ? String(one) : '*'))
  return texts.flatMap((text) =>
    fill(
      template.replace(placeholder, () => text),
      input,
    ),
  )
}

interface Asked {
  readonly caller: ApiCaller | undefined
  readonly action: Action
  readonly resources: readonly string[]
  readonly region: string
  readonly address: string | null
}

/** Throws UNAUTHORIZED_OPERATION, or AUTHORIZATION_INVALID where nobody signed. */
export function authorizeAction({ caller, action, resources, region, address }: Asked): void {
  if (action.access.kind === 'open') return
  if (!caller) throw new ApiError('AUTHORIZATION_INVALID')
  if (action.access.kind === 'self') return
  const { permission } = action
  const request = { actor: caller.actor, permission, resources, region, address }
  const isAllowed = action.access.kind === 'list' ? mayList(request) : mayAct(request)
  if (isAllowed) return
  const on = resources.slice(0, 3).join(', ')
  throw new ApiError('UNAUTHORIZED_OPERATION', {
    message: {
      en: `no policy allows ${permission} on ${on}`,
      zh: `没有策略允许在 ${on} 上执行 ${permission}`,
    },
    detail: { action: permission, resources: resources.slice(0, 3) },
  })
}
