import assert from 'node:assert/strict'
import { describe } from 'node:test'
import {
  digestAlgorithm,
  digestFromHex,
  digestHex,
  parseDigest,
} from '../../packages/oci/src/digest.ts'
import { parseContentType } from '../../packages/oci/src/media-types.ts'
import {
  parseHandMadeName,
  parseNamespaceName,
  parseReference,
  parseRepositoryPath,
  parseTag,
} from '../../packages/oci/src/reference.ts'
import { fuzzLength, fuzzText } from './generate.ts'

// As the distribution specification prints them ("Pulling manifests"), so not our own patterns again.
const specifiedName = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/
const specifiedTag = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/
// image-spec, descriptor.md, "Digests".
const specifiedDigest = /^[a-z0-9]+([+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/

const sha256 = `sha256:${'0123456789abcdef'.repeat(4)}`
const sha512 = `sha512:${'0123456789abcdef'.repeat(8)}`

describe('names', () => {
  fuzzText('repository paths', ['demo/nginx', 'a/b/c', 'team/front__end/x--y.z', 'a'], (text) => {
    const parsed = parseRepositoryPath(text)
    assert.equal(parsed !== undefined, text.length <= 255 && specifiedName.test(text))
    if (parsed === undefined) return
    const { path, namespace, name } = parsed
    assert.equal(path, text)
    assert.equal(namespace === undefined ? name : `${namespace}/${name}`, text)
  })
  fuzzText(
    'names made by hand are paths that a push may use too',
    ['nginx', 'a.b/c-d_e'],
    (text) => {
      for (const name of [parseHandMadeName(text), parseNamespaceName(text)]) {
        if (name === undefined) continue
        assert.equal(name, text)
        assert.ok(parseRepositoryPath(name))
      }
    },
  )
  fuzzText('tags', ['latest', '1.10.2-rc.1', '_a', 'sha256-abc.sig'], (text) => {
    assert.equal(parseTag(text) !== undefined, specifiedTag.test(text))
  })
  fuzzText('digests', [sha256, sha512], (text) => {
    const digest = parseDigest(text)
    if (digest === undefined) return
    assert.match(digest, specifiedDigest)
    assert.equal(digestFromHex(digestAlgorithm(digest), digestHex(digest)), text)
  })
  fuzzText('references are tags or digests, never both', ['latest', sha256, sha512], (text) => {
    const reference = parseReference(text)
    assert.equal(reference?.kind === 'tag', parseTag(text) !== undefined)
    assert.equal(reference?.kind === 'digest', parseDigest(text) !== undefined)
  })
  const types = [
    'application/json',
    'application/vnd.oci.image.index.v1+json; charset=utf-8',
  ] as const
  fuzzText('content types', [...types], (text) => {
    const type = parseContentType(text)
    if (type === undefined) return
    assert.match(type, /^application\/[a-z0-9.+-]{1,240}$/)
    assert.equal(parseContentType(type), type)
  })

  const pieces = ['a', '-', '_', 'a-', 'a__', 'a/', '.', 'sha256:', ' ']
  fuzzLength('a repository path', pieces, parseRepositoryPath)
  fuzzLength('a tag', pieces, parseTag)
  fuzzLength('a digest', pieces, parseDigest)
  fuzzLength('a name made by hand', pieces, parseHandMadeName)
  fuzzLength('a content type', pieces, parseContentType)
})
