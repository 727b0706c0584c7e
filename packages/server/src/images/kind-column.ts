// `artifactKind` for SQL, from a manifest `m` and its config `c`. An index is one here, whatever its annotations say:
// they stand in its bytes.

import {
  cnabConfig,
  dockerConfig,
  dockerList,
  helmConfig,
  ociConfig,
  ociIndex,
} from '@entrepot/oci/media-types.ts'
import { sql } from 'kysely'
import type { Queryable } from '../db/database.ts'
import type { ArtifactKind } from './artifact-kind.ts'

export const kindColumn = sql<ArtifactKind>`case
  when m.media_type in (${ociIndex}, ${dockerList}) then 'Index'
  when c.media_type = ${helmConfig} then 'Chart'
  when c.media_type = ${cnabConfig} then 'Cnab'
  when c.media_type in (${ociConfig}, ${dockerConfig})
    and coalesce(m.artifact_type, c.media_type) = c.media_type then 'Image'
  else 'Artifact' end`

/** Manifests `m`, each with its config `c` where it has one. */
export function selectManifests(db: Queryable) {
  return db
    .selectFrom('manifests as m')
    .leftJoin('manifest_refs as c', (join) =>
      join.onRef('c.manifest_id', '=', 'm.id').on('c.position', '=', 0).on('c.role', '=', 'config'),
    )
}
