import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseManifest } from '@entrepot/oci/manifest.ts'
import {
  dockerConfig,
  dockerImage,
  helmConfig,
  ociConfig,
  ociEmpty,
  ociImage,
  ociIndex,
} from '@entrepot/oci/media-types.ts'
import { artifactKind } from './artifact-kind.ts'

const digest = `sha256:${'0'.repeat(64)}`

function kindOf(document: object) {
  return artifactKind(
    parseManifest(Buffer.from(JSON.stringify({ schemaVersion: 2, ...document })), undefined),
  )
}

function imageWith(configType: string, more: object = {}) {
  const config = { mediaType: configType, digest, size: 2 }
  return { mediaType: ociImage, config, layers: [], ...more }
}

describe('the kind of an artifact', () => {
  const cases: [document: object, kind: string][] = [
    [imageWith(ociConfig), 'Image'],
    [{ ...imageWith(dockerConfig), mediaType: dockerImage }, 'Image'],
    [imageWith(helmConfig), 'Chart'],
    [imageWith(ociEmpty, { artifactType: 'application/vnd.example+json' }), 'Artifact'],
    [imageWith(ociConfig, { artifactType: 'application/vnd.example+json' }), 'Artifact'],
    [imageWith('application/vnd.cnab.config.v1+json'), 'Cnab'],
    [{ mediaType: ociIndex, manifests: [] }, 'Index'],
    [
      { mediaType: ociIndex, manifests: [], annotations: { 'io.cnab.runtime_version': '1' } },
      'Cnab',
    ],
  ]
  for (const [document, kind] of cases) {
    it(`${JSON.stringify(document).slice(0, 90)} is ${kind}`, () => {
      assert.equal(kindOf(document), kind)
    })
  }
})
