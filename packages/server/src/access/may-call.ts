// May this actor call this action? What its declaration asks for, decided: for a call that came in, for whoever wants
// to know beforehand, and for the matrix of all actions.

import type { Action } from '@entrepot/contract/action.ts'
import { type ActionRequest, mayAct, mayList } from './decide-action.ts'

export interface CallRequest extends Omit<ActionRequest, 'permission'> {
  /** The main account that runs the deployment. */
  readonly operatorUin: number
}

export function mayCall(
  { access, permission }: Pick<Action, 'access' | 'permission'>,
  { operatorUin, ...question }: CallRequest,
): boolean {
  const request = { ...question, permission }
  switch (access.kind) {
    case 'open':
    case 'self':
      return true
    case 'operator':
      return question.actor.ownerUin === operatorUin && mayAct(request)
    case 'list':
      return mayList(request)
    case 'operation':
    case 'resource':
      return mayAct(request)
  }
}
