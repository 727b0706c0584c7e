// The table of the recycle bin as TypeScript sees it.

/** What was deleted together and can come back together; tags, manifests and repositories carry its id. */
export interface DeletionsTable {
  id: string
  instance_id: string
  namespace_id: string
  repository_id: string
  /** Of the repository, as it was called. */
  path: string
  kind: 'tag' | 'manifest' | 'repository'
  /** The tag, the digest, or the path. */
  name: string
  /** Of a tag: what it named; of a manifest: its own; null of a repository. */
  digest: string | null
  /** Null: not counted yet, as of a repository that was deleted just now. */
  tag_count: number | null
  manifest_count: number | null
  /** Compressed bytes; of a repository each blob once. */
  size_bytes: number | null
  deleted_at: number
  deleted_by: string
  cause: string
}
