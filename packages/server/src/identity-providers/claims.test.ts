import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allHold, type ClaimCondition, matchesLike } from './claims.ts'

const claims = {
  sub: 'repo:team/app:ref:refs/heads/main',
  groups: ['staff', 'ops', 7],
  count: 3,
  email_verified: true,
  realm: { roles: ['admin'], name: 'inner' },
  'https://example.com/team': 'red',
}

function is(claim: string, operator: ClaimCondition['operator'], ...values: string[]) {
  return { claim, operator, values }
}

describe('conditions on claims', () => {
  const cases: readonly (readonly [ClaimCondition, boolean])[] = [
    [is('sub', 'equal', 'x', claims.sub), true],
    [is('sub', 'equal', 'repo:team/app'), false],
    [is('sub', 'like', 'repo:team/*:ref:refs/heads/main'), true],
    [is('sub', 'like', 'repo:other/*'), false],
    [is('groups', 'contains', 'ops'), true],
    [is('groups', 'contains', '7'), true],
    [is('groups', 'contains', 'op'), false],
    [is('groups', 'equal', 'ops'), false],
    [is('groups', 'like', '*'), false],
    [is('sub', 'contains', claims.sub), false],
    [is('count', 'equal', '3'), true],
    [is('email_verified', 'equal', 'true'), true],
    [is('realm.roles', 'contains', 'admin'), true],
    [is('realm.name', 'equal', 'inner'), true],
    [is('realm.name.length', 'equal', '5'), false],
    [is('https://example.com/team', 'equal', 'red'), true],
    [is('none', 'like', '*'), false],
    [is('constructor.name', 'equal', 'Object'), false],
  ]
  for (const [condition, expected] of cases) {
    const { claim, operator, values } = condition
    it(`${claim} ${operator} ${values.join(' or ')}: ${expected}`, () => {
      assert.equal(allHold([condition], claims), expected)
    })
  }

  it('all must hold', () => {
    const holds = is('count', 'equal', '3')
    assert.equal(allHold([holds, holds], claims), true)
    assert.equal(allHold([holds, is('count', 'equal', '4')], claims), false)
  })
})

describe('patterns', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['?', '', false],
    ['a?c', 'abc', true],
    ['a*c', 'ac', true],
    ['a*c', 'abcbc', true],
    ['a*c', 'abcb', false],
    ['*.example.com', 'a.b.example.com', true],
    ['a.c', 'abc', false],
    ['**a', 'aaa', true],
  ]
  for (const [pattern, text, expected] of cases) {
    it(`${pattern} and ${text}: ${expected}`, () => {
      assert.equal(matchesLike(pattern, text), expected)
    })
  }

  it('that are made to be slow are not', () => {
    assert.equal(matchesLike(`${'*a'.repeat(250)}b`, 'a'.repeat(10_000)), false)
  })
})
