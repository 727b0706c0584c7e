// Every media type that clients push, kept as it came: OCI, Docker, Helm, BuildKit, cosign, and unknown ones.
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import * as made from './content.ts'
import * as manifests from './manifests.ts'
import * as media from './media-types.ts'
import { expectErrorBody, expectStatus } from './reply-checks.ts'
import { conforms, openTarget } from './target.ts'
import { pushBlob } from './uploads.ts'

const registry = await openTarget()
const repository = registry.freshRepository()

interface Parts {
  readonly config: made.Content
  readonly layers: readonly made.Content[]
  readonly fields?: Partial<made.ManifestFields>
}

async function pushParts(reference: string, parts: Parts): Promise<made.Content> {
  for (const item of [parts.config, ...parts.layers]) await pushBlob(registry, repository, item)
  const item = made.manifest({
    schemaVersion: 2,
    mediaType: media.ociManifest,
    config: made.describe(parts.config),
    layers: parts.layers.map((layer) => made.describe(layer)),
    ...parts.fields,
  })
  await expectKept(item, reference)
  return item
}

async function expectKept(item: made.Content, reference: string): Promise<void> {
  const reply = await manifests.putManifest(registry, repository, item, { reference })
  await manifests.expectManifestCreated(registry, reply, item)
  for (const method of ['GET', 'HEAD'] as const) {
    const pulled = await manifests.getManifest(registry, repository, reference, method)
    manifests.expectManifestHeaders(registry, pulled, item)
  }
}

function dockerParts(): Parts {
  const layers = [made.layer(media.dockerLayer)]
  const config = made.config(layers, 'sha256', { mediaType: media.dockerConfig })
  return { config, layers, fields: { mediaType: media.dockerManifest } }
}

describe('Docker', () => {
  conforms(registry, 'schema 2', ['docker-media-types'], async () => {
    await pushParts('docker', dockerParts())
  })

  conforms(registry, 'manifest list', ['docker-media-types'], async () => {
    const children = ['amd64', 'arm64'].map(async (architecture) => {
      const child = await pushParts(`docker-${architecture}`, dockerParts())
      return made.describe(child, { platform: { os: 'linux', architecture } })
    })
    const fields = { mediaType: media.dockerList }
    await expectKept(made.index(await Promise.all(children), fields), 'docker-list')
  })

  conforms(registry, 'foreign layers are not asked for', ['docker-media-types'], async () => {
    const parts = dockerParts()
    for (const item of [parts.config, ...parts.layers]) await pushBlob(registry, repository, item)
    const digest = made.missingDigest()
    const urls = [`https://store.example.com/${digest}`]
    const foreign = { mediaType: media.dockerForeignLayer, digest, size: 99, urls }
    const item = made.manifest({
      schemaVersion: 2,
      mediaType: media.dockerManifest,
      config: made.describe(parts.config),
      layers: [foreign, ...parts.layers.map((layer) => made.describe(layer))],
    })
    await expectKept(item, 'docker-foreign')
  })

  for (const mediaType of [media.dockerSchema1, media.dockerSignedSchema1, 'application/json']) {
    conforms(
      registry,
      `schema 1 as ${mediaType} is refused with advice`,
      ['entrepot'],
      async () => {
        const fields = { schemaVersion: 1, name: repository, tag: 'old', fsLayers: [], history: [] }
        const item = made.content(JSON.stringify(fields), mediaType)
        const reply = await manifests.putManifest(registry, repository, item, { reference: 'old' })
        expectStatus(reply, 400, 415)
        const errors = expectErrorBody(reply)
        assert.match(errors.map((error) => error.message).join(' '), /schema 1|schema1/i)
        assert.match(errors.map((error) => error.message).join(' '), /convert|skopeo|docker|push/i)
      },
    )
  }
})

describe('OCI', () => {
  for (const type of [media.ociLayer, media.ociLayerGzip, media.ociLayerZstd]) {
    conforms(registry, `layers of ${type}`, [], async () => {
      const layers = [made.layer(type)]
      await pushParts('oci', { config: made.config(layers), layers })
    })
  }

  conforms(
    registry,
    'an index of Docker manifests, and the reverse',
    ['docker-media-types'],
    async () => {
      const docker = await pushParts('mixed-docker', dockerParts())
      const layers = [made.layer()]
      const oci = await pushParts('mixed-oci', { config: made.config(layers), layers })
      const children = [docker, oci].map((item) => made.describe(item))
      await expectKept(made.index(children), 'mixed-index')
      await expectKept(made.index(children, { mediaType: media.dockerList }), 'mixed-list')
    },
  )

  conforms(registry, 'a config type that nobody knows', [], async () => {
    const config = made.content('{"any":"thing"}', 'application/vnd.example.unknown.config+json')
    const layers = [made.content('payload', 'application/vnd.example.unknown.layer')]
    await pushParts('unknown', { config, layers })
  })

  conforms(registry, 'a config that is no JSON', [], async () => {
    const config = made.content(Buffer.from([0, 1, 2, 255]), 'application/vnd.wasm.config.v0+json')
    await pushParts('wasm', { config, layers: [made.content('wasm', 'application/wasm')] })
  })

  conforms(registry, 'a layer type with capitals', [], async () => {
    const layers = [made.content('text', 'application/vnd.Example.Layer.V1')]
    await pushParts('odd-layer', { config: made.emptyJson(), layers })
  })
})

describe('Helm (helm pkg/registry/client.go)', () => {
  conforms(
    registry,
    'chart and provenance, with + in the version as _ in the tag',
    [],
    async () => {
      const config = made.content(
        '{"name":"web","version":"1.2.3+build.5","apiVersion":"v2"}',
        'application/vnd.cncf.helm.config.v1+json',
      )
      const layers = [
        made.content('chart', 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'),
        made.content('signature', 'application/vnd.cncf.helm.chart.provenance.v1.prov'),
      ]
      await pushParts('1.2.3_build.5', { config, layers })
    },
  )
})

describe('BuildKit cache (buildkit README, "Export cache")', () => {
  const cacheConfig = 'application/vnd.buildkit.cacheconfig.v0'

  conforms(registry, 'before 0.21: an index whose children are layers', [], async () => {
    const layers = [made.layer(), made.layer()]
    const config = made.content('{"layers":[],"records":[]}', cacheConfig)
    for (const item of [...layers, config]) await pushBlob(registry, repository, item)
    const children = [...layers, config].map((item) => made.describe(item))
    await expectKept(made.index(children), 'buildcache-index')
  })

  conforms(registry, 'since 0.21: an image manifest with a cache config', [], async () => {
    const config = made.content('{"layers":[],"records":[]}', cacheConfig)
    await pushParts('buildcache', { config, layers: [made.layer()] })
  })
})

describe('cosign (pkg/oci/remote/write.go)', () => {
  conforms(registry, 'signature tags are overwritten with each signature', [], async () => {
    const subject = made.image()
    await manifests.pushImage(registry, repository, subject)
    const tag = `${subject.manifest.digest.replace(':', '-')}.sig`
    const signatures: made.Content[] = []
    for (const text of ['first', 'second']) {
      signatures.push(made.content(text, 'application/vnd.dev.cosign.simplesigning.v1+json'))
      const config = made.config(signatures)
      await pushParts(tag, { config, layers: signatures })
    }
  })

  for (const suffix of ['att', 'sbom']) {
    conforms(registry, `tag sha256-….${suffix}`, [], async () => {
      const tag = `${made.missingDigest().replace(':', '-')}.${suffix}`
      const layers = [made.content('{}', 'application/vnd.dsse.envelope.v1+json')]
      await pushParts(tag, { config: made.config(layers), layers })
    })
  }

  conforms(registry, 'a bundle as a referrer', [], async () => {
    const subject = made.image()
    await manifests.pushImage(registry, repository, subject)
    const type = 'application/vnd.dev.sigstore.bundle.v0.3+json'
    const bundle = made.artifact(type, { subject: made.describe(subject.manifest) })
    for (const item of bundle.blobs) await pushBlob(registry, repository, item)
    const reply = await manifests.putManifest(registry, repository, bundle.manifest)
    await manifests.expectManifestCreated(registry, reply, bundle.manifest)
  })
})
