// Which tags of a namespace stay: one rule for each, its runs, and what they did to which tag. How long manifests
// that no tag names stay.

import type { ColumnTypes } from '../migrate.ts'

export function retention({ text, int, bytes, tail }: ColumnTypes): string {
  return `
create table retention_rules (
  namespace_id ${text} not null primary key references namespaces (id) on delete cascade,
  number ${int} not null unique,
  items ${text} not null,
  is_simple ${int} not null,
  schedule ${text} not null,
  is_on ${int} not null,
  revision ${int} not null,
  next_run_at ${int},
  created_at ${int} not null,
  updated_at ${int} not null
) ${tail};
create index retention_rules_due on retention_rules (next_run_at) where next_run_at is not null;

create table retention_runs (
  id ${text} not null primary key,
  number ${int} not null unique,
  namespace_id ${text} not null references namespaces (id) on delete cascade,
  rule_number ${int},
  items ${text} not null,
  revision ${int} not null,
  started_by ${text} not null,
  is_dry ${int} not null,
  state ${text} not null,
  last_path ${text} not null,
  repositories ${int} not null,
  untouched ${int} not null,
  total ${int} not null,
  retained ${int} not null,
  reason ${text},
  created_by ${text} not null,
  created_at ${int} not null,
  judged_at ${int},
  ended_at ${int}
) ${tail};
create index retention_runs_by_namespace on retention_runs (namespace_id, id);
create index retention_runs_by_age on retention_runs (created_at);
create index retention_runs_open on retention_runs (id) where ended_at is null;

create table retention_tasks (
  run_id ${text} not null references retention_runs (id) on delete cascade,
  number ${int} not null,
  repository_path ${text} not null,
  state ${text} not null,
  total ${int} not null,
  retained ${int} not null,
  started_at ${int} not null,
  ended_at ${int},
  primary key (run_id, number)
) ${tail};

create table retention_fates (
  run_id ${text} not null references retention_runs (id) on delete cascade,
  task_number ${int} not null,
  fate ${text} not null,
  position ${int} not null,
  tag_count ${int} not null,
  tags ${bytes} not null,
  primary key (run_id, task_number, fate, position)
) ${tail};

create index tag_history_by_previous on tag_history (repository_id, previous_digest, at)
  where previous_digest is not null;

alter table namespaces add column untagged_days ${int};
alter table personal_lifecycle_rules add column next_run_at ${int}
`
}
