import type { ApiError } from '@entrepot/contract/errors.ts'
import { unauthorized } from './authorization-header.ts'
import type { Ended } from './standing.ts'

/** For whoever proved to hold the credential: why it does not work any more. */
export function refusalOf(ended: Ended): ApiError {
  switch (ended) {
    case 'disabled':
      return unauthorized('this credential is disabled')
    case 'expired':
      return unauthorized('this credential has expired')
    case 'suspended':
      return unauthorized('the account of this credential is suspended')
    case 'deleted':
    case 'changed':
      return unauthorized()
  }
}

export function exchangedExpired(): ApiError {
  return unauthorized(
    'this credential, given in exchange for a token, has expired; exchange a new token',
  )
}

export function temporaryExpired(): ApiError {
  return unauthorized('this temporary credential has expired (it lasts an hour); get a new one')
}
