import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { digestOf } from './digest.ts'
import { type ParsedManifest, parseManifest } from './manifest.ts'
import {
  dockerConfig,
  dockerImage,
  dockerList,
  helmConfig,
  ociArtifact,
  ociConfig,
  ociEmpty,
  ociImage,
  ociIndex,
} from './media-types.ts'

const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip'
const digest = (text: string) => digestOf('sha256', Buffer.from(text))
const descriptor = (mediaType: string, text: string, more: object = {}) => ({
  mediaType,
  digest: digest(text),
  size: text.length,
  ...more,
})
const config = descriptor(ociConfig, '{}')
const layer = descriptor(layerType, 'layer')

function parse(document: unknown, contentType: string | undefined = undefined): ParsedManifest {
  return parseManifest(Buffer.from(JSON.stringify(document)), contentType)
}

describe('an image manifest', () => {
  const image = { schemaVersion: 2, mediaType: ociImage, config, layers: [layer, layer] }

  it('names its config, then its layers', () => {
    const parsed = parse(image, ociImage)
    assert.equal(parsed.kind, 'image')
    assert.equal(parsed.mediaType, ociImage)
    assert.equal(parsed.artifactType, ociConfig)
    assert.equal(parsed.subject, undefined)
    assert.equal(parsed.contentBytes, 12)
    assert.deepEqual(
      parsed.refs.map(({ role, position, target, optional }) => [role, position, target, optional]),
      [
        ['config', 0, 'blob', false],
        ['layer', 1, 'blob', false],
        ['layer', 2, 'blob', false],
      ],
    )
  })
  it('takes its type from the header, parameters ignored, or from itself', () => {
    const { mediaType, ...untyped } = image
    assert.equal(parse(untyped, `${ociImage}; charset=utf-8`).mediaType, mediaType)
    assert.equal(parse(image).mediaType, ociImage)
    assert.equal(parse(untyped).mediaType, ociImage)
    assert.equal(parse({ ...image, mediaType: dockerImage }, dockerImage).mediaType, dockerImage)
  })
  it('may have no layers, as a list or as null', () => {
    assert.equal(parse({ ...image, layers: [] }).refs.length, 1)
    assert.equal(parse({ ...image, layers: null }).refs.length, 1)
  })
  it('need not have the layers that may not be pushed', () => {
    const layers = [
      descriptor('application/vnd.oci.image.layer.nondistributable.v1.tar+gzip', 'a'),
      descriptor('application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 'b', { urls: [] }),
      descriptor(layerType, 'c', { urls: ['https://example.com/c'] }),
      descriptor(layerType, 'd', { urls: [] }),
    ]
    const parsed = parse({ ...image, layers })
    const flags = parsed.refs.map((ref) => [ref.nonDistributable, ref.optional])
    assert.deepEqual(flags, [
      [false, false],
      [true, true],
      [true, true],
      [true, true],
      [false, false],
    ])
  })
  it('keeps unknown fields, config types and sha512 out of the way', () => {
    const sha512 = digestOf('sha512', Buffer.from('x'))
    const parsed = parse({
      ...image,
      config: { ...descriptor('text/x-odd; v=1', 'x'), digest: sha512 },
      layers: [{ ...layer, 'x.custom': { a: [1] } }],
      'x.custom': { deep: { er: true } },
    })
    assert.equal(parsed.artifactType, 'text/x-odd; v=1')
    assert.equal(parsed.refs[0]?.digest, sha512)
  })
  it('is an artifact by artifactType, else by its config (Helm)', () => {
    assert.equal(parse({ ...image, config: descriptor(helmConfig, '{}') }).artifactType, helmConfig)
    const empty = descriptor(ociEmpty, '{}', { data: 'e30=' })
    const artifact = { ...image, config: empty, artifactType: 'application/vnd.example.sbom' }
    assert.equal(parse(artifact).artifactType, 'application/vnd.example.sbom')
    assert.equal(parse({ ...artifact, artifactType: '' }).artifactType, ociEmpty)
  })
  it('keeps subject and annotations', () => {
    const parsed = parse({
      ...image,
      subject: descriptor(ociImage, 'subject', { annotations: {} }),
      annotations: { 'org.example': 'ja', __proto__x: '1' },
    })
    assert.deepEqual(parsed.subject, {
      mediaType: ociImage,
      digest: digest('subject'),
      sizeBytes: 7,
    })
    assert.deepEqual(parsed.annotations, { 'org.example': 'ja', __proto__x: '1' })
    assert.deepEqual(parse({ ...image, subject: null, annotations: null }).annotations, {})
  })
})

describe('an index', () => {
  const child = descriptor(ociImage, 'child', { platform: { os: 'linux', architecture: 'arm64' } })
  const index = { schemaVersion: 2, mediaType: ociIndex, manifests: [child] }

  it('names its children, which may be missing', () => {
    for (const type of [ociIndex, dockerList]) {
      const parsed = parse({ ...index, mediaType: type }, type)
      assert.equal(parsed.kind, 'index')
      assert.equal(parsed.artifactType, undefined)
      assert.deepEqual(parsed.refs[0], {
        role: 'child',
        position: 0,
        target: 'manifest',
        digest: child.digest,
        mediaType: ociImage,
        sizeBytes: 5,
        platform: 'linux/arm64',
        nonDistributable: false,
        optional: true,
      })
    }
  })
  it('may nest, be empty, have a type and a subject', () => {
    assert.equal(parse({ ...index, manifests: [descriptor(ociIndex, 'x')] }).refs.length, 1)
    assert.equal(parse({ ...index, manifests: null }).refs.length, 0)
    const subject = descriptor(ociImage, 'subject')
    const parsed = parse({ ...index, artifactType: 'application/x', subject })
    assert.equal(parsed.artifactType, 'application/x')
    assert.equal(parsed.subject?.digest, subject.digest)
  })
  it('may list layers (BuildKit before 0.21)', () => {
    const cacheType = 'application/vnd.buildkit.cacheconfig.v0'
    const parsed = parse({ ...index, manifests: [layer, descriptor(cacheType, '{}')] })
    assert.deepEqual(
      parsed.refs.map((ref) => ref.target),
      ['blob', 'blob'],
    )
  })
  it('is recognised without any type', () => {
    assert.equal(parse({ schemaVersion: 2, manifests: [] }).mediaType, ociIndex)
  })
})

describe('an artifact manifest', () => {
  it('has blobs and no config', () => {
    const document = { mediaType: ociArtifact, artifactType: 'application/x', blobs: [layer] }
    const parsed = parse(document, ociArtifact)
    assert.equal(parsed.artifactType, 'application/x')
    assert.deepEqual(
      parsed.refs.map((ref) => [ref.role, ref.position]),
      [['layer', 0]],
    )
    assert.equal(parse({ mediaType: ociArtifact, artifactType: 'application/x' }).refs.length, 0)
  })
  it('may come from Docker types too', () => {
    const image = { schemaVersion: 2, config: descriptor(dockerConfig, '{}'), layers: [] }
    assert.equal(parse(image, dockerImage).mediaType, dockerImage)
  })
})
