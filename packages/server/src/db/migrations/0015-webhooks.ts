// Triggers of namespaces, where they send to, and what they sent.

import type { ColumnTypes } from '../migrate.ts'

export function webhooks({ text, int, bytes, serial, tail }: ColumnTypes): string {
  return `
create table webhook_triggers (
  id ${text} not null primary key,
  number ${int} not null unique,
  namespace_id ${text} not null references namespaces (id) on delete cascade,
  name ${text} not null,
  description ${text} not null,
  event_types ${text} not null,
  wants_pulls ${int} not null,
  condition ${text} not null,
  body_format ${text} not null,
  host ${text} not null,
  is_on ${int} not null,
  secret ${bytes} not null,
  last_sequence ${int} not null,
  created_at ${int} not null,
  created_by ${text} not null,
  updated_at ${int} not null,
  unique (namespace_id, name)
) ${tail};

create table webhook_targets (
  id ${text} not null primary key,
  trigger_id ${text} not null references webhook_triggers (id) on delete cascade,
  position ${int} not null,
  address ${text} not null,
  headers ${bytes} not null,
  is_on ${int} not null,
  failing_since ${int},
  off_at ${int},
  problem ${text},
  unique (trigger_id, address)
) ${tail};

create table webhook_deliveries (
  id ${serial},
  trigger_id ${text} not null references webhook_triggers (id) on delete cascade,
  target_id ${text} not null,
  address ${text} not null,
  lane ${int} not null,
  event_id ${text} not null,
  sequence ${int} not null,
  event_type ${text} not null,
  repository ${text} not null,
  tag ${text} not null,
  content_type ${text} not null,
  body ${text} not null,
  is_test ${int} not null,
  state ${text} not null,
  attempts ${int} not null,
  step ${int} not null,
  next_attempt_at ${int},
  status ${int},
  duration_ms ${int},
  problem ${text},
  created_at ${int} not null,
  updated_at ${int} not null
) ${tail};

create index webhook_deliveries_of_trigger on webhook_deliveries (trigger_id, id);

create index webhook_deliveries_waiting on webhook_deliveries (target_id, lane, id)
  where state = 'pending';

create index webhook_deliveries_ended on webhook_deliveries (updated_at) where state <> 'pending';

create table webhook_attempts (
  delivery_id ${int} not null references webhook_deliveries (id) on delete cascade,
  number ${int} not null,
  at ${int} not null,
  duration_ms ${int} not null,
  by_hand ${int} not null,
  status ${int},
  problem ${text},
  request_headers ${text} not null,
  response_headers ${text},
  response_body ${text},
  is_cut ${int} not null,
  primary key (delivery_id, number)
) ${tail}
`
}
