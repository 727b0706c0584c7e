import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatEtag, matchesEtag } from './etag.ts'

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
