// Helm charts: what the manifests of charts say of themselves, a row beside the bytes of each; and which quota counts a
// repository. Repositories that were there before stay with the quota that counts them already.

import type { ColumnTypes } from '../migrate.ts'

export function charts({ text, int, tail }: ColumnTypes): string {
  return `
alter table repositories add column counted_as ${text};
alter table repositories add column has_charts ${int} not null default 0;

create table charts (
  instance_id ${text} not null,
  digest ${text} not null,
  state ${text} not null,
  problem ${text},
  name ${text},
  version ${text},
  tag ${text},
  version_order ${text},
  is_prerelease ${int} not null default 0,
  app_version ${text},
  description ${text},
  icon ${text},
  type ${text},
  is_deprecated ${int} not null default 0,
  package_digest ${text},
  package_bytes ${int} not null default 0,
  provenance_digest ${text},
  file_name ${text},
  entry ${text},
  created_at ${int} not null,
  primary key (instance_id, digest),
  foreign key (instance_id, digest) references manifest_bytes (instance_id, digest) on delete cascade
) ${tail};
create index charts_by_file on charts (instance_id, file_name);
create index charts_waiting on charts (instance_id, digest) where state = 'waiting';
create index repositories_with_charts on repositories (instance_id, path) where has_charts = 1;

insert into charts (instance_id, digest, state, created_at)
  select m.instance_id, m.digest, 'waiting', min(m.created_at)
  from manifests m
  join manifest_refs c on c.manifest_id = m.id and c.role = 'config'
    and c.media_type = 'application/vnd.cncf.helm.config.v1+json'
  join manifest_bytes b on b.instance_id = m.instance_id and b.digest = m.digest
  group by m.instance_id, m.digest;
update repositories set has_charts = 1 where exists (
  select 1 from manifests m join charts c on c.instance_id = m.instance_id and c.digest = m.digest
  where m.repository_id = repositories.id);
update repositories set counted_as = 'repositories' where exists (
  select 1 from manifests m where m.repository_id = repositories.id)
`
}
