// Artifacts that are no plain images, by their type: lists of AI models and skills ask for few of many manifests.

import type { ColumnTypes } from '../migrate.ts'

export function artifactTypes(_types: ColumnTypes): string {
  return `
create index manifests_by_type on manifests (instance_id, artifact_type, repository_id)
  where artifact_type <> 'application/vnd.oci.image.config.v1+json'
    and artifact_type <> 'application/vnd.docker.container.image.v1+json'
`
}
