// The first schema, for both databases from one text; `schema.ts` says what the columns mean.
//
// Foreign keys hold a part to its whole within a region; none crosses from a regional table to a global
// one. Unique keys of what the recycle bin keeps are partial (`where deleted_at is null`).

import type { ColumnTypes } from '../migrate.ts'

export function registry({ text, int, bytes, serial, transactionId, tail }: ColumnTypes): string {
  const deletable = `deleted_at ${int}, deleted_by ${text}, delete_cause ${text}`
  return `
-- global: accounts and credentials

create table meta (key ${text} not null primary key, value ${text} not null) ${tail};

create table accounts (
  uin ${int} not null primary key,
  owner_uin ${int} not null,
  name ${text} not null,
  password_hash ${text},
  state ${text} not null,
  version ${int} not null,
  created_at ${int} not null
) ${tail};
create index accounts_by_owner on accounts (owner_uin);

create table api_keys (
  secret_id ${text} not null primary key,
  uin ${int} not null references accounts (uin),
  secret_wrapped ${bytes} not null,
  state ${text} not null,
  created_at ${int} not null
) ${tail};
create index api_keys_by_account on api_keys (uin);

create table data_keys (
  id ${text} not null primary key,
  wrapped ${bytes} not null,
  created_at ${int} not null
) ${tail};

create table token_keys (
  kid ${text} not null primary key,
  public_jwk ${text} not null,
  private_wrapped ${bytes} not null,
  created_at ${int} not null,
  retired_at ${int}
) ${tail};

create table login_throttles (
  address ${text} not null,
  name_hash ${text} not null,
  failures ${int} not null,
  window_started_at ${int} not null,
  primary key (address, name_hash)
) ${tail};
create index login_throttles_by_start on login_throttles (window_started_at);

create table storage_backends (
  id ${text} not null primary key,
  kind ${text} not null,
  settings_wrapped ${bytes},
  created_at ${int} not null
) ${tail};

create table instances (
  id ${text} not null primary key,
  name ${text} not null,
  region ${text} not null,
  edition ${text} not null,
  owner_uin ${int} not null,
  state ${text} not null,
  is_default ${int} not null,
  anonymous_pull ${int} not null,
  accept_sparse ${int} not null,
  backend_id ${text} not null,
  created_at ${int} not null
) ${tail};
create unique index instances_by_name on instances (name);
create unique index instances_default on instances (is_default) where is_default = 1;

create table user_credentials (
  id ${text} not null primary key,
  instance_id ${text} not null references instances (id),
  uin ${int} not null references accounts (uin),
  secret_hash ${text} not null,
  description ${text} not null,
  disabled_at ${int},
  version ${int} not null,
  created_at ${int} not null
) ${tail};
create index user_credentials_by_account on user_credentials (instance_id, uin);
create index user_credentials_by_person on user_credentials (uin);

create table service_accounts (
  id ${text} not null primary key,
  instance_id ${text} not null references instances (id),
  name ${text} not null,
  description ${text} not null,
  secret_hash ${text} not null,
  disabled_at ${int},
  expires_at ${int},
  version ${int} not null,
  created_at ${int} not null,
  created_by ${int} not null
) ${tail};
create unique index service_accounts_by_name on service_accounts (instance_id, name);

create table service_account_permissions (
  service_account_id ${text} not null references service_accounts (id) on delete cascade,
  namespace_id ${text} not null,
  action ${text} not null,
  primary key (service_account_id, namespace_id, action)
) ${tail};
create index service_account_permissions_by_namespace on service_account_permissions (namespace_id);

create table counters (
  scope_id ${text} not null,
  metric ${text} not null,
  value ${int} not null,
  quota ${int},
  primary key (scope_id, metric)
) ${tail};

create table counter_deltas (
  id ${serial},
  scope_id ${text} not null,
  metric ${text} not null,
  delta ${int} not null
) ${tail};
create index counter_deltas_by_scope on counter_deltas (scope_id, metric);

-- regional: what is pushed and pulled

create table namespaces (
  id ${text} not null primary key,
  instance_id ${text} not null,
  name ${text} not null,
  is_public ${int} not null,
  created_at ${int} not null,
  created_by ${int} not null
) ${tail};
create unique index namespaces_by_name on namespaces (instance_id, name);

create table repositories (
  id ${text} not null primary key,
  instance_id ${text} not null,
  namespace_id ${text} not null references namespaces (id),
  path ${text} not null,
  kind ${text} not null,
  born_at ${int},
  created_at ${int} not null,
  created_by ${text} not null,
  pull_count ${int} not null,
  last_pulled_at ${int},
  ${deletable}
) ${tail};
create unique index repositories_by_path on repositories (instance_id, path) where deleted_at is null;
create index repositories_by_namespace on repositories (namespace_id, path);

create table blobs (
  id ${text} not null primary key,
  instance_id ${text} not null,
  digest ${text} not null,
  size_bytes ${int} not null,
  state ${text} not null,
  claimed_at ${int} not null,
  unreferenced_at ${int},
  created_at ${int} not null
) ${tail};
create unique index blobs_by_digest on blobs (instance_id, digest);
create index blobs_by_claim on blobs (claimed_at, id);

create table blob_copies (
  id ${text} not null primary key,
  blob_id ${text} not null references blobs (id),
  backend_id ${text} not null,
  key ${text} not null,
  stored_bytes ${int} not null,
  state ${text} not null,
  verified_at ${int}
) ${tail};
create unique index blob_copies_by_key on blob_copies (backend_id, key);
create index blob_copies_by_blob on blob_copies (blob_id);

create table condemned_objects (
  id ${text} not null primary key,
  backend_id ${text} not null,
  key ${text} not null,
  condemned_at ${int} not null
) ${tail};
create unique index condemned_objects_by_key on condemned_objects (backend_id, key);
create index condemned_objects_by_age on condemned_objects (condemned_at, id);

create table orphan_sightings (
  backend_id ${text} not null,
  key ${text} not null,
  first_seen_at ${int} not null,
  primary key (backend_id, key)
) ${tail};

create table repository_blobs (
  repository_id ${text} not null references repositories (id),
  blob_id ${text} not null references blobs (id),
  created_at ${int} not null,
  unreferenced_at ${int},
  primary key (repository_id, blob_id)
) ${tail};
create index repository_blobs_by_blob on repository_blobs (blob_id);
create index repository_blobs_unreferenced on repository_blobs (repository_id, blob_id)
  where unreferenced_at is not null;

create table manifests (
  id ${text} not null primary key,
  instance_id ${text} not null,
  repository_id ${text} not null references repositories (id),
  digest ${text} not null,
  media_type ${text} not null,
  artifact_type ${text},
  subject_digest ${text},
  annotations ${text},
  size_bytes ${int} not null,
  content_bytes ${int} not null,
  created_at ${int} not null,
  created_by ${text} not null,
  ${deletable}
) ${tail};
create unique index manifests_by_digest on manifests (repository_id, digest) where deleted_at is null;
create index manifests_by_repository on manifests (repository_id, id);
create index manifests_by_bytes on manifests (instance_id, digest);
create index manifests_by_subject on manifests (repository_id, subject_digest, digest)
  where subject_digest is not null;

create table manifest_bytes (
  instance_id ${text} not null,
  digest ${text} not null,
  bytes ${bytes} not null,
  primary key (instance_id, digest)
) ${tail};

create table manifest_refs (
  manifest_id ${text} not null references manifests (id) on delete cascade,
  position ${int} not null,
  repository_id ${text} not null,
  role ${text} not null,
  digest ${text} not null,
  media_type ${text} not null,
  size_bytes ${int} not null,
  platform ${text},
  present ${int} not null,
  primary key (manifest_id, position)
) ${tail};
create index manifest_refs_by_digest on manifest_refs (repository_id, digest);

create table tags (
  id ${text} not null primary key,
  repository_id ${text} not null references repositories (id),
  name ${text} not null,
  manifest_id ${text} not null references manifests (id),
  digest ${text} not null,
  version ${int} not null,
  pushed_at ${int} not null,
  pushed_by ${text} not null,
  pull_count ${int} not null,
  last_pulled_at ${int},
  ${deletable}
) ${tail};
create unique index tags_by_name on tags (repository_id, name) where deleted_at is null;
create index tags_by_repository on tags (repository_id, id);
create index tags_by_manifest on tags (manifest_id);

create table tag_history (
  id ${text} not null primary key,
  repository_id ${text} not null references repositories (id),
  name ${text} not null,
  digest ${text},
  previous_digest ${text},
  actor ${text} not null,
  cause ${text} not null,
  at ${int} not null
) ${tail};
create index tag_history_by_tag on tag_history (repository_id, name, id);

create table uploads (
  id ${text} not null primary key,
  instance_id ${text} not null,
  namespace_id ${text} not null references namespaces (id),
  repository_id ${text} not null references repositories (id),
  actor ${text} not null,
  backend_id ${text} not null,
  key ${text} not null,
  driver_state ${text},
  offset_bytes ${int} not null,
  algorithm ${text} not null,
  digest_so_far ${text},
  revision ${text} not null,
  reserved_bytes ${int} not null,
  created_at ${int} not null,
  expires_at ${int} not null
) ${tail};
create unique index uploads_by_key on uploads (backend_id, key);
create index uploads_by_expiry on uploads (expires_at, id);
create index uploads_by_repository on uploads (repository_id);
create index uploads_by_namespace on uploads (namespace_id);

create table namespace_contents (
  namespace_id ${text} not null references namespaces (id),
  digest ${text} not null,
  size_bytes ${int} not null,
  uses ${int} not null,
  primary key (namespace_id, digest)
) ${tail};

-- ground

create table events (
  position ${serial},
  transaction_id ${transactionId},
  type ${text} not null,
  schema_version ${int} not null,
  instance_id ${text} not null,
  region ${text} not null,
  repository_id ${text},
  repository_path ${text},
  actor ${text} not null,
  credential ${text},
  address ${text},
  request_id ${text},
  cause ${text} not null,
  payload ${text} not null,
  at ${int} not null
) ${tail};
create index events_in_order on events (transaction_id, position);

create table event_cursors (
  subscriber ${text} not null primary key,
  position ${int} not null,
  transaction_id ${int} not null,
  updated_at ${int} not null
) ${tail};

create table jobs (
  id ${text} not null primary key,
  kind ${text} not null,
  key ${text} not null,
  lane ${text},
  lane_order ${int} not null,
  payload ${text} not null,
  state ${text} not null,
  run_at ${int} not null,
  delay_ms ${int},
  every_ms ${int},
  run_again ${int} not null,
  attempts ${int} not null,
  max_attempts ${int} not null,
  lease_token ${text},
  lease_renewals ${int} not null,
  deadline_ms ${int} not null,
  progress ${text},
  error ${text},
  cancel_requested ${int} not null,
  created_at ${int} not null,
  started_at ${int},
  ended_at ${int}
) ${tail};
create unique index jobs_live_key on jobs (key) where state in ('waiting', 'running');
create unique index jobs_running_in_lane on jobs (lane) where state = 'running';
create index jobs_due on jobs (run_at, id) where state = 'waiting' and lane is null;
create index jobs_running on jobs (id) where state = 'running';
create index jobs_in_lane on jobs (lane, lane_order, id) where state in ('waiting', 'running');
create index jobs_ended on jobs (ended_at) where ended_at is not null;

create table job_logs (
  id ${serial},
  job_id ${text} not null references jobs (id) on delete cascade,
  at ${int} not null,
  line ${text} not null
) ${tail};
create index job_logs_by_job on job_logs (job_id, id);

create table audit (
  id ${serial},
  at ${int} not null,
  instance_id ${text},
  actor ${text} not null,
  credential ${text},
  address ${text},
  agent ${text},
  action ${text} not null,
  resource ${text} not null,
  reference ${text},
  result ${text} not null,
  reason ${text},
  request_id ${text},
  count ${int} not null
) ${tail};
create index audit_by_instance on audit (instance_id, at, id);
create index audit_by_time on audit (at, id);

create table clock_state (
  id ${int} not null primary key,
  seen_at ${int} not null,
  paused_until ${int} not null
) ${tail};
`
}
