import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compilePattern, isAllPattern } from './pattern.ts'

describe('patterns', () => {
  const cases: readonly [pattern: string, yes: readonly string[], no: readonly string[]][] = [
    // The seven examples of the product's documents.
    ['**', ['a', 'a/b', 'a/b/c'], []],
    ['', ['a', 'a/b'], []],
    ['/path*', ['path', 'path1', 'pathway'], ['a-path', 'path/a', 'path1/b']],
    ['/{path1, path2}*', ['path1', 'path1-x', 'path2'], ['path3', 'path1/a', ' path2']],
    ['/{path1, path2}/**', ['path1/a', 'path2/a/b', 'path1'], ['path1x/a', 'path3/a']],
    ['/{path1, path2}*/**', ['path1', 'path1x', 'path1x/a', 'path2/a/b'], ['path3', 'a/path1']],
    ['1.?', ['1.0', '1.x'], ['1.', '1.10', '2.0', '1x0', '1./']],
    ['{env1*, env2*}', ['env1', 'env1-a', 'env2x'], ['env3', 'xenv1']],
    // The rule of the whole segment.
    ['path**', ['path', 'path1'], ['path/a']],
    ['/path/**', ['path', 'path/a', 'path/a/b'], ['path1', 'paths/a']],
    ['**/nginx', ['nginx', 'a/nginx', 'a/b/nginx'], ['nginx/a', 'my-nginx']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb', 'a/b/c']],
    ['**/**', ['a', 'a/b'], []],
    ['{**, a}', ['a', 'b/c'], []],
    ['x{**}', ['x', 'xy'], ['x/y']],
    // Everything else is literal.
    ['v1.0', ['v1.0'], ['v1x0', 'v1.0.1']],
    ['a+(b)|[c]', ['a+(b)|[c]'], ['ab', 'c']],
    ['{a', ['{a'], ['a']],
    ['a}', ['a}'], ['a']],
    ['{a,b', ['{a,b'], ['a', 'b']],
    ['{}', [''], ['a']],
    ['{a,{b,c}}d', ['ad', 'bd', 'cd'], ['d', 'abd']],
    ['a,b', ['a,b'], ['a', 'b']],
    ['latest', ['latest'], ['Latest', 'latest1']],
    ['*', ['a', 'v1.0', ''], ['a/b']],
    ['?', ['a'], ['', 'ab', '/']],
    ['*.*', ['a.b', '.'], ['ab', 'a/.b']],
  ]
  for (const [pattern, yes, no] of cases) {
    it(JSON.stringify(pattern), () => {
      const test = compilePattern(pattern)
      assert.deepEqual(yes.filter(test), yes)
      assert.deepEqual(no.filter(test), [])
    })
  }

  it('take no longer for being malicious', () => {
    const long = 'a'.repeat(255)
    for (const pattern of [
      '*a'.repeat(250),
      '{a,aa}'.repeat(85),
      '{*,**}'.repeat(85),
      '**/'.repeat(170),
    ]) {
      compilePattern(pattern)(`${long}b`)
    }
    assert.ok(compilePattern('{a,aa}'.repeat(85))('a'.repeat(100)))
    assert.ok(!compilePattern('{a,aa}'.repeat(85))('a'.repeat(84)))
  })

  it('name nothing when they are wildcards alone', () => {
    assert.deepEqual(['', '**', '*', '?*', '{*, **}', '/**'].filter(isAllPattern).length, 6)
    assert.deepEqual(['v*', '{*,a}', 'sha256-*'].filter(isAllPattern), [])
  })
})
