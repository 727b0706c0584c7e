// The recycle bin: what was deleted together is one row, which names it as long as it can come back.

import type { ColumnTypes } from '../migrate.ts'

export function recycleBin({ text, int, tail }: ColumnTypes): string {
  return `
alter table instances add column bin_days ${int} not null default 7;
alter table repositories add column deletion_id ${text};
alter table manifests add column deletion_id ${text};
alter table tags add column deletion_id ${text};

create table deletions (
  id ${text} not null primary key,
  instance_id ${text} not null,
  namespace_id ${text} not null references namespaces (id),
  repository_id ${text} not null references repositories (id),
  path ${text} not null,
  kind ${text} not null,
  name ${text} not null,
  digest ${text},
  tag_count ${int},
  manifest_count ${int},
  size_bytes ${int},
  deleted_at ${int} not null,
  deleted_by ${text} not null,
  cause ${text} not null
) ${tail};
create index deletions_by_instance on deletions (instance_id, id);
create index deletions_by_age on deletions (instance_id, deleted_at, id);
create index deletions_by_repository on deletions (repository_id, id);
create index deletions_by_namespace on deletions (namespace_id, id);
create index deletions_unweighed on deletions (id) where size_bytes is null;

create index repositories_by_deletion on repositories (deletion_id) where deletion_id is not null;
create index manifests_by_deletion on manifests (deletion_id) where deletion_id is not null;
create index tags_by_deletion on tags (deletion_id) where deletion_id is not null;
create index repositories_going on repositories (id)
  where deleted_at is not null and deletion_id is null;
create index manifests_going on manifests (id) where deleted_at is not null and deletion_id is null;
create index tags_going on tags (id) where deleted_at is not null and deletion_id is null
`
}
