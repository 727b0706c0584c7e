// What is refused before or beside a decision (`authorize.ts` records those): hosts of no instance, logins that fail,
// pushes that could go nowhere. People look here for why their client was turned away.

import { ApiError } from '@entrepot/contract/errors.ts'
import { pushRepository } from '../access/actions.ts'
import { type AuditBatch, logInAction } from '../audit/batch.ts'
import type { Origin } from '../audit/origin.ts'
import { findRefusedLogin } from '../credentials/refusal.ts'

interface Refused {
  readonly origin: Origin
  readonly instanceId: string | null
  readonly host: string | undefined
  /** Of the repository that was asked for. */
  readonly path: string | undefined
}

export function recordRefusal(audit: AuditBatch, error: unknown, refused: Refused): void {
  const { origin, instanceId, host, path } = refused
  const login = findRefusedLogin(error)
  if (login) {
    const { fault, username } = login
    audit.refusal({
      origin,
      instanceId,
      action: logInAction,
      resource: username ?? '',
      reason: fault,
    })
    return
  }
  if (!(error instanceof ApiError)) return
  if (error.code === 'INSTANCE_UNKNOWN') {
    const resource = host ?? ''
    audit.refusal({ origin, instanceId, action: logInAction, resource, reason: 'unknown-host' })
    return
  }
  const reason = reasonOf(error)
  if (reason === undefined || path === undefined) return
  audit.refusal({ origin, instanceId, action: pushRepository, resource: path, reason })
}

function reasonOf({ code }: ApiError): string | undefined {
  return code === 'INSTANCE_READ_ONLY' ? 'read-only' : undefined
}
