// Documents read, written, checked; templates are right by the check.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { permissions } from '../../api/permissions.ts'
import { matchesAction, meaningsOf, nearestName } from './action-names.ts'
import { checkDocument, statementPlaces } from './check-document.ts'
import { familyOf, isValue, readOperator, writeOperator } from './condition-language.ts'
import { readDocument, writeDocument } from './document.ts'
import { mistakeIn, type Picked, readResource, writeResource } from './resource-names.ts'
import { documentOf, examplePlace, templates } from './templates.ts'

const names = permissions.map(({ name }) => name)
const one = (statement: object): string =>
  JSON.stringify({ version: '2.0', statement: [statement] }, undefined, 1)
const right = { effect: 'allow', action: ['tcr:PullRepository'], resource: ['*'] }

describe('templates', () => {
  for (const { id } of templates.filter((template) => template.id !== 'blank')) {
    it(`${id} has nothing wrong, and is read as it was written`, () => {
      const text = documentOf(id, examplePlace)
      assert.deepEqual(checkDocument(text, names), [])
      assert.equal(writeDocument(readDocument(text) ?? []), text)
    })
  }
})

describe('checkDocument', () => {
  const cases: readonly [name: string, text: string, want: readonly [number, string][]][] = [
    ['nothing', one(right), []],
    ['a missing comma', '{\n"version": "2.0"\n"statement": []}', [[3, 'jsonComma']]],
    ['an open text', '{"version": "2.0}', [[1, 'jsonText']]],
    ['more after the end', `${one(right)} x`, [[14, 'jsonEnd']]],
    ['no version', JSON.stringify({ statement: right }), [[1, 'wrongVersion']]],
    ['a misspelt deny', one({ ...right, effect: 'Deny' }), [[5, 'wrongEffect']]],
    ['an unknown element', one({ ...right, note: 'x' }), [[12, 'unknownElement']]],
    [
      'a misspelt action',
      one({ ...right, action: 'tcr:PullRepositry' }),
      [[6, 'unknownActionMeant']],
    ],
    ['an action of nobody', one({ ...right, action: 'xyz:Qwertyuiop' }), [[6, 'unknownAction']]],
    ['no action', one({ ...right, action: [] }), [[6, 'itemsMissing']]],
    ['an older action', one({ ...right, action: 'ccr:pull' }), []],
    ['a short resource', one({ ...right, resource: 'instance/a' }), [[9, 'resourceSegments']]],
    [
      'a misspelt key',
      one({ ...right, condition: { ip_equal: { 'qcs:ipp': '10.0.0.0/8' } } }),
      [[14, 'unknownKeyMeant']],
    ],
    [
      'an address that is none',
      one({ ...right, condition: { ip_equal: { 'qcs:ip': ['10.0.0.256'] } } }),
      [[15, 'valueIp']],
    ],
    [
      'an unknown operator',
      one({ ...right, condition: { ip_equals: { 'qcs:ip': '10.0.0.1' } } }),
      [[13, 'unknownOperatorMeant']],
    ],
  ]
  for (const [name, text, want] of cases) {
    it(`finds ${name}`, () => {
      const found = checkDocument(text, names).map(({ line, key }) => [line, key.slice(9)])
      assert.deepEqual(found, want)
    })
  }

  it('tells where each statement stands', () => {
    const text = JSON.stringify({ version: '2.0', statement: [right, right] })
    const [first, second] = statementPlaces(text)
    assert.equal(text.slice(first?.from, first?.to), JSON.stringify(right))
    assert.equal(text.slice(second?.from, second?.to), JSON.stringify(right))
  })
})

describe('readDocument', () => {
  it('takes one for a list, and any order', () => {
    const condition = { bool_equal: { 'qcs:mfa': true } }
    const statement = { resource: '*', action: 'tcr:*', effect: 'deny', condition }
    assert.deepEqual(readDocument(JSON.stringify({ statement, version: '2.0' })), [
      {
        effect: 'deny',
        actions: ['tcr:*'],
        resources: ['*'],
        conditions: [{ operator: 'bool_equal', key: 'qcs:mfa', values: ['true'] }],
      },
    ])
  })
  const strange = ['', '[]', '{"version":"2.0"', one({ ...right, principal: {} })]
  for (const text of strange) {
    it(`leaves ${JSON.stringify(text)} to the text`, () =>
      assert.equal(readDocument(text), undefined))
  }
})

describe('actions', () => {
  it('are met by stars, prefixes and older names, whatever the capitals', () => {
    assert.ok(matchesAction('name/TCR:describe*', 'tcr:DescribeImages'))
    assert.ok(matchesAction('*', 'cam:GetUser'))
    assert.ok(matchesAction('ccr:pull', 'tcr:PullRepositoryPersonal'))
    assert.ok(!matchesAction('tcr:Pull', 'tcr:PullRepository'))
  })
  it('of the older product have a meaning', () => {
    assert.deepEqual(meaningsOf('ccr:pull'), ['tcr:PullRepositoryPersonal'])
    assert.deepEqual(meaningsOf('ccr:DescribeImage'), ['tcr:DescribeImagePersonal'])
  })
  it('that are misspelt have a neighbour', () => {
    assert.equal(nearestName('tcr:PullRepositry', names), 'tcr:PullRepository')
    assert.equal(nearestName('no:SuchThingAtAll', names), undefined)
  })
})

describe('resources', () => {
  const picked: readonly Picked[] = [
    { kind: 'instance', instance: 'tcr-a' },
    { kind: 'contents', instance: 'tcr-a' },
    { kind: 'namespace', instance: 'tcr-a', namespace: 'team' },
    { kind: 'repository', instance: 'tcr-a', namespace: 'team', path: 'web/api' },
    { kind: 'personalNamespace', namespace: 'team' },
    { kind: 'personalRepository', namespace: 'team', path: 'web' },
  ]
  for (const one of picked) {
    it(`${writeResource(one)} says what was picked`, () => {
      assert.deepEqual(readResource(writeResource(one)), one)
      assert.equal(mistakeIn(writeResource(one)), undefined)
    })
  }
  it('of other forms stay as they are', () => {
    const text = 'qcs::tcr:::repository/tcr-a/team-*'
    assert.deepEqual(readResource(text), { kind: 'other', text })
  })
})

describe('conditions', () => {
  it('have operators that come apart and together', () => {
    const written = 'for_any_value:string_not_equal_ignore_case_if_exist'
    assert.equal(writeOperator(readOperator(written)), written)
    assert.equal(familyOf(written), 'string')
    assert.equal(familyOf('null_equal_if_exist'), undefined)
  })
  it('have values of their kind', () => {
    assert.ok(isValue('ip', 'fd00::/8'))
    assert.ok(!isValue('ip', '10.0.0.0/33'))
    assert.ok(isValue('date', '2026-01-31T08:00:00Z'))
    assert.ok(!isValue('date', '2026-01-31'))
  })
})
