// What registries refused, from the audit log: who tried what from where, and the one reason.

import type { refusalReasons } from '@entrepot/contract/entrepot/activity.ts'
import { type Selectable, sql } from 'kysely'
import { logInAction } from '../audit/batch.ts'
import type { Queryable } from '../db/database.ts'
import type { AuditTable } from '../db/schema-audit.ts'

export type RefusalReason = (typeof refusalReasons)[number]

export interface Refusal {
  readonly id: number
  readonly at: number
  readonly instanceId: string | null
  readonly address: string | null
  readonly agent: string | null
  /** As it was sent; null: nobody logged in. */
  readonly loginName: string | null
  readonly actor: string
  readonly reason: RefusalReason
  /** Null: the login itself was refused. */
  readonly permission: string | null
  /** As policies write it; of an unknown host, the host. */
  readonly resource: string | null
  readonly path: string | null
  readonly count: number
}

export interface RefusalFilter {
  /** Whose logs: the account, and the deployment's for who runs it. */
  readonly owners: readonly number[]
  /** Only of this actor and of logins with his name; undefined: everybody's. */
  readonly of: { readonly actor: string; readonly loginName: string } | undefined
  readonly instanceId: string | undefined
  readonly namespace: string | undefined
  readonly since: number
  readonly limit: number
}

/** By what `decide`, `registry/refusals.ts` and `authorize` record. */
const reasons: Readonly<Record<string, RefusalReason>> = {
  'unknown-host': 'UnknownHost',
  'wrong-credential': 'WrongCredential',
  'credential-disabled': 'CredentialDisabled',
  'credential-expired': 'CredentialExpired',
  'account-suspended': 'AccountSuspended',
  'other-instance': 'OtherInstance',
  'too-many-attempts': 'TooManyAttempts',
  'not-public': 'LoginNeeded',
  'anonymous-pull-off': 'LoginNeeded',
  'anonymous-reads-only': 'LoginNeeded',
  'token-scope': 'TokenTooNarrow',
  'no-permission': 'NoPermission',
  'refused-by-policy': 'DeniedByPolicy',
  'namespace-missing': 'NamespaceMissing',
  'read-only': 'ReadOnly',
}

/** Newest first. Runs on `heavy`: somebody may have been refused often. */
export async function listRefusals(
  db: Queryable,
  filter: RefusalFilter,
): Promise<readonly Refusal[]> {
  const { owners, of, instanceId, namespace, since, limit } = filter
  let query = db
    .selectFrom('audit')
    .selectAll()
    .where('owner_uin', 'in', owners)
    .where('result', '=', 'refused')
    .where('at', '>=', since)
    // Calls of the management API are about no instance here.
    .where((eb) => eb.or([eb('instance_id', 'is not', null), eb('action', '=', logInAction)]))
  if (of) {
    query = query.where((eb) =>
      eb.or([
        eb('actor', '=', of.actor),
        eb.and([eb('action', '=', logInAction), eb('resource', '=', of.loginName)]),
      ]),
    )
  }
  if (instanceId !== undefined) query = query.where('instance_id', '=', instanceId)
  if (namespace !== undefined) {
    query = query.where(
      sql<boolean>`substr(resource, 1, ${namespace.length + 1}) = ${`${namespace}/`}`,
    )
  }
  const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map(fromRow)
}

const anonymous = 'anonymous'

function fromRow(row: Selectable<AuditTable>): Refusal {
  const reason = reasons[row.reason ?? ''] ?? 'NoPermission'
  const isLogin = row.action === logInAction
  const isHost = reason === 'UnknownHost'
  const actorName = row.actor === anonymous ? null : row.actor
  const path = isLogin || row.resource === '*' ? null : row.resource
  return {
    id: row.id,
    at: row.at,
    instanceId: row.instance_id,
    address: row.address,
    agent: row.agent,
    loginName: isLogin && !isHost ? row.resource || actorName : actorName,
    actor: row.actor,
    reason,
    permission: isLogin ? null : row.action,
    resource: isHost
      ? row.resource
      : isLogin
        ? null
        : `repository/${row.instance_id}/${row.resource}`,
    path,
    count: row.count,
  }
}
