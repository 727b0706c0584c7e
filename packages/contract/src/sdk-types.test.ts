// The contract against the types of the official SDK: the same fields with the same types, none missing, none more.
// TypeScript 7 has no stable interface to its parser, and these files are generated and regular, so a small one does;
// what it does not know, it refuses.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { type Action, actionsOf, type Product, productVersions, self } from './action.ts'
import { actions } from './catalog.ts'
import { type Field, type Fields, integer, listOf, required, structure, text } from './fields.ts'

/** Where the contract differs from the SDK, and why. */
const exceptions = new Map<string, string>([
  [
    'tcr DescribeInstanceAllNamespaces ← Items: the SDK has no such field',
    'the official example of the reply has it, the type forgets it',
  ],
  [
    'tcr DescribeInstanceAllNamespaces ← TotalCount: the SDK has no such field',
    'the official example of the reply has it, the type forgets it',
  ],
  ...[
    'tcr CreateTagRetentionRule → AdvancedRuleItems',
    'tcr ModifyTagRetentionRule → AdvancedRuleItems',
    'tcr DescribeTagRetentionRules ← RetentionPolicyList.AdvancedRuleItems',
  ].map(
    (items) =>
      [
        `${items}.WithCharts: the SDK has no such field`,
        'ours: charts are judged only where a rule says so, which the service has no field for',
      ] as const,
  ),
  [
    'tcr CreateInstance → StorageName: the SDK has no such field',
    'ours: the service has one store for each region, an operator here may have several',
  ],
  [
    'cam DescribeRoleList → Keyword: the SDK has no such field',
    'ours: the service searches users and groups by a part of the name, and roles as well here',
  ],
])

/** Products that are offered whole; of the others, what a registry needs. */
const wholeProducts: readonly Product[] = ['tcr']

interface SdkField {
  readonly type: string
  readonly isOptional: boolean
}
type SdkFields = ReadonlyMap<string, SdkField>
type SdkModels = ReadonlyMap<string, SdkFields>

function readModels(product: Product): SdkModels {
  const root = dirname(
    createRequire(import.meta.url).resolve('tencentcloud-sdk-nodejs/package.json'),
  )
  const version = `v${productVersions[product].replaceAll('-', '')}`
  const folder = join(root, 'tencentcloud', 'services', product, version)
  return parseModels(readFileSync(join(folder, `${product}_models.d.ts`), 'utf8'))
}

function parseModels(source: string): SdkModels {
  const models = new Map<string, Map<string, SdkField>>()
  let fields: Map<string, SdkField> | undefined
  for (const line of source.replaceAll(/\/\*[\s\S]*?\*\//g, '').split('\n')) {
    if (line.trim() === '') continue
    const field = /^ {4}(\w+)(\??): (.+);$/.exec(line)
    const begin = /^export interface (\w+) \{$/.exec(line)
    const empty = /^export type (\w+) = null;$/.exec(line)
    if (field && fields) {
      const [, name = '', mark, type = ''] = field
      fields.set(name, { type, isOptional: mark === '?' })
    } else if (begin && !fields) {
      fields = new Map()
      models.set(begin[1] ?? '', fields)
    } else if (empty && !fields) models.set(empty[1] ?? '', new Map())
    else if (line === '}' && fields) fields = undefined
    else assert.fail(`a line of another form than known: ${line}`)
  }
  return models
}

/** A field's type as the SDK writes it. */
function sdkType(field: Field): string {
  switch (field.kind) {
    case 'text':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'flag':
      return 'boolean'
    case 'list':
      return `Array<${sdkType(field.item)}>`
    case 'object':
      return field.structure.name
  }
}

function innerFields(field: Field): Fields | undefined {
  if (field.kind === 'list') return innerFields(field.item)
  return field.kind === 'object' ? field.structure.fields : undefined
}

function compare(models: SdkModels, action: Action): string[] {
  const where = `${action.product} ${action.name}`
  const request = models.get(`${action.name}Request`)
  const response = models.get(`${action.name}Response`)
  if (!request || !response) return [`${where}: the SDK has no such action`]
  const reply = new Map([...response].filter(([name]) => name !== 'RequestId'))
  return [
    ...compareFields({ models, isRequest: true }, `${where} →`, action.input, request),
    ...compareFields({ models, isRequest: false }, `${where} ←`, action.output, reply),
  ]
}

interface Comparison {
  readonly models: SdkModels
  /** Replies always hold everything, so only requests say what is required. */
  readonly isRequest: boolean
}

function compareFields(of: Comparison, at: string, ours: Fields, theirs: SdkFields): string[] {
  const under = (name: string) => (/[→←]$/.test(at) ? `${at} ${name}` : `${at}.${name}`)
  const missing = [...theirs.keys()]
    .filter((name) => !Object.hasOwn(ours, name))
    .map((name) => `${under(name)}: the contract has no such field`)
  const differing = Object.entries(ours).flatMap(([name, field]) => {
    const their = theirs.get(name)
    if (!their) return [`${under(name)}: the SDK has no such field`]
    return compareField(of, under(name), field, their)
  })
  return [...missing, ...differing]
}

function compareField(of: Comparison, at: string, ours: Field, theirs: SdkField): string[] {
  const problems: string[] = []
  const type = theirs.type.replace('number | bigint', 'number')
  if (sdkType(ours) !== type) problems.push(`${at}: ${type} in the SDK, ours ${sdkType(ours)}`)
  const isOptional = ours.presence !== 'required'
  if (of.isRequest && isOptional !== theirs.isOptional) {
    problems.push(`${at}: ${theirs.isOptional ? 'optional' : 'required'} in the SDK`)
  }
  const inner = innerFields(ours)
  const model = of.models.get(type.replace(/^(?:Array<)+|>+$/g, ''))
  if (inner && model) problems.push(...compareFields(of, at, inner, model))
  return problems
}

const products = [...new Set(actions.map((action) => action.product))].filter(
  (product) => product !== 'entrepot',
)
const found = new Set<string>()

describe('the contract and the official SDK', () => {
  for (const product of products) {
    it(`agree on ${product}`, () => {
      const models = readModels(product)
      const own = actions.filter((action) => action.product === product)
      const problems = own.flatMap((action) => compare(models, action))
      for (const problem of problems) found.add(problem)
      assert.deepEqual(
        problems.filter((problem) => !exceptions.has(problem)),
        [],
      )
    })
  }

  for (const product of wholeProducts) {
    it(`have the same actions in ${product}`, () => {
      const theirs = [...readModels(product).keys()]
        .filter((name) => name.endsWith('Request'))
        .map((name) => name.slice(0, -'Request'.length))
      const ours = actions.filter((action) => action.product === product)
      assert.deepEqual(ours.map((action) => action.name).sort(), theirs.sort())
    })
  }

  it('differ where it says so', () => {
    const unneeded = [...exceptions.keys()].filter((exception) => !found.has(exception))
    assert.deepEqual(unneeded, [])
  })
})

describe('the comparison', () => {
  const models = parseModels(
    'export interface TryRequest {\n    Name: string;\n    Deep?: Array<Inner>;\n}\n' +
      'export interface TryResponse {\n    Count: number;\n    RequestId?: string;\n}\n' +
      'export interface Inner {\n    Id: number;\n}\n',
  )
  const tryWith = (input: Fields, output: Fields) => {
    const doc = { en: '', zh: '' }
    return compare(
      models,
      actionsOf('tcr')('Try', { doc, kind: 'read', access: self, input, output }),
    )
  }
  const inner = (id: Field) => listOf(structure('Inner', '', '', { Id: id }))
  const count = integer('', '')
  const name = required(text('', ''))

  it('finds nothing where both are the same', () => {
    const input = { Name: name, Deep: inner(required(count)) }
    assert.deepEqual(tryWith(input, { Count: count }), [])
  })

  it('finds what is missing, more, of another type or otherwise required, however deep', () => {
    assert.deepEqual(tryWith({ Name: text('', ''), Deep: inner(name), More: count }, {}), [
      'tcr Try → Name: required in the SDK',
      'tcr Try → Deep.Id: number in the SDK, ours string',
      'tcr Try → More: the SDK has no such field',
      'tcr Try ← Count: the contract has no such field',
    ])
  })

  it('finds an action that the SDK has not', () => {
    const doc = { en: '', zh: '' }
    const other = { doc, kind: 'read', access: self, input: {}, output: {} } as const
    assert.deepEqual(compare(models, actionsOf('tcr')('Other', other)), [
      'tcr Other: the SDK has no such action',
    ])
  })
})

describe('the reader of the SDK’s types', () => {
  it('knows fields, what is optional, and requests without fields', () => {
    const models = parseModels(
      'export interface A {\n    /**\n     * words: string;\n     */\n    Names: Array<string>;\n' +
        '    One?: B;\n}\nexport type CRequest = null;\n',
    )
    assert.deepEqual(
      models,
      new Map([
        [
          'A',
          new Map([
            ['Names', { type: 'Array<string>', isOptional: false }],
            ['One', { type: 'B', isOptional: true }],
          ]),
        ],
        ['CRequest', new Map()],
      ]),
    )
  })

  it('refuses what it does not know', () => {
    assert.throws(() => parseModels('export enum A {\n}\n'), /another form/)
    assert.throws(() => parseModels('export interface A {\n    Name: {\n'), /another form/)
  })
})
