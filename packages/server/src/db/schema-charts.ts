// The tables of Helm charts.

import type { Generated } from 'kysely'

/** What a manifest of a chart says of itself; it lies beside the manifest's bytes and goes with them. */
export interface ChartsTable {
  instance_id: string
  /** Of the manifest. */
  digest: string
  /** `waiting`: its config is yet to be read; `unfit`: it says nothing that helm could use, and `problem` says why. */
  state: 'waiting' | 'read' | 'unfit'
  problem: string | null
  name: string | null
  version: string | null
  /** As a tag spells the version. */
  tag: string | null
  /** Ascends by byte as versions do. */
  version_order: string | null
  is_prerelease: Generated<number>
  app_version: string | null
  description: string | null
  icon: string | null
  type: 'application' | 'library' | null
  is_deprecated: Generated<number>
  package_digest: string | null
  package_bytes: Generated<number>
  provenance_digest: string | null
  /** `<name>-<version>.tgz`. */
  file_name: string | null
  /** JSON: the version's entry of an index. */
  entry: string | null
  created_at: number
}

/** A public key by which a namespace's provenance files are verified. */
export interface ChartKeysTable {
  namespace_id: string
  fingerprint: string
  /** JSON: ids of the key and its subkeys. */
  key_ids: string
  /** JSON. */
  user_ids: string
  armored: string
  created_at: number
  created_by: string
}
