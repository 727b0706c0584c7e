// What the management API keeps of instances, namespaces and repositories, and cloud tags. The previous release runs on
// it: what is added to its tables has a default.

import type { ColumnTypes } from '../migrate.ts'

export function management({ text, int, tail }: ColumnTypes): string {
  return `
alter table instances add column state_reason ${text} not null default '';
alter table instances add column deletion_protection ${int} not null default 0;
alter table instances add column multi_zone ${int} not null default 0;
alter table instances add column versioning ${int} not null default 0;
alter table instances add column charge_type ${int} not null default 0;
alter table instances add column renew_flag ${int} not null default 0;
alter table instances add column expires_at ${int};
alter table instances add column created_by ${int};
create index instances_by_owner on instances (owner_uin, id);

drop index namespaces_by_name;
alter table namespaces add column deleted_at ${int};
create unique index namespaces_by_name on namespaces (instance_id, name) where deleted_at is null;
alter table namespaces add column number ${int};
alter table namespaces add column auto_scan ${int} not null default 0;
alter table namespaces add column block_vulnerable ${int} not null default 0;
alter table namespaces add column block_severity ${text} not null default '';
alter table namespaces add column cve_allow_list ${text} not null default '[]';
create unique index namespaces_by_number on namespaces (number);

alter table repositories add column brief_description ${text} not null default '';
alter table repositories add column description ${text} not null default '';
alter table repositories add column updated_at ${int};
create index repositories_listed on repositories (instance_id, path)
  where deleted_at is null and born_at is not null;
create index repositories_by_time on repositories (instance_id, created_at, id)
  where deleted_at is null and born_at is not null;
create index repositories_deleted on repositories (deleted_at, id) where deleted_at is not null;

alter table service_accounts add column updated_at ${int};

create table cloud_tags (
  owner_uin ${int} not null,
  key ${text} not null,
  value ${text} not null,
  created_by ${int} not null,
  created_at ${int} not null,
  primary key (owner_uin, key, value)
) ${tail};

create table tagged_resources (
  kind ${text} not null,
  resource_id ${text} not null,
  key ${text} not null,
  value ${text} not null,
  owner_uin ${int} not null,
  primary key (kind, resource_id, key)
) ${tail};
create index tagged_resources_by_tag on tagged_resources (owner_uin, key, value, kind, resource_id);
`
}
