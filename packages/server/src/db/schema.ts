// The tables as TypeScript sees them. Conventions, the same on both databases:
// ids are text made by `newId()` (sortable by time, unique over regions); `…_at` are milliseconds since
// 1970 by the deployment's clock; flags are 0 or 1; JSON is text; digests are `algorithm:hex`.

import type { Generated } from 'kysely'
import type {
  AccountGroupsTable,
  AccountsTable,
  ApiKeysTable,
  ConsoleLoginFailuresTable,
  ConsoleSessionsTable,
  GroupMembersTable,
  IdentityProvidersTable,
  LoginAddressRulesTable,
  MfaDevicesTable,
  MfaRecoveryCodesTable,
  NumbersTable,
  PasswordHistoryTable,
  PasswordRulesTable,
  PoliciesTable,
  PolicyAttachmentsTable,
  PolicyTagsTable,
  PolicyVersionsTable,
  RolesTable,
  RoleTagsTable,
  TokenExchangeRulesTable,
  UsedLoginsTable,
} from './schema-accounts.ts'
import type {
  AuditForwardingsTable,
  AuditTable,
  MeteringStateTable,
  UsageDaysTable,
} from './schema-audit.ts'
import type { ChartKeysTable, ChartsTable } from './schema-charts.ts'
import type { GcItemsTable, GcRunsTable } from './schema-gc.ts'
import type {
  FavouritesTable,
  PersonalLifecycleRulesTable,
  PersonalMigrationsTable,
  PersonalTransferQuotasTable,
  PersonalTransfersTable,
  PersonalUsersTable,
} from './schema-personal.ts'
import type { DeletionsTable } from './schema-recycle-bin.ts'
import type {
  RetentionFatesTable,
  RetentionRulesTable,
  RetentionRunsTable,
  RetentionTasksTable,
} from './schema-retention.ts'
import type { StorageBackendsTable, StorageMovesTable } from './schema-storage.ts'
import type {
  WebhookAttemptsTable,
  WebhookDeliveriesTable,
  WebhookTargetsTable,
  WebhookTriggersTable,
} from './schema-webhooks.ts'

export interface Schema {
  meta: MetaTable
  numbers: NumbersTable
  accounts: AccountsTable
  api_keys: ApiKeysTable
  account_groups: AccountGroupsTable
  group_members: GroupMembersTable
  roles: RolesTable
  role_tags: RoleTagsTable
  policies: PoliciesTable
  policy_versions: PolicyVersionsTable
  policy_tags: PolicyTagsTable
  policy_attachments: PolicyAttachmentsTable
  console_sessions: ConsoleSessionsTable
  mfa_devices: MfaDevicesTable
  mfa_recovery_codes: MfaRecoveryCodesTable
  password_rules: PasswordRulesTable
  login_address_rules: LoginAddressRulesTable
  password_history: PasswordHistoryTable
  console_login_failures: ConsoleLoginFailuresTable
  identity_providers: IdentityProvidersTable
  token_exchange_rules: TokenExchangeRulesTable
  used_logins: UsedLoginsTable
  user_credentials: UserCredentialsTable
  service_accounts: ServiceAccountsTable
  service_account_permissions: ServiceAccountPermissionsTable
  data_keys: DataKeysTable
  token_keys: TokenKeysTable
  login_throttles: LoginThrottlesTable
  storage_backends: StorageBackendsTable
  storage_moves: StorageMovesTable
  instances: InstancesTable
  namespaces: NamespacesTable
  repositories: RepositoriesTable
  blobs: BlobsTable
  blob_copies: BlobCopiesTable
  condemned_objects: CondemnedObjectsTable
  orphan_sightings: OrphanSightingsTable
  repository_blobs: RepositoryBlobsTable
  manifests: ManifestsTable
  manifest_bytes: ManifestBytesTable
  manifest_refs: ManifestRefsTable
  charts: ChartsTable
  chart_keys: ChartKeysTable
  tags: TagsTable
  tag_history: TagHistoryTable
  uploads: UploadsTable
  namespace_contents: NamespaceContentsTable
  cloud_tags: CloudTagsTable
  tagged_resources: TaggedResourcesTable
  counters: CountersTable
  counter_deltas: CounterDeltasTable
  events: EventsTable
  event_cursors: EventCursorsTable
  jobs: JobsTable
  job_logs: JobLogsTable
  audit: AuditTable
  audit_forwardings: AuditForwardingsTable
  usage_days: UsageDaysTable
  metering_state: MeteringStateTable
  clock_state: ClockStateTable
  server_processes: ServerProcessesTable
  immutability_rules: ImmutabilityRulesTable
  retention_rules: RetentionRulesTable
  retention_runs: RetentionRunsTable
  retention_tasks: RetentionTasksTable
  retention_fates: RetentionFatesTable
  gc_runs: GcRunsTable
  gc_items: GcItemsTable
  webhook_triggers: WebhookTriggersTable
  webhook_targets: WebhookTargetsTable
  webhook_deliveries: WebhookDeliveriesTable
  webhook_attempts: WebhookAttemptsTable
  personal_users: PersonalUsersTable
  favourites: FavouritesTable
  personal_lifecycle_rules: PersonalLifecycleRulesTable
  personal_transfers: PersonalTransfersTable
  personal_transfer_quotas: PersonalTransferQuotasTable
  personal_migrations: PersonalMigrationsTable
  deletions: DeletionsTable
}

/** Facts of the deployment: `deployment-id`, `created-at`, … */
export interface MetaTable {
  key: string
  value: string
}

/** Long-term user-level credentials; a temporary one has no row. */
export interface UserCredentialsTable {
  id: string
  instance_id: string
  uin: number
  /** `sha256:<hex>` of a machine-made secret, `$argon2id$…` of one that a person chose. */
  secret_hash: string
  description: string
  disabled_at: number | null
  version: number
  created_at: number
  /** Its person, or the feature that breaks without it. */
  made_by: Generated<'user' | 'build' | 'sync' | 'kubernetes'>
  /** To the hour. */
  last_used_at: Generated<number | null>
  last_used_address: Generated<string | null>
}

export interface ServiceAccountsTable {
  id: string
  instance_id: string
  name: string
  description: string
  secret_hash: string
  disabled_at: number | null
  expires_at: number | null
  version: number
  created_at: number
  created_by: number
  updated_at: number | null
  /** To the hour. */
  last_used_at: Generated<number | null>
  last_used_address: Generated<string | null>
}

export interface ServiceAccountPermissionsTable {
  service_account_id: string
  namespace_id: string
  action: string
}

export interface DataKeysTable {
  id: string
  wrapped: Uint8Array
  created_at: number
}

export interface TokenKeysTable {
  kid: string
  public_jwk: string
  private_wrapped: Uint8Array
  created_at: number
  /** From then on it signs nothing; it verifies until the last token it signed has ended. */
  retired_at: number | null
}

/** Failed logins: one row per client address (name_hash empty), and one per address and name tried. */
export interface LoginThrottlesTable {
  address: string
  name_hash: string
  failures: number
  window_started_at: number
}

export interface InstancesTable {
  id: string
  name: string
  region: string
  edition: 'basic' | 'standard' | 'premium'
  owner_uin: number
  state: 'pending' | 'deploying' | 'running' | 'deleting' | 'failed' | 'delete-failed'
  is_default: number
  anonymous_pull: number
  accept_sparse: number
  backend_id: string
  created_at: number
  /** Of a failed state: what went wrong. */
  state_reason: Generated<string>
  deletion_protection: Generated<number>
  multi_zone: Generated<number>
  versioning: Generated<number>
  /** 0: by use; 1: prepaid. */
  charge_type: Generated<number>
  renew_flag: Generated<number>
  /** Of a prepaid one: read-only from then on; nothing is deleted. */
  expires_at: number | null
  created_by: number | null
  /** Days that audit rows are kept; null: as the edition says. */
  audit_days: number | null
  /** `personal`: the one that all accounts of the region share; nobody owns it (`owner_uin` 0). */
  kind: Generated<'enterprise' | 'personal'>
  /** How long what was deleted can come back. */
  bin_days: Generated<number>
}

export interface NamespacesTable {
  id: string
  instance_id: string
  name: string
  is_public: number
  created_at: number
  created_by: number
  /** Its rows go when nothing of its repositories is kept any more. */
  deleted_at: number | null
  /** What the API calls NamespaceId; unique over instances. */
  number: number | null
  auto_scan: Generated<number>
  block_vulnerable: Generated<number>
  /** '', low, medium, high: from which on images are blocked. */
  block_severity: Generated<string>
  /** JSON: ids of vulnerabilities that never block. */
  cve_allow_list: Generated<string>
  /** Of a namespace of the Personal edition: the account that has it. */
  owner_uin: Generated<number | null>
  /** Manifests that nothing names go after so many days; null: they stay. */
  untagged_days: Generated<number | null>
}

export interface RepositoriesTable {
  id: string
  instance_id: string
  namespace_id: string
  /** `<namespace>/<name>`: what stands between `/v2/` and `/manifests/`. */
  path: string
  kind: 'local' | 'proxy' | 'replica'
  /** Null until the first manifest: not listed, not counted. */
  born_at: number | null
  created_at: number
  created_by: string
  pull_count: number
  last_pulled_at: number | null
  deleted_at: number | null
  deleted_by: string | null
  delete_cause: string | null
  /** Of what lies in the recycle bin; null of what is deleted: it is on its way out. */
  deletion_id: Generated<string | null>
  brief_description: Generated<string>
  description: Generated<string>
  /** Null: never changed since it was made. */
  updated_at: number | null
  /** Null: as its namespace is; the Personal edition sets it for each repository. */
  is_public: Generated<number | null>
  /** The quota of the instance that counts it, by its first manifest; null: it never had one. */
  counted_as: Generated<'repositories' | 'chart-repositories' | null>
  has_charts: Generated<number>
}

export interface BlobsTable {
  id: string
  instance_id: string
  digest: string
  size_bytes: number
  state: 'present' | 'remote' | 'damaged'
  /** Renewed by whoever was told that the blob is here; nothing claimed within the grace period goes. */
  claimed_at: number
  /** When a sweep first saw that nothing names it; a claim clears it, a second sweep acts on it. */
  unreferenced_at: number | null
  created_at: number
}

export interface BlobCopiesTable {
  id: string
  blob_id: string
  backend_id: string
  key: string
  stored_bytes: number
  state: 'present' | 'damaged'
  verified_at: number | null
}

/** Keys whose bytes may be deleted: no row names them any more. */
export interface CondemnedObjectsTable {
  id: string
  backend_id: string
  key: string
  condemned_at: number
  /** Whose it was, and how much; null: nobody knew. */
  instance_id: Generated<string | null>
  size_bytes: Generated<number | null>
}

/** Keys that a listing showed and no row names; deleted after a second sighting a grace period later. */
export interface OrphanSightingsTable {
  backend_id: string
  key: string
  first_seen_at: number
}

/** Who may pull what: a blob is served in a repository only by such a row. */
export interface RepositoryBlobsTable {
  repository_id: string
  blob_id: string
  created_at: number
  /** When a sweep first saw that no manifest of the repository names the blob. */
  unreferenced_at: number | null
}

export interface ManifestsTable {
  id: string
  instance_id: string
  repository_id: string
  digest: string
  media_type: string
  artifact_type: string | null
  subject_digest: string | null
  /** JSON; kept for manifests with a subject, whose referrers listing shows it. */
  annotations: string | null
  size_bytes: number
  /** Compressed bytes of config and layers, and of all children of an index. */
  content_bytes: number
  created_at: number
  created_by: string
  deleted_at: number | null
  deleted_by: string | null
  delete_cause: string | null
  /** Of what lies in the recycle bin; null of what is deleted: it is on its way out. */
  deletion_id: Generated<string | null>
}

export interface ManifestBytesTable {
  instance_id: string
  digest: string
  bytes: Uint8Array
}

export interface ManifestRefsTable {
  manifest_id: string
  position: number
  repository_id: string
  role: 'config' | 'layer' | 'child'
  digest: string
  media_type: string
  size_bytes: number
  platform: string | null
  /** 0 while what it names is not here (a sparse image or index, a non-distributable layer). */
  present: number
}

export interface TagsTable {
  id: string
  repository_id: string
  name: string
  manifest_id: string
  digest: string
  version: number
  pushed_at: number
  pushed_by: string
  pull_count: number
  last_pulled_at: number | null
  deleted_at: number | null
  deleted_by: string | null
  delete_cause: string | null
  /** Of what lies in the recycle bin; null of what is deleted: it is on its way out. */
  deletion_id: Generated<string | null>
}

export interface TagHistoryTable {
  id: string
  repository_id: string
  name: string
  /** Null: the tag was deleted. */
  digest: string | null
  previous_digest: string | null
  actor: string
  cause: string
  at: number
}

export interface UploadsTable {
  id: string
  instance_id: string
  namespace_id: string
  repository_id: string
  actor: string
  backend_id: string
  key: string
  /** The driver's own state as JSON; null until the first bytes. */
  driver_state: string | null
  offset_bytes: number
  algorithm: string
  /** Digest of everything so far, as hex; null when it is unknown (chunks met different processes). */
  digest_so_far: string | null
  /** New with every answered chunk: whoever read an older one has lost the race and writes nothing. */
  revision: string
  reserved_bytes: number
  created_at: number
  expires_at: number
}

/** Each distinct blob and manifest once per namespace, with how many repositories of it hold it. */
export interface NamespaceContentsTable {
  namespace_id: string
  digest: string
  size_bytes: number
  uses: number
}

/** Pairs that may be put on resources, of one main account. */
export interface CloudTagsTable {
  owner_uin: number
  key: string
  value: string
  created_by: number
  created_at: number
}

/** The tags that resources carry. */
export interface TaggedResourcesTable {
  kind: 'instance' | 'namespace' | 'repository' | 'service-account'
  resource_id: string
  key: string
  value: string
  owner_uin: number
}

/** Kept counts, and the quotas on them (null: none). */
export interface CountersTable {
  scope_id: string
  metric: 'namespaces' | 'repositories' | 'chart-repositories' | 'vpc-links' | 'tags' | 'bytes'
  value: number
  quota: number | null
}

export interface CounterDeltasTable {
  id: Generated<number>
  scope_id: string
  metric: 'namespaces' | 'repositories' | 'chart-repositories' | 'vpc-links' | 'tags' | 'bytes'
  delta: number
}

export interface EventsTable {
  position: Generated<number>
  /** PostgreSQL's transaction id, so that readers stay below what is not yet decided; 0 on SQLite. */
  transaction_id: Generated<number>
  type: string
  schema_version: number
  instance_id: string
  region: string
  repository_id: string | null
  repository_path: string | null
  actor: string
  credential: string | null
  address: string | null
  request_id: string | null
  cause: string
  payload: string
  at: number
}

export interface EventCursorsTable {
  subscriber: string
  position: number
  transaction_id: number
  updated_at: number
}

export interface JobsTable {
  id: string
  kind: string
  /** One live (waiting or running) job of a key. */
  key: string
  lane: string | null
  lane_order: number
  payload: string
  state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  run_at: number
  /** How long it was to wait when `run_at` was set; null: `run_at` is a date that was asked for. */
  delay_ms: number | null
  /** A reconciler's timer; null: a task. A reconciler's row is always waiting or running. */
  every_ms: number | null
  /** It was enqueued again while it ran. */
  run_again: number
  attempts: number
  max_attempts: number
  /** New with every claim: every write of the job carries it. */
  lease_token: string | null
  /** Grows while the process that runs it lives; one that stands still is taken over. */
  lease_renewals: number
  deadline_ms: number
  progress: string | null
  error: string | null
  cancel_requested: number
  created_at: number
  started_at: number | null
  ended_at: number | null
  /** Of the account and the instance that it is about; null: the deployment's own work. */
  owner_uin: number | null
  instance_id: string | null
  /** By people; 0: half-way it would leave something that nobody finishes. */
  cancellable: Generated<number>
  /** As audit rows name an actor; null: the program. */
  created_by: Generated<string | null>
}

export interface JobLogsTable {
  id: Generated<number>
  job_id: string
  at: number
  line: string
}

/** At most one of a namespace. */
export interface ImmutabilityRulesTable {
  namespace_id: string
  number: number
  /** On names within the namespace. */
  repository_pattern: string
  repository_excludes: number
  tag_pattern: string
  tag_excludes: number
  is_on: number
  created_at: number
  updated_at: number
}

/** What serves, as each process says of itself. */
export interface ServerProcessesTable {
  id: string
  host: string
  pid: number
  version: string
  node_version: string
  memory_bytes: number
  started_at: number
  seen_at: number
}

export interface ClockStateTable {
  id: number
  seen_at: number
  paused_until: number
}
