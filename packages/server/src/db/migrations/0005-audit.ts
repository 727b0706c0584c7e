// What look-up, forwarding and retention need of audit rows, whose jobs are, and what is metered. The previous release
// runs on it: what is added to its tables has a default.
//
// Each index serves look-up by one attribute, newest first, within one account. Rare ones are partial, and the one of
// places is empty on SQLite, whose transactions are serial: a push pays for every index that its row is in.

import type { ColumnTypes } from '../migrate.ts'

export function audit(types: ColumnTypes): string {
  return auditRows(types) + forwardings(types) + metering(types)
}

function auditRows({ text, int, transactionId }: ColumnTypes): string {
  return `
alter table instances add column audit_days ${int};

alter table audit add column owner_uin ${int} not null default 0;
alter table audit add column event ${text} not null default '';
alter table audit add column resource_name ${text} not null default '';
alter table audit add column transaction_id ${transactionId};
update audit set event = replace(action, 'tcr:', ''), resource_name = resource,
  owner_uin = coalesce(
    (select instances.owner_uin from instances where instances.id = audit.instance_id), 0);
drop index audit_by_time;
create index audit_by_owner on audit (owner_uin, at, id);
create index audit_by_actor on audit (owner_uin, actor, at, id);
create index audit_by_credential on audit (owner_uin, credential, at, id)
  where credential is not null;
create index audit_by_event on audit (owner_uin, event, at, id);
create index audit_by_resource on audit (owner_uin, resource_name, at, id);
create index audit_by_address on audit (owner_uin, address, at, id) where address is not null;
create index audit_by_request on audit (request_id) where request_id is not null;
create index audit_by_failure on audit (owner_uin, result, at, id) where result <> 'ok';
create index audit_by_place on audit (transaction_id, id) where transaction_id > 0;
`
}

function forwardings({ text, int, tail }: ColumnTypes): string {
  return `
create table audit_forwardings (
  name ${text} not null primary key,
  kind ${text} not null,
  address ${text},
  protocol ${text},
  ca_certificate ${text},
  facility ${int},
  path ${text},
  enabled ${int} not null,
  transaction_id ${int} not null,
  position ${int} not null,
  sent_until ${int},
  reason ${text},
  created_at ${int} not null
) ${tail};

alter table jobs add column owner_uin ${int};
alter table jobs add column instance_id ${text};
alter table jobs add column cancellable ${int} not null default 1;
create index jobs_by_owner on jobs (owner_uin, id);
`
}

function metering({ text, int, tail }: ColumnTypes): string {
  return `
create table usage_days (
  instance_id ${text} not null,
  day ${text} not null,
  namespace ${text} not null,
  owner_uin ${int} not null,
  basic_hours ${int} not null default 0,
  standard_hours ${int} not null default 0,
  premium_hours ${int} not null default 0,
  stored_bytes ${int} not null default 0,
  stored_samples ${int} not null default 0,
  public_bytes_out ${int} not null default 0,
  private_bytes_out ${int} not null default 0,
  public_bytes_in ${int} not null default 0,
  private_bytes_in ${int} not null default 0,
  requests ${int} not null default 0,
  pulls ${int} not null default 0,
  pushes ${int} not null default 0,
  primary key (instance_id, day, namespace)
) ${tail};
create index usage_days_by_owner on usage_days (owner_uin, day);
create index usage_days_by_age on usage_days (day);

create table metering_state (
  id ${int} not null primary key,
  metered_until ${int} not null
) ${tail};
`
}
