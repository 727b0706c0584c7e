import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import {
  maxQueryChars,
  maxQueryParameters,
  mediaTypeParameter,
  parseParameters,
  parseQuery,
} from './query.ts'

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
