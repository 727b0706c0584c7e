import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { coverageOf, type RuleText } from './immutability.ts'

const all: RuleText = {
  repository: { pattern: '**', excludes: false },
  tag: { pattern: '**', excludes: false },
  isOn: true,
}
const signature = `sha256-${'a'.repeat(64)}.sig`

describe('a rule covers', () => {
  const cases: readonly [
    what: string,
    rule: Partial<RuleText>,
    repository: string,
    tag: string,
    is: boolean,
  ][] = [
    ['all tags', {}, 'a/b', 'v1', true],
    ['nothing while it is off', { isOn: false }, 'a', 'v1', false],
    ['all but latest', { tag: { pattern: 'latest', excludes: true } }, 'a', 'v1', true],
    ['all but latest', { tag: { pattern: 'latest', excludes: true } }, 'a', 'latest', false],
    ['some tags', { tag: { pattern: '1.?', excludes: false } }, 'a', '1.0', true],
    ['some tags', { tag: { pattern: '1.?', excludes: false } }, 'a', '2.0', false],
    [
      'some repositories',
      { repository: { pattern: '/front/**', excludes: false } },
      'front/a',
      'v1',
      true,
    ],
    [
      'some repositories',
      { repository: { pattern: '/front/**', excludes: false } },
      'back',
      'v1',
      false,
    ],
    [
      'other repositories',
      { repository: { pattern: 'test*', excludes: true } },
      'test1',
      'v1',
      false,
    ],
    [
      'other repositories',
      { repository: { pattern: 'test*', excludes: true } },
      'prod',
      'v1',
      true,
    ],
    ['no signature by "all tags"', {}, 'a', signature, false],
    [
      'no signature by "all but"',
      { tag: { pattern: 'latest', excludes: true } },
      'a',
      signature,
      false,
    ],
    [
      'a signature where the rule names it',
      { tag: { pattern: 'sha256-*', excludes: false } },
      'a',
      signature,
      true,
    ],
    ['a tag that only begins like a signature', {}, 'a', 'sha256-abc', true],
  ]
  for (const [what, rule, repository, tag, is] of cases) {
    it(`${what}: ${repository}:${tag.slice(0, 12)} ${is}`, () => {
      assert.equal(coverageOf({ ...all, ...rule })(repository, tag), is)
    })
  }
})
