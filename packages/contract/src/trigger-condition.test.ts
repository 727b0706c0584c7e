import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compilePattern } from './pattern.ts'
import { conditionOf, patternsOf } from './trigger-condition.ts'

describe('a condition', () => {
  const made: readonly [repository: string, tag: string, condition: string][] = [
    ['', '', '.*'],
    ['**', ' ', '.*'],
    ['nginx', '', '^nginx:.*$'],
    ['', 'v1.0', '^.*:v1\\.0$'],
    ['team/*', 'v*', '^team/[^/]*:v[^/]*$'],
    ['team/**', '?', '^team(?:|/.*):[^/]$'],
    ['**/api', 'latest', '^(?:|.*/)api:latest$'],
    ['{web, api}', 'v{1,2}.?', '^(?:web|api):v(?:1|2)\\.[^/]$'],
    ['a/**/b', '', '^a/(?:|.*/)b:.*$'],
    ['/path**', '', '^path[^/]*:.*$'],
  ]
  for (const [repository, tag, condition] of made) {
    it(`of "${repository}" and "${tag}" is ${condition}`, () => {
      assert.equal(conditionOf({ repository, tag }), condition)
      const found = patternsOf(condition)
      assert(found)
      assert.equal(conditionOf(found), condition)
    })
  }

  const others = [
    '',
    '^',
    'nginx:v1',
    '^nginx:v1',
    '^(a|b):.*$',
    '^a+:.*$',
    '^[ab]:.*$',
    '^a:(?:b$',
  ]
  for (const condition of [
    ...others,
    '^a\\d:.*$',
    '^.:.*$',
    '^a:b$|c',
    '^a,b:c$',
    '\\',
    '^a:b\\',
  ]) {
    it(`that no patterns make has none: ${condition}`, () => {
      assert.equal(patternsOf(condition), undefined)
    })
  }

  it('matches what its patterns match', () => {
    const pieces = ['a', 'b', '/', '*', '**', '?', '{a,b}', '{a/**,b}', '.', '**/', '-']
    const names = ['a', 'b', 'ab', 'a/b', 'b/a', 'a/b/a', 'a.b', 'a-b', 'aa/bb/ab', '.', 'ba']
    let state = 7
    const next = (below: number) => {
      state = (state * 1103515245 + 12345) % 2 ** 31
      return Math.floor(state / 65536) % below
    }
    for (let round = 0; round < 2000; round += 1) {
      const repository = Array.from(
        { length: 1 + next(5) },
        () => pieces[next(pieces.length)],
      ).join('')
      const condition = conditionOf({ repository, tag: '' })
      const expression = new RegExp(condition)
      const matches = compilePattern(repository)
      for (const name of names) {
        assert.equal(expression.test(`${name}:v1`), matches(name), `${repository} on ${name}`)
      }
      const found = patternsOf(condition)
      if (found) assert.equal(conditionOf(found), condition)
    }
  })
})
