import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maxConditions, maxValueChars, maxValues } from './conditions.ts'
import { maxDocumentChars, maxItems, maxStatements, parsePolicy } from './document.ts'
import { PolicyProblem } from './problem.ts'
import { maxResourceChars } from './resources.ts'

const plain = { effect: 'allow', action: 'tcr:*', resource: '*' }

function text(statement: unknown, version: unknown = '2.0'): string {
  return JSON.stringify({ version, statement })
}

function refusedField(document: string): string | undefined {
  try {
    parsePolicy(document)
    return undefined
  } catch (error) {
    assert.ok(error instanceof PolicyProblem)
    assert.ok(error.rule.en !== '' && error.rule.zh !== '')
    return error.field
  }
}

describe('a policy document', () => {
  const accepted: [what: string, document: string][] = [
    ['one statement as an object', text(plain)],
    ['a list of statements', text([plain, plain])],
    ['lists of actions and resources', text({ ...plain, action: ['a:b'], resource: ['*'] })],
    ['an empty condition', text({ ...plain, condition: {} })],
    ['the most statements', text(Array(maxStatements).fill(plain))],
    ['the most actions', text({ ...plain, action: Array(maxItems).fill('tcr:*') })],
    ['the longest document', `${text(plain)}${' '.repeat(maxDocumentChars - text(plain).length)}`],
    ['the longest resource', text({ ...plain, resource: long('qcs::tcr:::', maxResourceChars) })],
  ]
  for (const [what, document] of accepted) {
    it(`may be ${what}`, () => assert.equal(refusedField(document), undefined))
  }

  const value = (operator: string, of: unknown) =>
    text({ ...plain, condition: { [operator]: { 'qcs:ip': of } } })
  const resource = (of: unknown) => text([plain, { ...plain, resource: [of] }])
  const manyKeys = Object.fromEntries(
    Array.from({ length: maxConditions + 1 }, (_, n) => [`a:b${n}`, '1']),
  )
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: variables of policies
  const refused: [document: string, field: string][] = [
    ['', 'document'],
    ['{', 'document'],
    ['[]', 'document'],
    ['null', 'document'],
    [`${text(plain)}${' '.repeat(maxDocumentChars)}`, 'document'],
    [text(plain, '3.0'), 'version'],
    [text(plain, 2), 'version'],
    ['{"version":"2.0"}', 'statement'],
    ['{"version":"2.0","statement":{},"Statement":{}}', 'Statement'],
    [text([]), 'statement'],
    [text(Array(maxStatements + 1).fill(plain)), 'statement'],
    [text('allow'), 'statement'],
    [text([plain, null]), 'statement[1]'],
    [text({ ...plain, Effect: 'allow' }), 'statement.Effect'],
    [text([{ ...plain, principal: '*' }]), 'statement[0].principal'],
    [text({ ...plain, notAction: 'tcr:*' }), 'statement.notAction'],
    ['{"version":"2.0","statement":{"__proto__":{"effect":"allow"}}}', 'statement.__proto__'],
    [text({ action: '*', resource: '*' }), 'statement.effect'],
    [text({ ...plain, effect: 'Allow' }), 'statement.effect'],
    [text({ effect: 'allow', resource: '*' }), 'statement.action'],
    [text({ ...plain, action: [] }), 'statement.action'],
    [text({ ...plain, action: Array(maxItems + 1).fill('tcr:*') }), 'statement.action'],
    [text({ ...plain, action: ['tcr:*', 7] }), 'statement.action[1]'],
    [text({ ...plain, action: 'PullRepository' }), 'statement.action'],
    [text({ ...plain, action: 'tcr:Pull Repository' }), 'statement.action'],
    [text({ ...plain, action: `tcr:${'a'.repeat(125)}` }), 'statement.action'],
    [text({ ...plain, effect: 'deny', action: 'permid/7' }), 'statement.action'],
    [text({ effect: 'allow', action: '*' }), 'statement.resource'],
    [resource(undefined), 'statement[1].resource[0]'],
    [resource('tcr-a'), 'statement[1].resource[0]'],
    [resource('qcs::tcr::repository/*'), 'statement[1].resource[0]'],
    [resource('qcs::tcr:::'), 'statement[1].resource[0]'],
    [resource('arn::tcr:::*'), 'statement[1].resource[0]'],
    [resource('qcs:id/0:tcr:::*'), 'statement[1].resource[0]'],
    [resource('qcs::TCR:::*'), 'statement[1].resource[0]'],
    [resource('qcs::tcr:::repository/a b'), 'statement[1].resource[0]'],
    [resource('qcs::tcr::100000000001:*'), 'statement[1].resource[0]'],
    [resource('qcs::tcr::uin/x:*'), 'statement[1].resource[0]'],
    [resource('qcs::tcr:::repository/${team}/*'), 'statement[1].resource[0]'],
    [resource(long('qcs::tcr:::', maxResourceChars + 1)), 'statement[1].resource[0]'],
    [text({ ...plain, condition: [] }), 'statement.condition'],
    [text({ ...plain, condition: { ip_equal: 'x' } }), 'statement.condition.ip_equal'],
    [text({ ...plain, condition: { string_equal: manyKeys } }), 'statement.condition'],
    [value('ip_equals', '10.0.0.0/8'), 'statement.condition.ip_equals'],
    [value('IP_EQUAL', '10.0.0.0/8'), 'statement.condition.IP_EQUAL'],
    [value('null_equal_if_exist', 'true'), 'statement.condition.null_equal_if_exist'],
    [value('for_each:ip_equal', '10.0.0.1'), 'statement.condition.for_each:ip_equal'],
    [text({ ...plain, condition: { ip_equal: { ip: '::1' } } }), 'statement.condition.ip_equal'],
    [value('ip_equal', '10.0.0.0/33'), 'statement.condition.ip_equal.qcs:ip'],
    [value('ip_equal', '10.0.0'), 'statement.condition.ip_equal.qcs:ip'],
    [value('ip_equal', '10.0.0.0/8/8'), 'statement.condition.ip_equal.qcs:ip'],
    [value('ip_equal', ['::/0', '${uin}']), 'statement.condition.ip_equal.qcs:ip'],
    [value('ip_equal', []), 'statement.condition.ip_equal.qcs:ip'],
    [value('ip_equal', null), 'statement.condition.ip_equal.qcs:ip'],
    [
      value('string_equal', Array(maxValues + 1).fill('a')),
      'statement.condition.string_equal.qcs:ip',
    ],
    [
      value('string_equal', 'a'.repeat(maxValueChars + 1)),
      'statement.condition.string_equal.qcs:ip',
    ],
    [value('string_equal', '${user}'), 'statement.condition.string_equal.qcs:ip'],
    [value('numeric_equal', '${uin}x'), 'statement.condition.numeric_equal.qcs:ip'],
    [value('numeric_equal', '1e3'), 'statement.condition.numeric_equal.qcs:ip'],
    [value('date_equal', '2026-02-30T00:00:00Z'), 'statement.condition.date_equal.qcs:ip'],
    [value('date_equal', '2026-01-01T00:00:00'), 'statement.condition.date_equal.qcs:ip'],
    [value('bool_equal', 'yes'), 'statement.condition.bool_equal.qcs:ip'],
    [value('binary_equal', 'a'), 'statement.condition.binary_equal.qcs:ip'],
    [value('null_equal', [true, true]), 'statement.condition.null_equal.qcs:ip'],
  ]
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: variables of policies
  for (const [document, field] of refused) {
    it(`is refused for ${field}: ${document.slice(0, 120)}`, () => {
      assert.equal(refusedField(document), field)
    })
  }
})

function long(beginning: string, length: number): string {
  return beginning + 'a'.repeat(length - beginning.length)
}
