// Failures in OCI's form ("Error Codes" of the distribution specification). What is no ApiError is a fault of
// ours or of what we stand on: the client learns the kind, the log the rest.

import { ApiError, errorTable } from '@entrepot/contract/errors.ts'
import { StorageError } from '../storage/driver.ts'
import type { Reply } from './call.ts'

export function toApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error
  if (!(error instanceof StorageError)) return undefined
  switch (error.fault) {
    case 'too-large':
      return new ApiError('BLOB_TOO_LARGE', {
        message: `${errorTable.BLOB_TOO_LARGE.message}: ${error.message}`,
        detail: { reason: error.message },
        cause: error,
      })
    case 'full':
      return new ApiError('STORAGE_FULL', { cause: error })
    case 'missing':
    case 'range':
    case 'conflict':
    case 'unavailable':
      return new ApiError('UNAVAILABLE', { cause: error })
  }
}

const jsonHeaders = { 'Content-Type': 'application/json' }
/** What is not there now is asked again: a restart of the database or the store takes seconds. */
const unavailableHeaders = { 'Retry-After': '5' }

export function errorReply(error: ApiError): Reply {
  const { oci } = errorTable[error.code]
  const entry = { code: oci, message: publicMessage(error), detail: error.detail }
  return {
    status: error.status,
    headers: {
      ...jsonHeaders,
      ...(error.code === 'UNAVAILABLE' && unavailableHeaders),
      ...error.headers,
    },
    body: JSON.stringify({ errors: [entry] }),
  }
}

/** Clients and scripts look for these words (docker prints the message behind its own). */
function publicMessage(error: ApiError): string {
  if (error.code !== 'UNAUTHORIZED') return error.message
  const words = errorTable.UNAUTHORIZED.message
  return error.message.includes(words) ? error.message : `${words}: ${error.message}`
}

export function faultReply(): Reply {
  const entry = { code: 'UNKNOWN', message: 'the registry failed; its log has the reason' }
  return { status: 500, headers: jsonHeaders, body: JSON.stringify({ errors: [entry] }) }
}
