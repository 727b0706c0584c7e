import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { digestOf, parseDigest } from '../../packages/oci/src/digest.ts'
import {
  maxManifestBytes,
  maxManifestRefs,
  type ParsedManifest,
  parseManifest,
} from '../../packages/oci/src/manifest.ts'
import { ManifestProblem } from '../../packages/oci/src/manifest-problem.ts'
import { dockerList, ociArtifact, ociImage, ociIndex } from '../../packages/oci/src/media-types.ts'
import { maxReferrersBytes, referrersPage } from '../../packages/oci/src/referrers.ts'
import { fuzzText, outcome, type Random, randomFrom, runs, seed, valueOr } from './generate.ts'

const digest = digestOf('sha256', Buffer.from('{}'))
const descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 2 }
const image = {
  schemaVersion: 2,
  mediaType: ociImage,
  config: { ...descriptor, data: 'e30=' },
  layers: [descriptor, { ...descriptor, urls: ['https://example.com/a'] }],
  subject: descriptor,
  annotations: { a: 'b' },
}
const platform = { os: 'linux', architecture: 'arm', variant: 'v7', 'os.version': '1' }
const index = { schemaVersion: 2, mediaType: ociIndex, manifests: [{ ...descriptor, platform }] }
const artifact = { mediaType: ociArtifact, artifactType: 'application/x', blobs: [descriptor] }
const documents: readonly [object, ...object[]] = [
  image,
  index,
  artifact,
  { ...index, mediaType: dockerList },
]

const isProblem = (error: unknown) => error instanceof ManifestProblem

function checkParsed(parsed: ParsedManifest): void {
  assert.ok(parsed.refs.length <= maxManifestRefs)
  assert.ok(Number.isSafeInteger(parsed.contentBytes))
  parsed.refs.forEach((ref, position) => {
    assert.equal(ref.position, position)
    assert.equal(parseDigest(ref.digest), ref.digest)
    assert.ok(Number.isSafeInteger(ref.sizeBytes) && ref.sizeBytes >= 0)
    assert.equal(ref.optional, ref.role === 'child' || ref.nonDistributable)
  })
  const kept = [parsed.mediaType, parsed.artifactType ?? '', JSON.stringify(parsed.annotations)]
  kept.push(...parsed.refs.flatMap((ref) => [ref.mediaType, ref.platform ?? '']))
  for (const text of kept) assert.ok(!text.includes('\0') && text.isWellFormed())
}

/** Puts a value of another kind anywhere into a copy of a document. */
function bendDocument(random: Random, document: object): unknown {
  const copy = structuredClone(document) as Record<string, unknown>
  let place: Record<string, unknown> = copy
  for (;;) {
    const keys = Object.keys(place)
    const key = keys[random.whole(keys.length)] ?? 'x'
    const inner = place[key]
    if (typeof inner === 'object' && inner !== null && random.whole(3) > 0) {
      place = inner as Record<string, unknown>
      continue
    }
    const odd = [null, -1, 0.5, 2 ** 53, '', 'a\0', '\ud800', [], {}, [null], true, 'x'.repeat(300)]
    if (random.whole(4) === 0) delete place[key]
    else place[key] = random.pick([digest, ...odd])
    return copy
  }
}

describe('manifests', () => {
  const texts = documents.map((document) => JSON.stringify(document))
  fuzzText('of bent text', [texts[0] ?? '', ...texts.slice(1)], (text, random) => {
    const contentType = random.pick([undefined, ociImage, ociIndex, `${ociImage};q=1`, 'text/html'])
    const parsed = valueOr(() => parseManifest(Buffer.from(text), contentType), isProblem)
    if (parsed !== undefined) checkParsed(parsed)
  })

  it(`of bent values (seed ${seed}, ${runs} inputs)`, () => {
    const random = randomFrom(seed)
    for (let run = 0; run < runs; run += 1) {
      const document = bendDocument(random, random.pick(documents))
      const text = JSON.stringify(document)
      const parsed = valueOr(() => parseManifest(Buffer.from(text), undefined), isProblem)
      if (parsed === undefined) continue
      checkParsed(parsed)
      // White space and the order of keys mean nothing.
      const spaced = JSON.stringify(reversed(document), null, 3)
      assert.deepEqual(parseManifest(Buffer.from(spaced), undefined), parsed, text)
    }
  })

  it(`of bent bytes (seed ${seed}, ${runs} inputs)`, () => {
    const random = randomFrom(seed)
    for (let run = 0; run < runs; run += 1) {
      const bytes = Buffer.from(JSON.stringify(random.pick(documents)))
      for (let left = random.whole(3); left >= 0; left -= 1) {
        bytes.writeUInt8(random.whole(256), random.whole(bytes.length))
      }
      const parsed = valueOr(() => parseManifest(bytes, undefined), isProblem)
      if (parsed !== undefined) checkParsed(parsed)
    }
  })

  it('of 4 MiB of anything are refused, not waited for', () => {
    const pieces = ['[', '{"a":', '"', '\\', '0', ' ', '[],', '{"a":1},', '"\\u0000",', '\xff']
    for (const piece of pieces) {
      for (const start of ['', '{"layers":[', '{"annotations":{"a":"']) {
        const filler = Buffer.alloc(maxManifestBytes - start.length, piece)
        const result = outcome(() =>
          parseManifest(Buffer.concat([Buffer.from(start), filler]), ociImage),
        )
        assert.ok('error' in result && isProblem(result.error), JSON.stringify(start + piece))
      }
    }
  })
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, reversed(inner)] as const)
      .reverse(),
  )
}

describe('referrers', () => {
  fuzzText('come back as they went in', ['a', 'ü', '"x"', 'application/x'], (text, random) => {
    const referrers = Array.from({ length: random.whole(5) }, () => ({
      mediaType: ociImage,
      digest,
      sizeBytes: random.whole(1_000_000),
      artifactType: text === '' ? undefined : text,
      annotations: { [text]: text },
    }))
    const limit = random.pick([1, 500, 2_000, maxReferrersBytes])
    const { body, count } = referrersPage(referrers, limit)
    const listed = JSON.parse(body).manifests
    assert.equal(listed.length, count)
    assert.ok(Buffer.byteLength(body) <= limit || count <= 1)
    const sizes = referrers.slice(0, count).map((referrer) => referrer.sizeBytes)
    assert.deepEqual(
      listed.map((entry: { size: number }) => entry.size),
      sizes,
    )
  })
})
