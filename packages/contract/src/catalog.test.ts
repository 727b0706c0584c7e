// Rules that every declaration keeps.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Action } from './action.ts'
import { actions, findActions } from './catalog.ts'
import { structuresOf } from './docs/structures.ts'
import type { Doc, Field, Fields, Structure } from './fields.ts'
import { validateInput } from './validate.ts'

/** A field, and where it stands: `tcr CreateNamespace Severity`. */
interface Place {
  readonly path: string
  readonly name: string
  readonly field: Field
}

function placesOf(path: string, fields: Fields): readonly Place[] {
  return Object.entries(fields).flatMap(([name, field]) => placesBelow(path, name, field))
}

function placesBelow(parent: string, name: string, field: Field): readonly Place[] {
  const path = `${parent} ${name}`
  const here = { path, name, field }
  if (field.kind === 'list') return [here, ...placesBelow(parent, `${name}[]`, field.item)]
  return field.kind === 'object' ? [here, ...placesOf(path, field.structure.fields)] : [here]
}

const nameOf = ({ product, name }: Action) => `${product} ${name}`
const inputs = actions.flatMap((action) => placesOf(nameOf(action), action.input))
const outputs = actions.flatMap((action) => placesOf(`${nameOf(action)} ←`, action.output))
const places = [...inputs, ...outputs]

function wrongActions(isWrong: (action: Action) => boolean): string[] {
  return actions.filter(isWrong).map(nameOf)
}

function wrongPlaces(among: readonly Place[], isWrong: (place: Place) => boolean) {
  return [...new Set(among.filter(isWrong).map(({ path }) => path))]
}

describe('actions', () => {
  it('are named once in a version', () => {
    const isAlone = ({ name, version }: Action) =>
      findActions(name).filter((action) => action.version === version).length === 1
    assert.deepEqual(
      wrongActions((action) => !isAlone(action)),
      [],
    )
  })

  it('are as many as the reference of each product lists', () => {
    const counts = Map.groupBy(actions, ({ product }) => product)
    // Our own grow.
    counts.delete('entrepot')
    assert.deepEqual(Object.fromEntries([...counts].map(([name, all]) => [name, all.length])), {
      tcr: 127,
      cam: 87,
      sts: 7,
      tag: 11,
      cloudaudit: 4,
      kms: 23,
      ssl: 5,
      vpc: 4,
    })
  })

  it('that only read are named so', () => {
    const reading =
      /^(?:Check|Describe|Download|Export|Get|List|LookUp|Query|Simulate|Validate)[A-Z]/
    assert.deepEqual(
      wrongActions(({ kind, name }) => kind === 'read' && !reading.test(name)),
      [],
    )
  })

  it('ask for resources by fields that they have', () => {
    const wrong = actions.flatMap((action) => {
      if (!('resources' in action.access)) return []
      return action.access.resources
        .flatMap((resource) => [...resource.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name))
        .filter((name) => !isName(action.input[name]))
        .map((name) => `${nameOf(action)} {${name}}`)
    })
    assert.deepEqual(wrong, [])
  })

  it('of tcr that change are allowed by the resources they name', () => {
    // Allowed where anything is allowed: their handlers ask again for each thing.
    const askAgain = ['tcr DeleteAIModel', 'tcr DeleteSkill', 'tcr DuplicateImagePersonal']
    assert.deepEqual(
      wrongActions(({ product, kind, access }) => {
        return product === 'tcr' && kind === 'write' && access.kind === 'list'
      }).sort(),
      askAgain,
    )
  })

  it('that page have the fields to page by', () => {
    const isWrong = ({ name, paging, input }: Action) => {
      // The pages of its log begin at 0, as no other's.
      if (name === 'DescribeReplicationInstanceSyncStatus') return paging !== undefined
      const has = (name: string) => Object.hasOwn(input, name)
      const byOffset = has('Offset') && has('Limit')
      const byPage = has('Page') && (has('PageSize') || has('Rp'))
      if (paging === undefined) return byOffset || byPage
      return paging === 'page-size' ? !byPage : !byOffset
    }
    assert.deepEqual(wrongActions(isWrong), [])
  })

  it('have words in both languages', () => {
    assert.deepEqual(
      wrongActions(({ doc }) => !isSaid(doc)),
      [],
    )
  })

  it('answer within a rate', () => {
    assert.deepEqual(
      wrongActions(({ ratePerSecond }) => !(ratePerSecond >= 1 && ratePerSecond <= 1000)),
      [],
    )
  })
})

/** What stands in a resource: a text, a number, or a list of texts. */
function isName(field: Field | undefined): boolean {
  const one = field?.kind === 'list' ? field.item : field
  return one?.kind === 'text' || one?.kind === 'integer'
}

function isSaid({ en, zh }: Doc): boolean {
  return /^\S(?:.*\S)?$/.test(en) && /^\S(?:.*\S)?$/.test(zh) && !/\p{Script=Han}/u.test(en)
}

/** Beyond it the 10 MiB of a request are the limit. */
const maxFieldChars = 1024 * 1024
const maxRequestItems = 1000

describe('fields', () => {
  it('are found at all', () => {
    assert.ok(inputs.length > 200 && outputs.length > 200)
  })

  it('have words in both languages', () => {
    assert.deepEqual(
      wrongPlaces(places, ({ field }) => !isSaid(field.doc)),
      [],
    )
  })

  it('are held to limits', () => {
    const isFree = (field: Field) => {
      if (field.kind === 'text') return !isRange(field.minChars, field.maxChars, maxFieldChars)
      if (field.kind === 'list') return !isRange(field.minItems, field.maxItems, maxRequestItems)
      return field.kind === 'integer' && !isRange(field.min, field.max, Number.MAX_SAFE_INTEGER)
    }
    assert.deepEqual(
      wrongPlaces(inputs, ({ field }) => isFree(field)),
      [],
    )
    const isUnbounded = (field: Field) =>
      field.kind === 'list' && !isRange(field.minItems, field.maxItems, Number.MAX_SAFE_INTEGER)
    assert.deepEqual(
      wrongPlaces(outputs, ({ field }) => isUnbounded(field)),
      [],
    )
  })

  it('have patterns without state', () => {
    // A pattern with the flag g or y remembers where it was.
    assert.deepEqual(
      wrongPlaces(places, ({ field }) => {
        return field.kind === 'text' && /[gy]/.test(field.rule?.pattern.flags ?? '')
      }),
      [],
    )
  })

  it('have defaults that they allow', () => {
    const defaulted = inputs.filter(({ field }) => field.presence === 'defaulted')
    const [some] = actions
    assert.ok(some && defaulted.length > 0)
    for (const { path, field } of defaulted) {
      const action = { ...some, input: { Field: field } }
      assert.doesNotThrow(() => validateInput(action, { Field: field.fallback }), path)
    }
  })

  it('that hold secrets are marked', () => {
    const secret = /^(?:.*Password|.*SecretKey|.*PrivateKey|Token|TmpToken)$/
    assert.deepEqual(
      wrongPlaces(places, ({ name, field }) => {
        return field.kind === 'text' && secret.test(name) && !field.secret
      }),
      [],
    )
  })
})

function isRange(min: number, max: number, most: number): boolean {
  return min <= max && max <= most
}

describe('structures', () => {
  const used = actions.flatMap(({ product, input, output }) =>
    [...structuresOf(input), ...structuresOf(output)].map((structure) => ({ product, structure })),
  )

  it('have one definition in a product', () => {
    const known = new Map<string, Structure<Fields>>()
    const wrong = new Set<string>()
    for (const { product, structure } of used) {
      const name = `${product} ${structure.name}`
      const first = known.get(name)
      if (first === undefined) known.set(name, structure)
      else if (first !== structure && !isDeepStrictEqual(first, structure)) wrong.add(name)
    }
    assert.deepEqual([...wrong], [])
  })

  it('have words in both languages, and fields', () => {
    const wrong = used
      .map(({ structure }) => structure)
      .filter(({ doc, fields }) => !isSaid(doc) || Object.keys(fields).length === 0)
    assert.deepEqual(
      wrong.map(({ name }) => name),
      [],
    )
  })

  it('are called neither as an action nor as its request or reply', () => {
    const taken = new Set(
      actions.flatMap(({ product, name }) =>
        // Headings of a page differ by more than their letters' case.
        ['', 'Request', 'Response'].map((end) => `${product} ${name}${end}`.toLowerCase()),
      ),
    )
    const wrong = used
      .map(({ product, structure }) => `${product} ${structure.name}`)
      .filter((name) => taken.has(name.toLowerCase()) || /^\w+ (?:actions|structures)$/i.test(name))
    assert.deepEqual([...new Set(wrong)], [])
  })
})
