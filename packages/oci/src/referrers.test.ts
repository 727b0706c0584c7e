import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { digestOf } from './digest.ts'
import { ociImage, ociIndex } from './media-types.ts'
import { type Referrer, referrersPage, referrersTag } from './referrers.ts'

const digest = digestOf('sha256', Buffer.from('x'))
const referrer: Referrer = {
  mediaType: ociImage,
  digest,
  sizeBytes: 5,
  artifactType: 'application/vnd.example.sbom',
  annotations: { created: 'ü' },
}

describe('referrersPage', () => {
  it('is an empty index without referrers', () => {
    const { body, count } = referrersPage([])
    assert.deepEqual(JSON.parse(body), { schemaVersion: 2, mediaType: ociIndex, manifests: [] })
    assert.equal(count, 0)
  })
  it('lists descriptors, and leaves out what an index without a type lacks', () => {
    const untyped = { ...referrer, mediaType: ociIndex, artifactType: undefined, annotations: {} }
    const { body, count } = referrersPage([referrer, untyped])
    assert.equal(count, 2)
    assert.deepEqual(JSON.parse(body).manifests, [
      {
        mediaType: ociImage,
        digest,
        size: 5,
        artifactType: 'application/vnd.example.sbom',
        annotations: { created: 'ü' },
      },
      { mediaType: ociIndex, digest, size: 5 },
    ])
  })
  it('stops before the limit, but never returns nothing', () => {
    const two = referrersPage([referrer, referrer])
    const fits = Buffer.byteLength(two.body) + 1
    assert.equal(referrersPage([referrer, referrer, referrer], fits).count, 2)
    assert.equal(referrersPage([referrer, referrer, referrer], fits - 1).count, 1)
    assert.equal(referrersPage([referrer, referrer], 1).count, 1)
  })
})

describe('referrersTag', () => {
  it('replaces the colon and cuts after 64 digits', () => {
    assert.equal(referrersTag(digest), digest.replace(':', '-'))
    const sha512 = digestOf('sha512', Buffer.from('x'))
    assert.equal(referrersTag(sha512), sha512.replace(':', '-').slice(0, 'sha512-'.length + 64))
  })
})
