// What PostgreSQL's SQLSTATE classes and lost connections mean to a caller.

import { ApiError } from '@entrepot/contract/errors.ts'

const retryableStates: ReadonlySet<string> = new Set(['40001', '40P01'])
/** admin_shutdown, crash_shutdown, cannot_connect_now, read_only (a failed-over primary). */
const unavailableStates: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '25006'])
const connectionCodes: ReadonlySet<string> = new Set([
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
const uniqueViolation = '23505'
const statementTimeout = '57014'
const idleInTransactionTimeout = '25P03'
const diskFull = '53100'
const tooManyConnections = '53300'

/** The driver has no code for these; the texts are those of pg 8. */
const connectionMessages = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Client was closed',
]

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

export function isRetryable(error: unknown): boolean {
  const code = codeOf(error)
  return code !== undefined && retryableStates.has(code)
}

export function isPostgresUniqueViolation(error: unknown): boolean {
  return codeOf(error) === uniqueViolation
}

export function fromPostgresError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ApiError) return error
  const code = codeOf(error)
  if (code === diskFull) return new ApiError('STORAGE_FULL', { cause: error })
  if (code === statementTimeout || code === tooManyConnections || isRetryable(error)) {
    return new ApiError('TOO_MANY_REQUESTS', {
      message: 'the database is busy; repeat in a moment',
      headers: { 'Retry-After': '1' },
      cause: error,
    })
  }
  if (isConnectionLoss(error, code)) return new ApiError('UNAVAILABLE', { cause: error })
  return error
}

function isConnectionLoss(error: Error, code: string | undefined): boolean {
  if (code !== undefined) {
    const isClass08 = code.length === 5 && code.startsWith('08')
    if (isClass08 || unavailableStates.has(code) || connectionCodes.has(code)) return true
    if (code === idleInTransactionTimeout) return false
  }
  return connectionMessages.some((text) => error.message.startsWith(text))
}
