import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { formatUploadRange, parseContentRange } from './content-range.ts'
import { formatEtag, matchesEtag } from './etag.ts'
import {
  maxQueryChars,
  maxQueryParameters,
  mediaTypeParameter,
  parseParameters,
  parseQuery,
} from './query.ts'

describe('parseContentRange', () => {
  const cases: readonly [string, [number, number] | undefined][] = [
    ['0-0', [0, 0]],
    ['0-1023', [0, 1023]],
    ['bytes 5-9/*', [5, 9]],
    ['bytes 5-9/100', [5, 9]],
    ['bytes=5-9', [5, 9]],
    [' 5-9 ', [5, 9]],
    ['0-9007199254740991', [0, 9007199254740991]],
    ['0-9007199254740993', undefined],
    ['0-99999999999999999', undefined],
    ['9-5', undefined],
    ['', undefined],
    ['-', undefined],
    ['0-', undefined],
    ['-5', undefined],
    ['a-b', undefined],
    ['0-1-2', undefined],
    ['bytes */100', undefined],
    ['0-1/', undefined],
  ]
  for (const [header, expected] of cases) {
    it(JSON.stringify(header), () => {
      const range = expected && { start: expected[0], end: expected[1] }
      assert.deepEqual(parseContentRange(header), range)
    })
  }
  it('is answered without a unit', () => {
    assert.equal(formatUploadRange(0), '0-0')
    assert.equal(formatUploadRange(1), '0-0')
    assert.equal(formatUploadRange(1024), '0-1023')
  })
})

describe('matchesEtag', () => {
  const etag = formatEtag('sha256:aa')
  const cases: readonly [string | undefined, boolean][] = [
    [undefined, false],
    ['', false],
    ['*', true],
    [etag, true],
    [`W/${etag}`, true],
    ['"sha256:bb"', false],
    [`"x", ${etag}`, true],
    [`"x",W/"y" , W/${etag}`, true],
    ['"a,b", "c"', false],
    [`"a, ${etag}`, false],
    ['sha256:aa', true],
    ['sha256:aab', false],
    ['"', false],
    ['W/', false],
    [', ,', false],
  ]
  for (const [header, expected] of cases) {
    it(String(header), () => assert.equal(matchesEtag(header, etag), expected))
  }
})

describe('parseQuery', () => {
  const refused = (text: string) =>
    assert.throws(
      () => parseParameters(text, maxQueryChars),
      (error) => error instanceof ApiError && error.code === 'PARAMETER_INVALID',
    )

  it('reads parameters, repeated ones too', () => {
    const query = parseQuery('/v2/a/b/manifests/x?tag=1&tag=2&ns=docker.io')
    assert.deepEqual(query.getAll('tag'), ['1', '2'])
    assert.equal(query.get('n'), null)
    assert.equal(parseQuery('/v2/').get('n'), null)
  })
  it('makes broken percent-encoding a character that no name has', () => {
    assert.equal(parseQuery('/?last=%ff').get('last'), '\ufffd')
    assert.equal(parseQuery('/?last=%').get('last'), '%')
  })
  it('holds to its limits, on both sides', () => {
    assert.equal(parseParameters('a'.repeat(maxQueryChars), maxQueryChars).size, 1)
    refused('a'.repeat(maxQueryChars + 1))
    assert.equal(parseParameters('&a'.repeat(maxQueryParameters - 1), 9999).size, 255)
    refused('&a'.repeat(maxQueryParameters))
  })
  it('gives a media type its plus back', () => {
    const expected = 'application/vnd.x+json'
    for (const text of ['application/vnd.x+json', 'application%2Fvnd.x%2Bjson']) {
      assert.equal(
        mediaTypeParameter(parseQuery(`/?artifactType=${text}`), 'artifactType'),
        expected,
      )
    }
    assert.equal(mediaTypeParameter(parseQuery('/?artifactType='), 'artifactType'), undefined)
  })
})
