import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Context } from './conditions.ts'
import { evaluate } from './evaluate.ts'
import type { Resource } from './resources.ts'
import { context, member, onResource, owner, policy } from './test-requests.ts'

const action = 'tcr:PullRepository'
const path = 'repository/tcr-a/team/app'

interface Asked {
  readonly context?: Partial<Context>
  readonly resource?: Partial<Resource>
}

/** What one statement with this effect and condition does, beside one that allows everything. */
function effectUnder(effect: 'allow' | 'deny', condition: unknown, asked: Asked = {}) {
  const statement = { effect, action: '*', resource: '*', condition }
  const beside = { effect: 'allow', action: '*', resource: '*' }
  const identity = [policy(effect === 'allow' ? [statement] : [statement, beside])]
  return evaluate(
    { identity },
    {
      action,
      resources: [onResource(path, asked.resource)],
      context: { ...context, ...asked.context },
    },
  ).effect
}

const holds = (condition: unknown, asked?: Asked) =>
  effectUnder('allow', condition, asked) === 'allow'

function tags(...texts: string[]) {
  return texts.map((text) => {
    const [key = '', value = ''] = text.split('&')
    return { key, value }
  })
}
const tagged = (...texts: string[]): Asked => ({ resource: { tags: tags(...texts) } })
const keyed = (key: string, ...values: string[]): Asked => ({
  context: { keys: new Map([[key, values]]) },
})

describe('operators', () => {
  const key = 'test:key'
  const table: [operator: string, value: unknown, ofRequest: string, isTrue: boolean][] = [
    ['string_equal', 'a', 'a', true],
    ['string_equal', ['x', 'a'], 'a', true],
    ['string_equal', 'a', 'A', false],
    ['string_equal', 'a*', 'ab', false],
    ['string_not_equal', 'a', 'b', true],
    ['string_not_equal', ['x', 'a'], 'a', false],
    ['string_equal_ignore_case', 'ab', 'AB', true],
    ['string_not_equal_ignore_case', 'ab', 'AB', false],
    ['string_like', 'a*c', 'abbc', true],
    ['string_like', 'a*c', 'abbcd', false],
    ['string_like', '*b*', 'abc', true],
    ['string_not_like', 'a*', 'abc', false],
    ['numeric_equal', 10, '10.0', true],
    ['numeric_equal', '10', '11', false],
    ['numeric_equal', '10', 'ten', false],
    ['numeric_not_equal', 10, '11', true],
    ['numeric_less_than', 10, '9.5', true],
    ['numeric_less_than', 10, '10', false],
    ['numeric_less_than_equal', 10, '10', true],
    ['numeric_greater_than', -1, '0', true],
    ['numeric_greater_than', 0, '0', false],
    ['numeric_greater_than_equal', 0, '0', true],
    ['date_equal', '2026-01-01T00:00:00Z', '2026-01-01T08:00:00+08:00', true],
    ['date_not_equal', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', true],
    ['date_less_than', '2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z', true],
    ['date_less_than', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', false],
    ['date_less_than_equal', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['date_greater_than', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', false],
    ['date_greater_than_equal', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['bool_equal', true, 'true', true],
    ['bool_equal', 'false', 'true', false],
    ['binary_equal', 'YWJj', 'YWJj', true],
    ['binary_equal', 'YWJj', 'YWJk', false],
    ['ip_equal', '10.0.0.0/8', '10.255.0.1', true],
    ['ip_equal', '10.0.0.0/8', '11.0.0.1', false],
    ['ip_equal', '10.1.2.3', '10.1.2.3', true],
    ['ip_equal', '10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['ip_equal', '2001:db8::/32', '2001:db8:1::1', true],
    ['ip_equal', '2001:db8::/32', '2001:db9::1', false],
    ['ip_equal', ['192.0.2.0/24', 'fd00::/8'], 'fd12::1', true],
    ['ip_equal', '0.0.0.0/0', '2001:db8::1', false],
    ['ip_not_equal', '10.0.0.0/8', '10.0.0.1', false],
    ['ip_not_equal', '10.0.0.0/8', '2001:db8::1', true],
    ['null_equal', true, 'a', false],
    ['null_equal', 'false', 'a', true],
  ]
  for (const [operator, value, ofRequest, isTrue] of table) {
    it(`${operator} ${JSON.stringify(value)}: ${ofRequest} is ${isTrue}`, () => {
      assert.equal(holds({ [operator]: { [key]: value } }, keyed(key, ofRequest)), isTrue)
    })
  }

  it('and keys must all hold', () => {
    const both = {
      string_equal: { [key]: 'a', 'test:other': 'b' },
      null_equal: { 'test:no': true },
    }
    assert.equal(holds(both, keyed(key, 'a')), false)
    const keys = new Map([
      [key, ['a']],
      ['test:other', ['b']],
    ])
    assert.equal(holds(both, { context: { keys } }), true)
    assert.equal(holds({}), true)
  })
})

describe('keys that a request does not have', () => {
  const rows: [operator: string, value: string, allows: boolean, denies: boolean][] = [
    ['string_equal', 'a', false, false],
    ['string_equal_if_exist', 'a', true, true],
    // What can't be shown to be the exception is refused.
    ['string_not_equal', 'a', false, true],
    ['string_not_equal_if_exist', 'a', true, true],
    ['for_any_value:string_equal', 'a', false, false],
    ['for_all_value:string_equal', 'a', false, false],
    ['for_all_value:string_equal_if_exist', 'a', true, true],
    ['for_any_value:string_not_equal', 'a', false, true],
    ['numeric_less_than', '1', false, false],
    ['ip_not_equal', '10.0.0.0/8', false, true],
    ['bool_equal', 'true', false, false],
    ['null_equal', 'true', true, true],
    ['null_equal', 'false', false, false],
  ]
  for (const [operator, value, allows, denies] of rows) {
    it(`${operator}: ${allows ? 'allow' : 'do not allow'}, ${denies ? 'deny' : 'do not deny'}`, () => {
      const condition = { [operator]: { 'test:absent': value } }
      assert.equal(effectUnder('allow', condition), allows ? 'allow' : 'none')
      assert.equal(effectUnder('deny', condition), denies ? 'deny' : 'allow')
    })
  }

  it('are the address of a connection that is gone', () => {
    const office = { ip_not_equal: { 'qcs:ip': '192.0.2.0/24' } }
    assert.equal(effectUnder('deny', office), 'allow')
    assert.equal(effectUnder('deny', office, { context: { address: null } }), 'deny')
  })
})

describe('qualifiers', () => {
  const rows: [operator: string, ofRequest: string[], isTrue: boolean][] = [
    ['string_equal', ['env&dev', 'env&prod'], true],
    ['for_any_value:string_equal', ['env&dev', 'env&prod'], true],
    ['for_any_value:string_equal', ['env&dev'], false],
    ['for_all_value:string_equal', ['env&dev', 'env&prod'], false],
    ['for_all_value:string_equal', ['env&prod', 'team&a'], true],
    ['string_not_equal', ['env&dev', 'env&prod'], false],
    ['string_not_equal', ['env&dev'], true],
    ['for_any_value:string_not_equal', ['env&dev', 'env&prod'], true],
    ['for_any_value:string_not_equal', ['env&prod'], false],
    ['for_all_value:string_not_equal', ['env&dev', 'env&prod'], false],
    ['for_all_value:string_not_equal', ['env&dev', 'a&b'], true],
  ]
  for (const [operator, ofRequest, isTrue] of rows) {
    it(`${operator}: ${ofRequest.join(', ')} is ${isTrue}`, () => {
      const condition = { [operator]: { 'qcs:resource_tag': ['env&prod', 'team&a'] } }
      assert.equal(holds(condition, tagged(...ofRequest)), isTrue)
    })
  }
})

describe('keys', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: variables of policies
  const rows: [key: string, condition: unknown, asked: Asked, isTrue: boolean][] = [
    [
      'qcs:current_time',
      { date_less_than: { 'qcs:current_time': '2026-06-15T12:00:01Z' } },
      {},
      true,
    ],
    ['qcs:ip', { ip_equal: { 'qcs:ip': '192.0.2.0/24' } }, {}, true],
    ['qcs:ip', { ip_equal: { 'qcs:ip': '192.0.2.0/24' } }, { context: { address: '::1' } }, false],
    ['qcs:mfa', { bool_equal: { 'qcs:mfa': 'true' } }, {}, false],
    ['qcs:mfa', { bool_equal: { 'qcs:mfa': true } }, { context: { hasMfa: true } }, true],
    [
      'qcs:create_uin',
      { string_equal: { 'qcs:create_uin': '${uin}' } },
      { resource: { creatorUin: member } },
      true,
    ],
    [
      'qcs:create_uin',
      { numeric_equal: { 'qcs:create_uin': '${owner_uin}' } },
      { resource: { creatorUin: member } },
      false,
    ],
    ['qcs:create_uin', { string_equal: { 'qcs:create_uin': '${uin}' } }, {}, false],
    ['qcs:tag', { 'for_any_value:string_equal': { 'qcs:tag': 'a&b' } }, tagged('a&b'), true],
    [
      'qcs:tag',
      { 'for_any_value:string_equal': { 'qcs:tag': 'a&b' } },
      { context: { requestTags: tags('a&b') } },
      false,
    ],
    [
      'qcs:request_tag',
      { 'for_all_value:string_like': { 'qcs:request_tag': 'team&*' } },
      { context: { requestTags: tags('team&a', 'team&b') } },
      true,
    ],
    ['qcs:resource_tag', { null_equal: { 'qcs:resource_tag': true } }, tagged(), true],
    ['qcs:IP', { ip_equal: { 'qcs:IP': '192.0.2.0/24' } }, {}, false],
    [
      'app_id',
      { string_like: { 'oidc:sub': 'app-${app_id}-*' } },
      keyed('oidc:sub', 'app-1250000001-x'),
      true,
    ],
    [
      'several',
      { string_equal: { 'oidc:sub': ['x', '${uin}', '${owner_uin}'] } },
      keyed('oidc:sub', String(owner)),
      true,
    ],
  ]
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: variables of policies
  for (const [key, condition, asked, isTrue] of rows) {
    it(`${key}: ${JSON.stringify(condition)} is ${isTrue}`, () => {
      assert.equal(holds(condition, asked), isTrue)
    })
  }
})
