// People, groups, roles, their keys and sessions, and the policies that decide for them; `schema.ts` says what the
// columns mean. All of it is global. The previous release runs on it: what is added to its tables has a default.

import type { ColumnTypes } from '../migrate.ts'

export function accounts({ text, int, bytes, tail }: ColumnTypes): string {
  return `
create table numbers (kind ${text} not null primary key, last ${int} not null) ${tail};

alter table accounts add column display_name ${text} not null default '';
alter table accounts add column remark ${text} not null default '';
alter table accounts add column email ${text} not null default '';
alter table accounts add column phone ${text} not null default '';
alter table accounts add column country_code ${text} not null default '';
alter table accounts add column console_login ${int} not null default 0;
alter table accounts add column need_reset_password ${int} not null default 0;
alter table accounts add column password_changed_at ${int};
alter table accounts add column login_factor ${int} not null default 0;
alter table accounts add column action_factor ${int} not null default 0;
alter table accounts add column boundary_policy_id ${int};
alter table accounts add column rights_revision ${int} not null default 1;
alter table accounts add column app_id ${int};
alter table accounts add column created_by ${int};
alter table accounts add column last_login_at ${int};
alter table accounts add column last_login_address ${text};
alter table accounts add column suspend_reason ${text};
-- The releases before knew one main account and nobody below it.
update accounts set console_login = 1, app_id = 1300000000 where uin = owner_uin;
create unique index accounts_by_name on accounts (owner_uin, name);
create index accounts_by_boundary on accounts (boundary_policy_id)
  where boundary_policy_id is not null;

alter table api_keys add column description ${text} not null default '';
alter table api_keys add column last_used_at ${int};
alter table api_keys add column last_used_action ${text};

create table account_groups (
  id ${int} not null primary key,
  owner_uin ${int} not null references accounts (uin),
  name ${text} not null,
  remark ${text} not null,
  created_at ${int} not null
) ${tail};
create unique index account_groups_by_name on account_groups (owner_uin, name);

create table group_members (
  group_id ${int} not null references account_groups (id),
  uin ${int} not null references accounts (uin),
  joined_at ${int} not null,
  primary key (group_id, uin)
) ${tail};
create index group_members_by_account on group_members (uin, group_id);

create table roles (
  id ${int} not null primary key,
  owner_uin ${int} not null references accounts (uin),
  name ${text} not null,
  kind ${text} not null,
  description ${text} not null,
  trust_policy ${text} not null,
  session_seconds ${int} not null,
  console_login ${int} not null,
  boundary_policy_id ${int},
  version ${int} not null,
  created_at ${int} not null,
  updated_at ${int} not null
) ${tail};
create unique index roles_by_name on roles (owner_uin, name);
create index roles_by_boundary on roles (boundary_policy_id) where boundary_policy_id is not null;

create table role_tags (
  role_id ${int} not null references roles (id) on delete cascade,
  key ${text} not null,
  value ${text} not null,
  primary key (role_id, key)
) ${tail};
create index role_tags_by_key on role_tags (key, value, role_id);

create table policies (
  id ${int} not null primary key,
  owner_uin ${int} not null references accounts (uin),
  name ${text} not null,
  description ${text} not null,
  default_version ${int} not null,
  last_version ${int} not null,
  created_by ${int} not null,
  created_at ${int} not null,
  updated_at ${int} not null
) ${tail};
create unique index policies_by_name on policies (owner_uin, name);

create table policy_versions (
  policy_id ${int} not null references policies (id) on delete cascade,
  version ${int} not null,
  document ${text} not null,
  created_at ${int} not null,
  primary key (policy_id, version)
) ${tail};

create table policy_tags (
  policy_id ${int} not null references policies (id) on delete cascade,
  key ${text} not null,
  value ${text} not null,
  primary key (policy_id, key)
) ${tail};

create table policy_attachments (
  target_kind ${text} not null,
  target_id ${int} not null,
  policy_id ${int} not null,
  owner_uin ${int} not null,
  attached_by ${int} not null,
  attached_at ${int} not null,
  primary key (target_kind, target_id, policy_id)
) ${tail};
create index policy_attachments_by_policy on policy_attachments (policy_id, owner_uin, target_kind, target_id);

create table console_sessions (
  id ${text} not null primary key,
  token_hash ${text} not null,
  uin ${int} not null references accounts (uin),
  role_id ${int},
  session_name ${text},
  provider_name ${text},
  version ${int} not null,
  with_factor ${int} not null,
  address ${text},
  agent ${text},
  created_at ${int} not null,
  seen_at ${int} not null,
  expires_at ${int} not null
) ${tail};
create unique index console_sessions_by_token on console_sessions (token_hash);
create index console_sessions_by_account on console_sessions (uin, id);
create index console_sessions_by_expiry on console_sessions (expires_at);

create table mfa_devices (
  uin ${int} not null primary key references accounts (uin),
  secret_wrapped ${bytes} not null,
  last_step ${int} not null,
  confirmed_at ${int},
  created_at ${int} not null
) ${tail};

create table mfa_recovery_codes (
  uin ${int} not null references accounts (uin),
  code_hash ${text} not null,
  primary key (uin, code_hash)
) ${tail};

create table password_rules (
  owner_uin ${int} not null primary key references accounts (uin),
  minimum_length ${int} not null,
  must_contain ${text} not null,
  force_change_days ${int} not null,
  reuse_limit ${int} not null,
  retry_limit ${int} not null,
  ends_when_expired ${int} not null,
  modified_by ${int} not null,
  updated_at ${int} not null
) ${tail};

create table password_history (
  uin ${int} not null references accounts (uin),
  set_at ${int} not null,
  password_hash ${text} not null,
  primary key (uin, set_at)
) ${tail};

create table console_login_failures (
  address ${text} not null,
  name_hash ${text} not null,
  uin ${int},
  failures ${int} not null,
  last_failed_at ${int} not null,
  primary key (address, name_hash)
) ${tail};
create index console_login_failures_by_account on console_login_failures (uin) where uin is not null;
create index console_login_failures_by_age on console_login_failures (last_failed_at);

create table identity_providers (
  id ${text} not null primary key,
  owner_uin ${int} not null references accounts (uin),
  name ${text} not null,
  kind ${text} not null,
  issuer ${text} not null,
  client_ids ${text} not null,
  keys ${text} not null,
  rotates_keys ${int} not null,
  description ${text} not null,
  state ${text} not null,
  settings ${text} not null,
  created_at ${int} not null,
  updated_at ${int} not null
) ${tail};
create unique index identity_providers_by_name on identity_providers (owner_uin, kind, name);
create index identity_providers_by_issuer on identity_providers (issuer)
`
}
