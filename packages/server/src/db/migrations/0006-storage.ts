// Storage backends by name, sections of them, and the moves of instances from one to another.

import type { ColumnTypes } from '../migrate.ts'

export function storage({ text, int, tail }: ColumnTypes): string {
  return `
alter table storage_backends add column name ${text};
alter table storage_backends add column store_id ${text};
alter table storage_backends add column instance_id ${text};
alter table storage_backends add column revision ${int} not null default 1;
alter table storage_backends add column retired_at ${int};
update storage_backends set name = id where id = 'default';
create unique index storage_backends_by_name on storage_backends (name) where name is not null;
create index storage_backends_by_store on storage_backends (store_id);
create index storage_backends_by_instance on storage_backends (instance_id);
create index instances_by_backend on instances (backend_id);

create table storage_moves (
  id ${text} not null primary key,
  instance_id ${text} not null references instances (id) on delete cascade,
  job_id ${text},
  state ${text} not null,
  source_id ${text} not null,
  target_id ${text} not null,
  source_name ${text} not null,
  target_name ${text} not null,
  total_bytes ${int} not null default 0,
  total_blobs ${int} not null default 0,
  moved_bytes ${int} not null default 0,
  moved_blobs ${int} not null default 0,
  reason ${text},
  created_at ${int} not null,
  started_at ${int},
  ended_at ${int}
) ${tail};
create unique index storage_moves_live on storage_moves (instance_id)
  where state in ('waiting', 'running');
create index storage_moves_by_instance on storage_moves (instance_id, id);
`
}
