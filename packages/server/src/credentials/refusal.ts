// Why a login or a credential was refused: little for the client, all of it for the audit log.

import { ApiError } from '@entrepot/contract/errors.ts'
import { unauthorized } from './authorization-header.ts'
import type { Ended } from './standing.ts'

export type LoginFault =
  /** An unknown name, a wrong secret, or a credential that is gone. */
  | 'wrong-credential'
  | 'credential-disabled'
  | 'credential-expired'
  | 'account-suspended'
  /** Right, but made for another instance. */
  | 'other-instance'
  | 'too-many-attempts'

/** Stands in the error as its cause, which never leaves the process. */
export interface RefusedLogin {
  readonly kind: 'refused-login'
  readonly fault: LoginFault
  /** As it was sent, or as the credential has it; undefined: nobody said. */
  readonly username: string | undefined
}

export function refusedLogin(fault: LoginFault, username?: string): RefusedLogin {
  return { kind: 'refused-login', fault, username }
}

export function findRefusedLogin(error: unknown): RefusedLogin | undefined {
  const cause = error instanceof ApiError ? error.cause : undefined
  const isOurs =
    typeof cause === 'object' && cause !== null && 'kind' in cause && cause.kind === 'refused-login'
  // Only `refusedLogin` makes objects of that kind.
  return isOurs ? (cause as RefusedLogin) : undefined
}

/** For whoever proved to hold the credential: why it does not work any more. */
export function refusalOf(ended: Ended, username?: string): ApiError {
  switch (ended) {
    case 'disabled':
      return unauthorized(
        'this credential is disabled',
        refusedLogin('credential-disabled', username),
      )
    case 'expired':
      return unauthorized(
        'this credential has expired',
        refusedLogin('credential-expired', username),
      )
    case 'suspended':
      return unauthorized(
        'the account of this credential is suspended',
        refusedLogin('account-suspended', username),
      )
    case 'deleted':
    case 'changed':
      return unauthorized(undefined, refusedLogin('wrong-credential', username))
  }
}

export function temporaryExpired(username?: string): ApiError {
  return unauthorized(
    'this temporary credential has expired (it lasts an hour); get a new one',
    refusedLogin('credential-expired', username),
  )
}

export function exchangedExpired(username?: string): ApiError {
  return unauthorized(
    'this credential, given in exchange for a token, has expired; exchange a new token',
    refusedLogin('credential-expired', username),
  )
}
