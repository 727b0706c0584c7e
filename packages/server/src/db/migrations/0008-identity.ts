// Console login at OIDC providers, several of an account; which tokens of theirs log in to a registry; logins that were
// used up. The previous release runs on it: what is added to its table has a default, and it asks for no other kind.

import type { ColumnTypes } from '../migrate.ts'

export function identity({ text, int, bytes, tail }: ColumnTypes): string {
  return `
alter table identity_providers add column display_name ${text} not null default '';
alter table identity_providers add column console_login ${int} not null default 0;
alter table identity_providers add column client_secret_wrapped ${bytes};
alter table identity_providers add column metadata ${text};
alter table identity_providers add column keys_fetched_at ${int};
alter table identity_providers add column keys_error ${text};

create table token_exchange_rules (
  id ${text} not null primary key,
  owner_uin ${int} not null,
  provider_id ${text} not null references identity_providers (id) on delete cascade,
  name ${text} not null,
  description ${text} not null,
  conditions ${text} not null,
  target_kind ${text} not null,
  instance_id ${text},
  service_account_id ${text} references service_accounts (id) on delete cascade,
  role_id ${int} references roles (id) on delete cascade,
  duration_seconds ${int} not null,
  enabled ${int} not null,
  version ${int} not null,
  created_by ${int} not null,
  created_at ${int} not null,
  updated_at ${int} not null,
  last_used_at ${int}
) ${tail};
create index token_exchange_rules_by_owner on token_exchange_rules (owner_uin, id);
create index token_exchange_rules_by_provider on token_exchange_rules (provider_id);
create index token_exchange_rules_by_service_account on token_exchange_rules (service_account_id)
  where service_account_id is not null;
create index token_exchange_rules_by_role on token_exchange_rules (role_id) where role_id is not null;

create table used_logins (id ${text} not null primary key, expires_at ${int} not null) ${tail};
create index used_logins_by_expiry on used_logins (expires_at)
`
}
