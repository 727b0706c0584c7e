// Logins that were given for a token of an identity provider. They have no row: they hold for their minutes, and end
// with the rule that let them in, its provider, and whom they stand for.

import type { Account } from '../access/actor.ts'
import { prepare } from '../db/prepared.ts'
import type { PolicySets } from '../policies/evaluate.ts'
import type { CredentialRef } from './caller.ts'

export type ExchangedRef = Extract<CredentialRef, { kind: 'exchanged' }>

/** No `$`, which CI systems take for a variable. */
const userPrefix = 'oidc@'

/** The user name at login. */
export function exchangedUsername(ruleId: string): string {
  return `${userPrefix}${ruleId}`
}

/** The rule's id; undefined: no such login. */
export function parseExchangedLogin(username: string): string | undefined {
  const id = username.startsWith(userPrefix) ? username.slice(userPrefix.length) : ''
  return /^[0-9a-v]{20}$/.test(id) ? id : undefined
}

export const exchangeRule = prepare<{ id: string }>()((db, p) =>
  db
    .selectFrom('token_exchange_rules as e')
    .innerJoin('identity_providers as p', 'p.id', 'e.provider_id')
    .innerJoin('accounts as o', 'o.uin', 'e.owner_uin')
    .leftJoin('roles as r', 'r.id', 'e.role_id')
    .select(['e.version', 'e.enabled', 'e.owner_uin', 'e.service_account_id', 'e.role_id'])
    .select(['p.name as provider_name', 'p.state as provider_state'])
    .select(['r.version as role_version', 'r.boundary_policy_id'])
    .select(['o.state as owner_state', 'o.rights_revision', 'o.app_id'])
    .where('e.id', '=', p('id')),
)

interface RoleRow {
  readonly owner_uin: number
  readonly app_id: number | null
  readonly provider_name: string
}

/** A role that is taken on; the log calls it by the subject of the token. */
export function exchangedActor(
  row: RoleRow,
  roleId: number,
  { subject, expiresAt }: ExchangedRef,
  rights: PolicySets,
): Account {
  return {
    kind: 'account',
    uin: roleId,
    ownerUin: row.owner_uin,
    appId: row.app_id ?? 0,
    rights,
    hasFactor: false,
    session: {
      kind: 'role',
      name: `${roleId}:${subject}`,
      principal: `${row.provider_name}:${subject}`,
      expiresAt,
    },
  }
}
