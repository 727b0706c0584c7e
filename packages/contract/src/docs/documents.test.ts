import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { actionsOf, on, self } from '../action.ts'
import { actions } from '../catalog.ts'
import {
  integer,
  list,
  listOf,
  nullable,
  object,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import { coverage } from './coverage.ts'
import { documents, documentsFolder } from './documents.ts'
import { jsonText } from './json-text.ts'
import { openApi } from './openapi.ts'
import { renderReferencePage } from './reference-page.ts'

const folder = fileURLToPath(new URL(`../../../../${documentsFolder}`, import.meta.url))
const remedy = 'run `node packages/contract/docs/generate.ts`, and read what it changed'

describe('the documents of the contract', () => {
  const files = documents(actions)

  for (const [name, text] of files) {
    it(`have ${name} as the declarations make it`, () => {
      const path = join(folder, name)
      const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
      const wanted = text.split('\n')
      const wrong = wanted.findIndex((line, index) => line !== lines[index])
      // Line by line: a comparison of the whole would print the whole.
      const at = wrong === -1 ? wanted.length : wrong
      assert.equal(lines[at], wanted[at], `${name}, line ${at + 1}: ${remedy}`)
    })
  }

  it('are all that the folder holds', () => {
    assert.deepEqual(readdirSync(folder).sort(), [...files.keys()].sort(), remedy)
  })
})

const pair = structure('Pair', 'Two *things*', '一对', {
  Key: required(text('The key', '键', { minChars: 1, maxChars: 9 })),
  Value: text('Its value', '值', { secret: true }),
})
const action = actionsOf('entrepot')
const tryIt = action('TryIt', {
  doc: { en: 'Tries `a|b` or <c>.', zh: '尝试。' },
  kind: 'write',
  access: on('repo/{Name}'),
  ratePerSecond: 1,
  input: {
    Name: required(text('A name', '名称')),
    Mode: withDefault(oneOf(['', 'fast'], 'How', '方式'), 'fast'),
    Pairs: listOf(pair, 'Pairs', '列表', { minItems: 1, maxItems: 3 }),
  },
  output: {
    Count: nullable(integer('How many', '个数')),
    Names: list(text('One', '名'), 'N', '名'),
  },
})
const other = action('GetOther', {
  doc: { en: 'Gets.', zh: '查询。' },
  kind: 'read',
  access: self,
  input: {},
  output: { One: object(pair) },
})

describe('a reference page', () => {
  it('says all that is declared', () => {
    const page = renderReferencePage([tryIt, other], 'en')
    const wanted = [
      '| [TryIt](#tryit) | Tries `a\\|b` or \\<c>. |',
      'Changes; needs `entrepot:TryIt` on `repo/{Name}`; 1 call a second.',
      '| `Name` | text | yes | A name |  |',
      '| `Mode` | text | no | How | one of `""`, `fast`; `"fast"` when left out |',
      '| `Pairs` | list of [Pair](#pair) | no | Pairs | 1 to 3 items |',
      '| `Count` | whole number or null | How many |',
      'No fields: the request is `{}`.',
      'Two \\*things\\*',
      '| `Key` | text | yes | The key | 1 to 9 characters |',
      '| `Value` | text | no | Its value | secret |',
    ]
    for (const line of wanted) assert.ok(page.split('\n').includes(line), line)
    assert.equal(page.match(/^### Pair$/gm)?.length, 1)
  })

  it('has as many lines in Chinese', () => {
    const count = (language: 'en' | 'zh') =>
      renderReferencePage([tryIt, other], language).split('\n').length
    assert.equal(count('zh'), count('en'))
  })
})

describe('OpenAPI', () => {
  const document = JSON.stringify(openApi(actions))
  const { paths, components } = JSON.parse(document)

  it('has a path for each action', () => {
    assert.equal(Object.keys(paths).length, actions.length)
  })

  it('refers only to what it has', () => {
    for (const [, kind, name] of document.matchAll(/"#\/components\/(\w+)\/([\w.-]+)"/g)) {
      assert.ok(Object.hasOwn(components[kind ?? ''], name ?? ''), `${kind} ${name}`)
    }
  })

  it('says what is required, limited, defaulted, nullable and secret', () => {
    const tried = JSON.parse(JSON.stringify(openApi([tryIt, other])))
    const { schemas } = tried.components
    const request = schemas['entrepot.TryItRequest']
    assert.deepEqual(request.required, ['Name'])
    assert.equal(request.additionalProperties, false)
    assert.deepEqual(request.properties.Pairs, {
      type: 'array',
      items: { $ref: '#/components/schemas/entrepot.Pair' },
      minItems: 1,
      maxItems: 3,
      description: 'Pairs',
    })
    assert.deepEqual(request.properties.Mode.enum, ['', 'fast'])
    assert.equal(request.properties.Mode.default, 'fast')
    const reply = schemas['entrepot.TryItResponse']
    assert.deepEqual(reply.properties.Count.anyOf[1], { type: 'null' })
    const { Key, Value } = schemas['entrepot.Pair'].properties
    assert.deepEqual([Key.minLength, Key.maxLength, Value.format], [1, 9, 'password'])
  })
})

describe('JSON as text', () => {
  it('is the same value, a line for each entry of what is long', () => {
    const long = 'x'.repeat(60)
    const value = { a: [1, 'two', null], b: { c: long, d: [long, long] }, e: {}, f: [] }
    const lines = jsonText(value).split('\n')
    assert.deepEqual(JSON.parse(lines.join('\n')), value)
    assert.deepEqual(lines.slice(0, 3), ['{', ' "a": [1,"two",null],', ' "b": {'])
    assert.equal(lines.length, 10)
  })
})

describe('coverage', () => {
  it('counts what works and lists what waits', () => {
    const page = coverage([tryIt, other], [other])
    for (const line of ['| entrepot | 2 | 1 |', '| all | 2 | 1 |', '- TryIt']) {
      assert.ok(page.split('\n').includes(line), line)
    }
    assert.ok(!page.includes('- GetOther'))
    assert.ok(!coverage([other], [other]).includes('Waiting'))
  })
})
