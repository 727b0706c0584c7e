// A failed call in words: what happened, as the API says it in the person's language, and the request id to copy.

import { CallError } from '@entrepot/client/errors.ts'
import type { ReactNode } from 'react'
import { isUnreachable } from '../api/call.ts'
import type { Words } from '../words/use-words.ts'
import { CopyButton } from './shown.tsx'

function errorText(error: unknown, t: Words['t']): string {
  if (isUnreachable(error)) return t('patterns.unreachable')
  return error instanceof Error ? error.message : String(error)
}

export function explainError(error: unknown, t: Words['t']): ReactNode {
  const requestId = error instanceof CallError ? error.requestId : ''
  return (
    <span className="error-text">
      <span>{errorText(error, t)}</span>
      {requestId !== '' && (
        <span className="request-id">
          {t('patterns.requestId')} <code>{requestId}</code>
          <CopyButton text={requestId} what={t('patterns.requestId')} />
        </span>
      )}
    </span>
  )
}
