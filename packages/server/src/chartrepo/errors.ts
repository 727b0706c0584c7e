// Failures as ChartMuseum's clients read them: `{"error": "…"}`, and Basic as the way to log in.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Reply } from '../registry/call.ts'
import { toApiError } from '../registry/errors.ts'

const jsonType = { 'Content-Type': 'application/json' }
const challenge = { 'WWW-Authenticate': 'Basic realm="chart repository", charset="UTF-8"' }
/** What is not there now is asked again: a restart of the database or the store takes seconds. */
const retry = { 'Retry-After': '5' }

export function toChartError(error: unknown): ApiError | undefined {
  const known = toApiError(error)
  if (known?.status !== 401) return known
  // The challenge of tokens is for the registry's own clients.
  const { message, detail, cause } = known
  return new ApiError('UNAUTHORIZED', { message, detail, cause, headers: challenge })
}

export function errorReply(error: ApiError): Reply {
  return {
    status: error.status,
    headers: { ...jsonType, ...(error.status === 503 && retry), ...error.headers },
    body: JSON.stringify({ error: error.message }),
  }
}

export function faultReply(): Reply {
  const body = JSON.stringify({ error: 'the registry failed; its log has the reason' })
  return { status: 500, headers: jsonType, body }
}
