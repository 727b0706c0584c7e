// `POST /console/api`: the management API by a session instead of a signature; same actions, same code.

import type { Action } from '@entrepot/contract/action.ts'
import { getPasswordRules } from '@entrepot/contract/cam/login-security.ts'
import { describeUserLogin, modifyPassword } from '@entrepot/contract/entrepot/accounts.ts'
import {
  activateMfaDevice,
  createMfaDevice,
  describeMfaDevice,
} from '@entrepot/contract/entrepot/mfa.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { type DispatchGround, dispatchAction, getAction } from '../cloud-api/dispatch.ts'
import {
  type AskedAction,
  assertSingleHeaders,
  parseActionHeaders,
  parseJsonPost,
} from '../cloud-api/signed-request.ts'
import type { FirstStep } from '../logins/first-step.ts'
import type { ConsoleCall } from './call.ts'

/** All that can be done before what comes first is done. */
const firstActions: Readonly<Record<FirstStep, ReadonlySet<Action>>> = {
  'password-change': new Set<Action>([modifyPassword, describeUserLogin, getPasswordRules]),
  'factor-setup': new Set<Action>([createMfaDevice, activateMfaDevice, describeMfaDevice]),
}

export interface Answered {
  readonly action: string
  readonly reply: Readonly<Record<string, unknown>>
}

/** Throws as `callNamed`. */
export async function callAction(
  dispatch: DispatchGround,
  call: ConsoleCall,
  body: Buffer,
): Promise<Answered> {
  const { req } = call
  assertSingleHeaders(req)
  const named = parseActionHeaders(req)
  const parameters = { kind: 'json', value: parseJsonPost(req, body) } as const
  const reply = await callNamed(dispatch, call, { ...named, parameters })
  return { action: named.action, reply }
}

/** Throws what the action throws, SESSION_ENDED, PASSWORD_CHANGE_NEEDED, FACTOR_SETUP_NEEDED. */
export async function callNamed(
  dispatch: DispatchGround,
  call: ConsoleCall,
  asked: AskedAction,
): Promise<Answered['reply']> {
  const { open, client, agent, requestId } = call
  if (!open) throw new ApiError('SESSION_ENDED')
  const { caller, first } = open
  if (first && !firstActions[first].has(getAction(asked))) throw firstNeeded(first)
  const { name: actor, credentialLabel: credential } = caller
  const origin = { actor, credential, address: client.address, agent, requestId }
  return dispatchAction(dispatch, asked, { caller, origin, client })
}

function firstNeeded(first: FirstStep): ApiError {
  return new ApiError(
    first === 'password-change' ? 'PASSWORD_CHANGE_NEEDED' : 'FACTOR_SETUP_NEEDED',
  )
}
