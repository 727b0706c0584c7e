import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { digestOf } from './digest.ts'
import { maxManifestBytes, maxManifestDepth, maxManifestRefs, parseManifest } from './manifest.ts'
import { ManifestProblem, type ManifestProblemCode } from './manifest-problem.ts'
import { dockerImage, ociConfig, ociImage, ociIndex } from './media-types.ts'

const digest = digestOf('sha256', Buffer.from('{}'))
const config = { mediaType: ociConfig, digest, size: 2 }
const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size: 2 }
const image = { schemaVersion: 2, mediaType: ociImage, config, layers: [layer] }
const index = { schemaVersion: 2, mediaType: ociIndex, manifests: [] }

function refusal(bytes: Uint8Array | string, contentType?: string): ManifestProblem {
  try {
    parseManifest(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, contentType)
  } catch (error) {
    assert.ok(error instanceof ManifestProblem, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'was accepted' })
}

describe('manifests are refused', () => {
  const schema1 = { schemaVersion: 1, name: 'a', tag: 'b', fsLayers: [], history: [] }
  const schema1Type = 'application/vnd.docker.distribution.manifest.v1+prettyjws'
  const cases: readonly [string, ManifestProblemCode, RegExp, unknown, string?][] = [
    ['schema 1 by its header', 'schema1', /skopeo copy --format v2s2/, schema1, schema1Type],
    ['schema 1 by its fields', 'schema1', /convert/, schema1, 'application/json'],
    [
      'another type',
      'media-type',
      /application\/json/,
      { ...image, mediaType: '' },
      'application/json',
    ],
    ['a type that is not served', 'media-type', /text\/html/, image, 'text/html'],
    ['two types', 'invalid', /differs from the Content-Type/, image, dockerImage],
    ['an own type that is none', 'media-type', /x\/y/, { ...image, mediaType: 'x/y' }],
    ['schemaVersion 3', 'invalid', /schemaVersion/, { ...image, schemaVersion: 3 }],
    ['image and index at once', 'invalid', /"manifests"/, { ...image, manifests: [] }],
    ['index and image at once', 'invalid', /"layers"/, { ...index, layers: [] }],
    ['no config', 'invalid', /config must be a descriptor/, { ...image, config: undefined }],
    ['no layers', 'invalid', /layers must be a list/, { ...image, layers: undefined }],
    ['no manifests', 'invalid', /manifests must be a list/, { ...index, manifests: undefined }],
    ['a list', 'invalid', /JSON object/, []],
    ['a NUL in a type', 'invalid', /U\+0000/, { ...image, artifactType: 'a\0b' }],
    ['a NUL in an annotation', 'invalid', /U\+0000/, { ...image, annotations: { a: '\0' } }],
    ['a NUL in an annotation key', 'invalid', /U\+0000/, { ...image, annotations: { '\0': '' } }],
    ['half a surrogate pair', 'invalid', /Unicode/, { ...image, annotations: { a: '\ud800' } }],
    [
      'an annotation of a number',
      'invalid',
      /must be a string/,
      { ...image, annotations: { a: 1 } },
    ],
    ['annotations in a list', 'invalid', /object of strings/, { ...image, annotations: ['a'] }],
    ['a long type', 'invalid', /at most 255/, { ...image, artifactType: 'a'.repeat(256) }],
    [
      'a subject without size',
      'invalid',
      /subject\.size/,
      { ...image, subject: { ...layer, size: null } },
    ],
  ]
  for (const [what, code, message, document, contentType] of cases) {
    it(what, () => {
      const problem = refusal(JSON.stringify(document), contentType)
      assert.equal(problem.code, code)
      assert.match(problem.message, message)
    })
  }

  const descriptors: readonly [string, RegExp, object][] = [
    ['a negative size', /layers\[1\]\.size/, { size: -1 }],
    ['half a byte', /layers\[1\]\.size/, { size: 0.5 }],
    ['a size above 2^53', /layers\[1\]\.size/, { size: 2 ** 53 }],
    ['a size as text', /layers\[1\]\.size/, { size: '2' }],
    ['sizes that overflow', /add up/, { size: 2 ** 53 - 1 }],
    ['no digest', /layers\[1\]\.digest/, { digest: undefined }],
    ['an unknown algorithm', /layers\[1\]\.digest/, { digest: `md5:${'a'.repeat(32)}` }],
    ['no media type', /layers\[1\]\.mediaType/, { mediaType: undefined }],
    ['data that is not base64', /data is not base64/, { data: 'e30' }],
    ['data of another digest', /data does not match/, { data: 'W10=' }],
    ['data of another size', /data does not match/, { data: 'e30=', size: 3 }],
    ['urls as text', /urls must be a list/, { urls: 'https://example.com' }],
    ['a platform as text', /platform must be an object/, { platform: 'linux/amd64' }],
    ['a long platform', /platform\.os must have/, { platform: { os: 'a'.repeat(129) } }],
  ]
  for (const [what, message, change] of descriptors) {
    it(`a descriptor with ${what}`, () => {
      const layers = [layer, { ...layer, ...change }]
      const problem = refusal(JSON.stringify({ ...image, layers }))
      assert.equal(problem.code, 'invalid')
      assert.match(problem.message, message)
    })
  }

  it('what is not JSON in UTF-8', () => {
    const text = JSON.stringify(image)
    const broken = ['', '{', 'null x', `\ufeff${text}`, text.slice(0, -1), `${text}{}`]
    for (const bytes of broken) assert.equal(refusal(bytes).code, 'invalid')
    assert.equal(refusal(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])).code, 'invalid')
  })
  it('a key twice, whatever its spelling', () => {
    const text = JSON.stringify(image)
    const twice = [
      `{"layers":[],${text.slice(1)}`,
      `{"l\\u0061yers":[],${text.slice(1)}`,
      text.replace('"size":2', '"size":2,"size":3'),
    ]
    for (const bytes of twice) assert.match(refusal(bytes).message, /same key twice/)
    parseManifest(Buffer.from(`{"a":"\\":\\\\","__proto__":{"b":1},${text.slice(1)}`), undefined)
  })
})

describe('both sides of each limit', () => {
  const text = JSON.stringify(image)

  it('bytes', () => {
    const padded = (length: number) => text + ' '.repeat(length - text.length)
    assert.equal(parseManifest(Buffer.from(padded(maxManifestBytes)), ociImage).refs.length, 2)
    assert.equal(refusal(padded(maxManifestBytes + 1)).code, 'too-large')
  })
  it('references', () => {
    const full = { ...image, layers: new Array(maxManifestRefs - 1).fill(layer) }
    assert.equal(parseManifest(Buffer.from(JSON.stringify(full)), ociImage).refs.length, 10_000)
    const over = { ...image, layers: new Array(maxManifestRefs).fill(layer) }
    assert.equal(refusal(JSON.stringify(over)).code, 'too-many-refs')
    const children = { ...index, manifests: new Array(maxManifestRefs + 1).fill(layer) }
    assert.equal(refusal(JSON.stringify(children)).code, 'too-many-refs')
  })
  it('depth', () => {
    const nested = (depth: number) =>
      text.replace('{', `{"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)},`)
    assert.equal(parseManifest(Buffer.from(nested(maxManifestDepth)), ociImage).kind, 'image')
    assert.equal(refusal(nested(maxManifestDepth + 1)).code, 'too-deep')
    assert.equal(refusal('['.repeat(maxManifestBytes)).code, 'too-deep')
  })
})
