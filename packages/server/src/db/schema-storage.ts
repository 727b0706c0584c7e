// The tables of stores as TypeScript sees them.

import type { Generated } from 'kysely'

export interface StorageBackendsTable {
  id: string
  kind: 'folder' | 's3' | 'memory'
  /** Null: the deployment's own store, opened from the settings, or a section of a store. */
  settings_wrapped: Uint8Array | null
  created_at: number
  /** Of a store that the operator made known. */
  name: Generated<string | null>
  /** The store that it is a section of. */
  store_id: Generated<string | null>
  /** Of a section: whose it is. */
  instance_id: Generated<string | null>
  /** Rises with each change of the settings. */
  revision: Generated<number>
  /** Nothing new comes here; the row goes when nothing names it any more. */
  retired_at: Generated<number | null>
}

/** An instance's way from one storage backend to another. */
export interface StorageMovesTable {
  id: string
  instance_id: string
  job_id: string | null
  state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  source_id: string
  target_id: string
  source_name: string
  target_name: string
  total_bytes: Generated<number>
  total_blobs: Generated<number>
  moved_bytes: Generated<number>
  moved_blobs: Generated<number>
  reason: string | null
  created_at: number
  started_at: number | null
  ended_at: number | null
}
