// The tables of retention as TypeScript sees them.

/** At most one of a namespace. */
export interface RetentionRulesTable {
  namespace_id: string
  /** What the API calls RetentionId. */
  number: number
  /** JSON: `RuleItem[]`. */
  items: string
  /** One item, for all repositories and tags. */
  is_simple: number
  schedule: 'manual' | 'daily' | 'weekly' | 'monthly'
  is_on: number
  /** Rises with each change: a run goes on only by the rule that it began with. */
  revision: number
  /** Null: by hand only, or off. */
  next_run_at: number | null
  created_at: number
  updated_at: number
}

/** The id is its job's. */
export interface RetentionRunsTable {
  id: string
  /** What the API calls ExecutionId. */
  number: number
  namespace_id: string
  /** Null: by the rule of an account of the Personal edition. */
  rule_number: number | null
  /** JSON: what it began with. */
  items: string
  revision: number
  started_by: 'hand' | 'time'
  is_dry: number
  state: 'running' | 'succeeded' | 'failed' | 'stopped'
  /** The last repository that is done. */
  last_path: string
  repositories: number
  /** Repositories that no item covers. */
  untouched: number
  total: number
  retained: number
  /** Why it failed, stopped, or waits. */
  reason: string | null
  created_by: string
  created_at: number
  /** Ages of tags are counted back from here; null: not begun. */
  judged_at: number | null
  ended_at: number | null
}

/** What a run did in one repository. */
export interface RetentionTasksTable {
  run_id: string
  number: number
  repository_path: string
  state: 'running' | 'succeeded' | 'failed' | 'stopped'
  total: number
  retained: number
  started_at: number
  ended_at: number | null
}

/** Some hundred tags of a task with the same fate: deflated JSON. */
export interface RetentionFatesTable {
  run_id: string
  task_number: number
  fate: 'kept' | 'removed'
  position: number
  tag_count: number
  tags: Uint8Array
}
