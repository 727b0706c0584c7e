// The tables of the audit log, of its forwarding, and of metering, as TypeScript sees them.

import type { Generated } from 'kysely'

export interface AuditTable {
  id: Generated<number>
  at: number
  instance_id: string | null
  actor: string
  credential: string | null
  address: string | null
  agent: string | null
  action: string
  resource: string
  reference: string | null
  result: string
  reason: string | null
  request_id: string | null
  count: number
  /** Whose log it stands in; 0: the deployment's, which the operator sees. */
  owner_uin: Generated<number>
  /** The name of the action: `CreateNamespace`, `PullRepository`. */
  event: Generated<string>
  /** Of the resource, without its kind and instance: `team/app`. */
  resource_name: Generated<string>
  /** As of events. */
  transaction_id: Generated<number>
}

/** Where audit rows are sent on to, and up to which one they have arrived. */
export interface AuditForwardingsTable {
  name: string
  kind: 'syslog' | 'file'
  address: string | null
  protocol: 'udp' | 'tcp' | 'tls' | null
  ca_certificate: string | null
  facility: number | null
  path: string | null
  enabled: number
  transaction_id: number
  position: number
  /** `at` of the last row that arrived. */
  sent_until: number | null
  /** Why the last attempt failed; null: it did not. */
  reason: string | null
  created_at: number
}

/** What an instance used on a day (`YYYY-MM-DD` of UTC); namespace '': the instance itself, or none. */
export interface UsageDaysTable {
  instance_id: string
  day: string
  namespace: string
  owner_uin: number
  basic_hours: Generated<number>
  standard_hours: Generated<number>
  premium_hours: Generated<number>
  /** The sum of samples, one an hour. */
  stored_bytes: Generated<number>
  stored_samples: Generated<number>
  public_bytes_out: Generated<number>
  private_bytes_out: Generated<number>
  public_bytes_in: Generated<number>
  private_bytes_in: Generated<number>
  requests: Generated<number>
  pulls: Generated<number>
  pushes: Generated<number>
}

export interface MeteringStateTable {
  id: number
  /** Milliseconds; the end of the last hour that was metered. */
  metered_until: number
}
