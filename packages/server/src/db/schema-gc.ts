// Tables of the clean-up of storage.

/** One clean-up of one instance. */
export interface GcRunsTable {
  id: string
  /** What the API calls ID. */
  number: number
  instance_id: string
  /** `hourly`: by itself, and something went. */
  kind: 'manual' | 'dry' | 'hourly'
  /** Null: by itself. */
  job_id: string | null
  /** As the run wrote it last; while its job is there, that knows better. */
  state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  /** JSON: what went, or by a dry run would go now. */
  went: string
  /** JSON: what stays until when, and why. */
  stays: string
  /** Of a dry run: what the real one is expected to take. */
  expected_ms: number | null
  created_by: string
  created_at: number
  started_at: number | null
  updated_at: number
  ended_at: number | null
}

/** What a dry run found, the first so many. */
export interface GcItemsTable {
  run_id: string
  position: number
  kind: 'manifest' | 'referrer' | 'link' | 'blob' | 'upload' | 'object'
  /** Of what lies in one repository. */
  repository_path: string | null
  /** A key of an upload or object. */
  digest: string
  size_bytes: number
  reason: string
  /** Null: now. */
  due_at: number | null
}
