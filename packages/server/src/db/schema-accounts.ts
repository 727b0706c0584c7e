// The tables of people, groups, roles, keys, sessions and policies; the conventions are those of `schema.ts`. Numbers
// that the API shows (uin, group, role, policy) are primary keys, given by `numbering.ts`.

import type { Generated } from 'kysely'

/** The last number that was given, by kind. */
export interface NumbersTable {
  kind: string
  last: number
}

export interface AccountsTable {
  uin: number
  /** The main account of a sub-account; a main account names itself. */
  owner_uin: number
  /** Unique below one main account. */
  name: string
  password_hash: string | null
  state: 'active' | 'suspended'
  /** Raised to end every token and session of this person. */
  version: number
  created_at: number
  display_name: Generated<string>
  remark: Generated<string>
  email: Generated<string>
  phone: Generated<string>
  country_code: Generated<string>
  /** A main account may always log in. */
  console_login: Generated<number>
  need_reset_password: Generated<number>
  password_changed_at: number | null
  /** A second factor is asked at login; at sensitive actions. */
  login_factor: Generated<number>
  action_factor: Generated<number>
  boundary_policy_id: number | null
  /**
   * Of main accounts: raised by every change that may change what somebody below it may do (policies,
   * attachments, groups, boundaries), so that whoever remembers rights knows when to read them again.
   */
  rights_revision: Generated<number>
  app_id: number | null
  created_by: number | null
  last_login_at: number | null
  last_login_address: string | null
  /** Of a main account, for the operator. */
  suspend_reason: string | null
}

export interface ApiKeysTable {
  secret_id: string
  uin: number
  secret_wrapped: Uint8Array
  state: 'active' | 'disabled'
  created_at: number
  description: Generated<string>
  /** To the hour. */
  last_used_at: number | null
  /** `tcr:DescribeInstances` */
  last_used_action: string | null
}

export interface AccountGroupsTable {
  id: number
  owner_uin: number
  name: string
  remark: string
  created_at: number
}

export interface GroupMembersTable {
  group_id: number
  uin: number
  joined_at: number
}

export interface RolesTable {
  id: number
  owner_uin: number
  name: string
  kind: 'user' | 'system' | 'service_linked'
  description: string
  /** JSON: who may assume it. */
  trust_policy: string
  session_seconds: number
  console_login: number
  boundary_policy_id: number | null
  /** Raised to end every session of the role. */
  version: number
  created_at: number
  updated_at: number
}

export interface RoleTagsTable {
  role_id: number
  key: string
  value: string
}

/** Those that people wrote: presets are of the program. */
export interface PoliciesTable {
  id: number
  owner_uin: number
  name: string
  description: string
  default_version: number
  /** The highest that was ever given: a version's number is not given twice. */
  last_version: number
  created_by: number
  created_at: number
  updated_at: number
}

/** Never changed: what was compiled from it holds for as long as it exists. */
export interface PolicyVersionsTable {
  policy_id: number
  version: number
  document: string
  created_at: number
}

export interface PolicyTagsTable {
  policy_id: number
  key: string
  value: string
}

export interface PolicyAttachmentsTable {
  target_kind: 'user' | 'group' | 'role'
  target_id: number
  /** Also a preset's. */
  policy_id: number
  /** Of the target: presets are attached in many accounts. */
  owner_uin: number
  attached_by: number
  attached_at: number
}

export interface ConsoleSessionsTable {
  id: string
  token_hash: string
  /** The main account where it is a session of a role. */
  uin: number
  role_id: number | null
  session_name: string | null
  /** Null: by password. */
  provider_name: string | null
  /** Of the person, or of the role, when the session began. */
  version: number
  /** A second factor was shown. */
  with_factor: number
  address: string | null
  agent: string | null
  created_at: number
  seen_at: number
  expires_at: number
}

/** A generator of one-time codes (RFC 6238). */
export interface MfaDevicesTable {
  uin: number
  secret_wrapped: Uint8Array
  /** The time step of the last code that was taken: none of an earlier step or of this one is taken again. */
  last_step: number
  /** Null: its person has shown no code of it yet. */
  confirmed_at: number | null
  created_at: number
}

/** Those not yet used. */
export interface MfaRecoveryCodesTable {
  uin: number
  code_hash: string
}

/** Of a main account, for the passwords of all below it. */
export interface PasswordRulesTable {
  owner_uin: number
  minimum_length: number
  /** `UpperCase,LowerCase,Digits,SpecialCharacters` */
  must_contain: string
  /** 0: passwords do not age. */
  force_change_days: number
  /** How many former passwords may not be chosen again. */
  reuse_limit: number
  /** Wrong passwords from one address until the pair of both is locked. */
  retry_limit: number
  /** 1: an aged password no longer logs in; 0: it must be changed at login. */
  ends_when_expired: number
  modified_by: number
  updated_at: number
}

/** Of a main account, for the console logins of all below it. */
export interface LoginAddressRulesTable {
  owner_uin: number
  enabled: number
  /** JSON: addresses and CIDR ranges. */
  allowed: string
  denied: string
  modified_by: number
  updated_at: number
}

export interface PasswordHistoryTable {
  uin: number
  set_at: number
  password_hash: string
}

/** Wrong passwords of the console, by address and name tried. */
export interface ConsoleLoginFailuresTable {
  address: string
  name_hash: string
  /** Of the account with that name; null: there is none. */
  uin: number | null
  failures: number
  last_failed_at: number
}

export interface IdentityProvidersTable {
  id: string
  owner_uin: number
  name: string
  /** Tencent's two forms (who logs in becomes a role, or one of the users), and ours. */
  kind: 'role' | 'user' | 'own'
  issuer: string
  /** JSON: a list; what tokens may be for. The first is our id there. */
  client_ids: string
  /** JSON Web Key Set: given, or as last fetched. */
  keys: string
  /** 1: fetched anew from the issuer. */
  rotates_keys: number
  description: string
  state: 'on' | 'off'
  /** JSON, by kind: what is asked for at login, and what claims mean. */
  settings: string
  created_at: number
  updated_at: number
  display_name: Generated<string>
  /** Of our form: the login page offers it. */
  console_login: Generated<number>
  client_secret_wrapped: Uint8Array | null
  /** JSON: what the issuer says of itself; null: not yet asked. */
  metadata: string | null
  keys_fetched_at: number | null
  /** Why the last fetch failed. */
  keys_error: string | null
}

/** Which tokens of a provider stand for a service account or a role. */
export interface TokenExchangeRulesTable {
  id: string
  owner_uin: number
  provider_id: string
  name: string
  description: string
  /** JSON: a list. */
  conditions: string
  target_kind: 'service-account' | 'role'
  /** Of the service account. */
  instance_id: string | null
  service_account_id: string | null
  role_id: number | null
  duration_seconds: number
  enabled: number
  /** Raised by every change: ends the logins that it gave. */
  version: number
  created_by: number
  created_at: number
  updated_at: number
  last_used_at: number | null
}

/** Console logins at a provider that came back, until their time is over: none comes back twice. */
export interface UsedLoginsTable {
  id: string
  expires_at: number
}
