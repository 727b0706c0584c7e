// The Personal edition: one instance for all accounts of the region, whose namespaces have owners. The previous release
// runs on it: what is added to its tables has a default.

import type { ColumnTypes } from '../migrate.ts'

export function personal({ text, int, tail }: ColumnTypes): string {
  return `
alter table instances add column kind ${text} not null default 'enterprise';
create unique index instances_personal on instances (region) where kind = 'personal';

alter table namespaces add column owner_uin ${int};
create index namespaces_by_owner on namespaces (owner_uin, name)
  where owner_uin is not null and deleted_at is null;

alter table repositories add column is_public ${int};

create table personal_users (
  uin ${int} not null primary key references accounts (uin) on delete cascade,
  owner_uin ${int} not null,
  password_hash ${text} not null,
  version ${int} not null,
  initialised_at ${int} not null,
  changed_at ${int} not null
) ${tail};
create index personal_users_by_owner on personal_users (owner_uin);

create table favourites (
  uin ${int} not null,
  repository_id ${text} not null references repositories (id) on delete cascade,
  created_at ${int} not null,
  primary key (uin, repository_id)
) ${tail};
create index favourites_by_repository on favourites (repository_id);

create table personal_lifecycle_rules (
  owner_uin ${int} not null primary key,
  kind ${text} not null,
  value ${int} not null,
  created_by ${int} not null,
  created_at ${int} not null
) ${tail};

create table personal_transfers (
  owner_uin ${int} not null,
  direction ${text} not null,
  month ${text} not null,
  bytes ${int} not null,
  primary key (owner_uin, direction, month)
) ${tail};

create table personal_transfer_quotas (
  owner_uin ${int} not null,
  direction ${text} not null,
  max_bytes ${int} not null,
  primary key (owner_uin, direction)
) ${tail};

create table personal_migrations (
  id ${text} not null primary key,
  instance_id ${text} not null references instances (id) on delete cascade,
  owner_uin ${int} not null,
  namespaces ${text} not null,
  overrides ${int} not null,
  state ${text} not null,
  cursor ${text},
  repository_count ${int} not null default 0,
  repositories_done ${int} not null default 0,
  tag_count ${int} not null default 0,
  tags_done ${int} not null default 0,
  tags_failed ${int} not null default 0,
  reason ${text},
  created_at ${int} not null,
  created_by ${int} not null,
  ended_at ${int}
) ${tail};
create index personal_migrations_by_instance on personal_migrations (instance_id, id);
`
}
