import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { actionsOf, self } from './action.ts'
import { ApiError } from './errors.ts'
import {
  flag,
  integer,
  list,
  listOf,
  object,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from './fields.ts'
import { flatten, unflatten } from './flat.ts'
import { validateInput } from './validate.ts'

const filter = structure('Filter', 'a filter', '过滤条件', {
  Name: required(text('its name', '名称')),
  Values: required(list(text('a value', '值', { maxChars: 4 }), 'values', '值', { maxItems: 2 })),
})

const action = actionsOf('entrepot')('Try', {
  doc: { en: 'tries', zh: '试' },
  kind: 'read',
  access: self,
  input: {
    Name: required(
      text('a name', '名称', {
        minChars: 2,
        rule: { pattern: /^[a-z]+$/, words: { en: 'lower-case letters', zh: '小写字母' } },
      }),
    ),
    Limit: withDefault(integer('a limit', '条数', { min: 1, max: 100 }), 20),
    Mode: oneOf(['fast', 'slow'], 'a mode', '方式'),
    All: flag('all', '全部'),
    Filters: listOf(filter),
    One: object(filter),
  },
  output: {},
})

describe('a request', () => {
  const name = { Name: 'ab' }
  const refused: [request: unknown, code: string, parameter: string][] = [
    [{}, 'MissingParameter', 'Name'],
    [{ Name: null }, 'MissingParameter', 'Name'],
    [null, 'InvalidParameter', ''],
    [[], 'InvalidParameter', ''],
    [{ Name: 1 }, 'InvalidParameter', 'Name'],
    [{ Name: 'a' }, 'InvalidParameterValue', 'Name'],
    [{ Name: 'aB' }, 'InvalidParameterValue', 'Name'],
    [{ ...name, Limit: 0 }, 'InvalidParameterValue', 'Limit'],
    [{ ...name, Limit: 101 }, 'InvalidParameterValue', 'Limit'],
    [{ ...name, Limit: 1.5 }, 'InvalidParameter', 'Limit'],
    [{ ...name, Limit: '1' }, 'InvalidParameter', 'Limit'],
    [{ ...name, Limit: 2 ** 53 }, 'InvalidParameter', 'Limit'],
    [{ ...name, Mode: 'other' }, 'InvalidParameterValue', 'Mode'],
    [{ ...name, All: 'true' }, 'InvalidParameter', 'All'],
    [{ ...name, Filters: {} }, 'InvalidParameter', 'Filters'],
    [{ ...name, Filters: [{ Name: 'x' }] }, 'MissingParameter', 'Filters.0.Values'],
    [
      { ...name, Filters: [{ Name: 'x', Values: ['12345'] }] },
      'InvalidParameterValue',
      'Filters.0.Values.0',
    ],
    [
      { ...name, One: { Name: 'x', Values: ['1', '2', '3'] } },
      'InvalidParameterValue',
      'One.Values',
    ],
    [{ ...name, One: { Name: 'x', Values: [], Other: 1 } }, 'UnknownParameter', 'One.Other'],
    [{ ...name, Zone: 1 }, 'UnknownParameter', 'Zone'],
    [JSON.parse('{"Name":"ab","__proto__":{}}'), 'UnknownParameter', '__proto__'],
  ]
  for (const [request, code, parameter] of refused) {
    it(`${JSON.stringify(request)} is ${code} of ${parameter || 'the whole'}`, () => {
      assert.throws(
        () => validateInput(action, request),
        (error) => {
          assert.ok(error instanceof ApiError)
          assert.equal(error.cloudCode, code)
          assert.deepEqual(error.detail, { parameter })
          assert.ok(error.words.zh.includes(parameter))
          return true
        },
      )
    })
  }

  it('gets its defaults, and nothing else', () => {
    assert.deepEqual(validateInput(action, { Name: 'ab', Mode: null }), { Name: 'ab', Limit: 20 })
  })

  it('may come as flat parameters', () => {
    const request = {
      Name: 'ab',
      Limit: 3,
      All: false,
      Filters: [
        { Name: 'x', Values: ['1', '2'] },
        { Name: 'y', Values: ['3'] },
      ],
    }
    const flat = flatten(request)
    assert.ok(flat.some(([path, value]) => path === 'Filters.0.Values.1' && value === '2'))
    assert.deepEqual(unflatten(action.input, flat), request)
  })

  it('keeps what flat parameters declare wrongly, so that it is refused', () => {
    const wrong = [
      ['Limit', 'x'],
      ['All', 'yes'],
      ['Filters', 'x'],
      ['Filters.a.Name', 'x'],
      ['Filters.99999.Name', 'x'],
      ['Name.0', 'x'],
      ['__proto__.x', '1'],
    ] as const
    for (const pair of wrong) {
      const request = unflatten(action.input, [['Name', 'ab'], pair])
      assert.throws(() => validateInput(action, request), ApiError, pair[0])
    }
  })
})
