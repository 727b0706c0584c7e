// What PostgreSQL's SQLSTATEs (Appendix A of its manual) and lost connections mean to a caller.

import { ApiError } from '@entrepot/contract/errors.ts'

const serializationFailure = '40001'
const deadlockDetected = '40P01'
const uniqueViolation = '23505'
const queryCanceled = '57014'
const diskFull = '53100'
const tooManyConnections = '53300'
const featureNotSupported = '0A000'

/** admin_shutdown, crash_shutdown, cannot_connect_now, idle_in_transaction_session_timeout. */
const endedStates: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '25P03'])
/** read_only_sql_transaction: a primary that became a standby. */
const readOnlyState = '25006'

/** The operating system's codes. */
const socketCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** The driver has no code for these; the texts are those of pg 8. */
const lossMessages = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Client was closed',
  'Query read timeout',
]

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Another transaction was in the way; the same work again will do. */
export function isRetryable(error: unknown): boolean {
  const code = codeOf(error)
  return code === serializationFailure || code === deadlockDetected
}

export function isPostgresUniqueViolation(error: unknown): boolean {
  return codeOf(error) === uniqueViolation
}

/** A migration changed what a named statement returns: a fresh connection plans it anew. */
export function isStalePlan(error: unknown): boolean {
  return (
    codeOf(error) === featureNotSupported && String(error).includes('cached plan must not change')
  )
}

/** The connection is gone, or unusable: not to be asked again. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  if (code !== undefined) {
    const isConnectionException = code.length === 5 && code.startsWith('08')
    if (isConnectionException || endedStates.has(code) || socketCodes.has(code)) return true
  }
  // Refused on several addresses of one name.
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss)
  return lossMessages.some((text) => error.message.startsWith(text))
}

export function databaseBusy(cause: unknown): ApiError {
  return new ApiError('TOO_MANY_REQUESTS', {
    message: 'the database is busy; repeat in a moment',
    headers: { 'Retry-After': '1' },
    cause,
  })
}

/** The error as the caller of `db` gets it; what nobody expects stays what it is. */
export function fromPostgresError(error: unknown): unknown {
  if (error instanceof ApiError) return error
  const code = codeOf(error)
  if (code === diskFull) return new ApiError('STORAGE_FULL', { cause: error })
  if (code === queryCanceled || code === tooManyConnections || isRetryable(error)) {
    return databaseBusy(error)
  }
  if (code === readOnlyState || isConnectionLoss(error)) {
    return new ApiError('UNAVAILABLE', { cause: error })
  }
  return error
}
