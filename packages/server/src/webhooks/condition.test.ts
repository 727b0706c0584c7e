import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileCondition } from './condition.ts'

describe('a condition', () => {
  const cases: readonly [condition: string, repository: string, tag: string, matches: boolean][] = [
    ['.*', 'a/b', 'v1', true],
    ['', 'a', 'v1', true],
    ['nginx', 'team/nginx', 'v1', true],
    ['^nginx:v\\d+$', 'nginx', 'v12', true],
    ['^nginx:v\\d+$', 'team/nginx', 'v12', false],
    ['^nginx:v\\d+$', 'nginx', 'v1-rc', false],
    ['^[^/]*:.*$', 'a/b', 'v1', false],
    ['^a:$', 'a', '', true],
  ]
  for (const [condition, repository, tag, matches] of cases) {
    it(`${condition} on ${repository}:${tag}: ${matches}`, () => {
      assert.equal(compileCondition(condition)(repository, tag), matches)
    })
  }

  const refused: readonly [condition: string, message: RegExp][] = [
    ['ab(c', /missing closing \) at character 1: ab\(c/],
    ['v[z-a]', /invalid character class range at character 3: z-a/],
    ['ab(?=c)', /invalid or unsupported Perl syntax at character 3: \(\?=/],
    ['(a)\\1', /invalid escape sequence at character 4/],
    ['a{1000}', /too large/],
    ['(a{32}){31}'.repeat(4), /too large/],
    ['[\\pL\\pN]'.repeat(12).concat('(x{10}){60}'), /too large/],
  ]
  for (const [condition, message] of refused) {
    it(`refuses ${condition.slice(0, 20)}`, () => {
      assert.throws(() => compileCondition(condition, 'Trigger.Condition'), message)
    })
  }

  it('takes time by what it reads, however it is made', () => {
    const started = process.cpuUsage().user
    for (const condition of ['(a*)*b', '(a|aa)+$', '(x+x+)+y', '(.*a){40}', '(.{14}){14}']) {
      const matches = compileCondition(condition)
      for (let n = 0; n < 20; n += 1) matches('a'.repeat(255), `${'x'.repeat(120)}${n}`)
    }
    // Where an engine that goes back would take longer than there is time.
    assert.ok(process.cpuUsage().user - started < 5_000_000)
  })
})
