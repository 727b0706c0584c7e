// An event of the audit log, as its JSON has it.

import type { Reply } from '../../api/call.ts'

export type ListedEvent = Reply<'LookUpEvents'>['Events'][number]

/** The JSON of `CloudAuditEvent` (docs/audit.md). */
export interface AuditEvent {
  readonly eventId: string
  readonly eventTime: string
  readonly eventName: string
  readonly permission: string
  readonly actionType: string
  readonly accountId: number | null
  readonly actor: string
  readonly credential: string | null
  readonly sourceIPAddress: string | null
  readonly userAgent: string | null
  readonly requestId: string | null
  readonly instanceId: string | null
  readonly resourceType: string
  readonly resource: string | null
  readonly resourceName: string | null
  readonly reference: string | null
  readonly result: string
  readonly reason: string | null
  readonly count: number
}

export interface ShownEvent extends AuditEvent {
  readonly listed: ListedEvent
}

const parsed = new WeakMap<ListedEvent, ShownEvent>()

export function parseEvent(listed: ListedEvent): ShownEvent {
  const known = parsed.get(listed)
  if (known) return known
  const event: AuditEvent = JSON.parse(listed.CloudAuditEvent)
  const shown = { ...event, listed }
  parsed.set(listed, shown)
  return shown
}
