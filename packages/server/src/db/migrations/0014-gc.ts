// What clean-ups did and would do; whose a condemned object was, and how much it holds.

import type { ColumnTypes } from '../migrate.ts'

export function gc({ text, int, tail }: ColumnTypes): string {
  return `
create table gc_runs (
  id ${text} not null primary key,
  number ${int} not null unique,
  instance_id ${text} not null references instances (id) on delete cascade,
  kind ${text} not null,
  job_id ${text},
  state ${text} not null,
  went ${text} not null,
  stays ${text} not null,
  expected_ms ${int},
  created_by ${text} not null,
  created_at ${int} not null,
  started_at ${int},
  updated_at ${int} not null,
  ended_at ${int}
) ${tail};
create index gc_runs_by_instance on gc_runs (instance_id, number);
create index gc_runs_by_age on gc_runs (created_at);

create table gc_items (
  run_id ${text} not null references gc_runs (id) on delete cascade,
  position ${int} not null,
  kind ${text} not null,
  repository_path ${text},
  digest ${text} not null,
  size_bytes ${int} not null,
  reason ${text} not null,
  due_at ${int},
  primary key (run_id, position)
) ${tail};

alter table condemned_objects add column instance_id ${text};
alter table condemned_objects add column size_bytes ${int};
create index condemned_objects_by_instance on condemned_objects (instance_id, condemned_at)
`
}
