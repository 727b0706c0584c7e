// The tables of the Personal edition as TypeScript sees them.

import type { Generated } from 'kysely'

/** Who has begun with Personal edition: one password for every region. */
export interface PersonalUsersTable {
  uin: number
  owner_uin: number
  /** Argon2id. */
  password_hash: string
  /** Rises with each change of the password, which ends what the old one made. */
  version: number
  initialised_at: number
  changed_at: number
}

export interface FavouritesTable {
  uin: number
  repository_id: string
  created_at: number
}

/** By which an account's old tags go, in every one of its repositories. */
export interface PersonalLifecycleRulesTable {
  owner_uin: number
  kind: 'keep-days' | 'keep-tags'
  value: number
  created_by: number
  created_at: number
  /** Null: not yet decided. */
  next_run_at: Generated<number | null>
}

/** Counted only where there is a quota; `month` is `YYYY-MM` of UTC. */
export interface PersonalTransfersTable {
  owner_uin: number
  direction: 'upload' | 'download'
  month: string
  bytes: number
}

export interface PersonalTransferQuotasTable {
  owner_uin: number
  direction: 'upload' | 'download'
  max_bytes: number
}

/** An account's way from the Personal edition into an instance; the id is its job's. */
export interface PersonalMigrationsTable {
  id: string
  instance_id: string
  owner_uin: number
  /** JSON: pairs of a namespace and what it becomes. */
  namespaces: string
  overrides: number
  state: 'waiting' | 'running' | 'succeeded' | 'failed'
  /** JSON: what is done. */
  cursor: string | null
  repository_count: Generated<number>
  repositories_done: Generated<number>
  tag_count: Generated<number>
  tags_done: Generated<number>
  tags_failed: Generated<number>
  reason: string | null
  created_at: number
  created_by: number
  ended_at: number | null
}
