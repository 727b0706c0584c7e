// What is wrong with a policy document, and where. The server decides; this says it while one types, and more kindly:
// with the line, and what was probably meant.

import type { WordKey } from '../../words/use-words.ts'
import {
  actionPattern,
  isOlder,
  matchesAction,
  nearestName,
  permissionSet,
} from './action-names.ts'
import { familyOf, isValue, keyPattern, keys, olderKeys, operators } from './condition-language.ts'
import {
  JsonMistake,
  type JsonNode,
  lineOf,
  type Mistake,
  type ObjectNode,
  parseJson,
} from './json-tree.ts'
import { mistakeIn, type ResourceMistake } from './resource-names.ts'

export interface Problem {
  readonly from: number
  readonly to: number
  readonly line: number
  /** The server would refuse it; else it would have no effect. */
  readonly isError: boolean
  readonly key: WordKey
  readonly values: Readonly<Record<string, string | number>>
}

const mistakes: Readonly<Record<Mistake, WordKey>> = {
  value: 'policies.jsonValue',
  comma: 'policies.jsonComma',
  name: 'policies.jsonName',
  colon: 'policies.jsonColon',
  text: 'policies.jsonText',
  end: 'policies.jsonEnd',
}

const resourceMistakes: Readonly<Record<ResourceMistake, WordKey>> = {
  segments: 'policies.resourceSegments',
  project: 'policies.resourceProject',
  blanks: 'policies.resourceBlanks',
  account: 'policies.resourceAccount',
  variable: 'policies.resourceVariable',
}

const maxDocumentChars = 65_536
const maxStatements = 500
const maxItems = 500

export function checkDocument(text: string, actionNames: readonly string[]): readonly Problem[] {
  const check = new Check(text, actionNames)
  check.document()
  return check.problems
}

class Check {
  readonly problems: Problem[] = []
  readonly text: string
  readonly actionNames: readonly string[]

  constructor(text: string, actionNames: readonly string[]) {
    this.text = text
    this.actionNames = actionNames
  }

  document(): void {
    const root = this.root()
    if (!root) return
    if (this.text.length > maxDocumentChars) {
      this.say(root, 'policies.tooLong', { n: maxDocumentChars })
    }
    if (root.kind !== 'object') {
      this.say(root, 'policies.mustBeObject')
      return
    }
    this.elements(root, ['version', 'statement'])
    const version = memberOf(root, 'version')
    if (version?.kind !== 'text' || version.value !== '2.0') {
      this.say(version ?? root, 'policies.wrongVersion')
    }
    this.items(root, 'statement', (one) => this.statement(one), maxStatements)
  }

  private root(): JsonNode | undefined {
    try {
      return parseJson(this.text)
    } catch (error) {
      if (!(error instanceof JsonMistake)) throw error
      const { at, expected } = error
      this.say({ from: at, to: Math.min(at + 1, this.text.length) }, mistakes[expected])
      return undefined
    }
  }

  private statement(node: JsonNode): void {
    if (node.kind !== 'object') {
      this.say(node, 'policies.mustBeObject')
      return
    }
    this.elements(node, ['effect', 'action', 'resource', 'condition'])
    const effect = memberOf(node, 'effect')
    const isDeny = effect?.kind === 'text' && effect.value === 'deny'
    if (!isDeny && !(effect?.kind === 'text' && effect.value === 'allow')) {
      this.say(effect ?? node, 'policies.wrongEffect')
    }
    this.items(node, 'action', (one) => this.action(one, isDeny), maxItems)
    this.items(node, 'resource', (one) => this.resource(one), maxItems)
    const condition = memberOf(node, 'condition')
    if (condition) this.conditions(condition)
  }

  private action(node: JsonNode, isDeny: boolean): void {
    if (node.kind !== 'text') this.say(node, 'policies.mustBeText')
    else if (permissionSet.test(node.value)) {
      if (isDeny) this.say(node, 'policies.deniedSet')
      else this.hint(node, 'policies.allowedSet')
    } else if (!actionPattern.test(node.value)) {
      this.say(node, 'policies.actionForm', { name: node.value })
    } else this.actionName(node, node.value)
  }

  private actionName(at: Place, name: string): void {
    if (isOlder(name) || this.actionNames.some((known) => matchesAction(name, known))) return
    const nearest = nearestName(name, this.actionNames)
    if (nearest === undefined) this.hint(at, 'policies.unknownAction', { name })
    else this.hint(at, 'policies.unknownActionMeant', { name, nearest })
  }

  private resource(node: JsonNode): void {
    if (node.kind !== 'text') {
      this.say(node, 'policies.mustBeText')
      return
    }
    const mistake = mistakeIn(node.value)
    if (mistake) this.say(node, resourceMistakes[mistake])
  }

  private conditions(node: JsonNode): void {
    if (node.kind !== 'object') {
      this.say(node, 'policies.mustBeObject')
      return
    }
    for (const { name, value } of node.entries) {
      const family = familyOf(name.value)
      if (family === undefined) {
        const nearest = nearestName(name.value, Object.keys(operators))
        this.say(
          name,
          nearest === undefined ? 'policies.unknownOperator' : 'policies.unknownOperatorMeant',
          { name: name.value, ...(nearest !== undefined && { nearest }) },
        )
      }
      if (value.kind !== 'object') this.say(value, 'policies.mustBeObject')
      else for (const entry of value.entries) this.condition(entry, family)
    }
  }

  private condition(
    { name, value }: ObjectNode['entries'][number],
    family: ReturnType<typeof familyOf>,
  ): void {
    const known = [...keys.map((key) => key.name), ...olderKeys]
    if (!keyPattern.test(name.value)) this.say(name, 'policies.keyForm', { name: name.value })
    else if (!known.includes(name.value)) {
      const nearest = nearestName(name.value, known)
      if (nearest === undefined) this.hint(name, 'policies.unknownKey', { name: name.value })
      else this.hint(name, 'policies.unknownKeyMeant', { name: name.value, nearest })
    }
    const values = value.kind === 'list' ? value.items : [value]
    if (values.length === 0) this.say(value, 'policies.valueMissing', { name: name.value })
    for (const one of values) {
      const text = textOf(one)
      if (text === undefined) this.say(one, 'policies.mustBeText')
      else if (family !== undefined && !isValue(family, text)) {
        this.say(one, valueRules[family], { value: text })
      }
    }
  }

  private items(
    object: ObjectNode,
    name: string,
    each: (node: JsonNode) => void,
    most: number,
  ): void {
    const node = memberOf(object, name)
    const items = node?.kind === 'list' ? node.items : node ? [node] : []
    if (items.length === 0) this.say(node ?? object, 'policies.itemsMissing', { name })
    if (items.length > most) this.say(node ?? object, 'policies.itemsTooMany', { name, n: most })
    for (const item of items) each(item)
  }

  private elements(object: ObjectNode, known: readonly string[]): void {
    for (const { name } of object.entries) {
      if (known.includes(name.value)) continue
      this.say(name, 'policies.unknownElement', { name: name.value, known: known.join(', ') })
    }
  }

  private say(at: Place, key: WordKey, values: Problem['values'] = {}): void {
    this.add(at, true, key, values)
  }

  private hint(at: Place, key: WordKey, values: Problem['values'] = {}): void {
    this.add(at, false, key, values)
  }

  private add(
    { from, to }: Place,
    isError: boolean,
    key: WordKey,
    values: Problem['values'],
  ): void {
    this.problems.push({ from, to, line: lineOf(this.text, from), isError, key, values })
  }
}

type Place = Pick<JsonNode, 'from' | 'to'>

const valueRules = {
  string: 'policies.mustBeText',
  numeric: 'policies.valueNumeric',
  date: 'policies.valueDate',
  bool: 'policies.valueBool',
  null: 'policies.valueBool',
  binary: 'policies.valueBinary',
  ip: 'policies.valueIp',
} as const satisfies Record<string, WordKey>

function memberOf(object: ObjectNode, name: string): JsonNode | undefined {
  return object.entries.findLast((entry) => entry.name.value === name)?.value
}

function textOf(node: JsonNode): string | undefined {
  if (node.kind === 'text') return node.value
  return node.kind === 'plain' && node.value !== null ? String(node.value) : undefined
}

/** Where the statements stand, from the first; for showing one. */
export function statementPlaces(text: string): readonly Place[] {
  try {
    const root = parseJson(text)
    const node = root.kind === 'object' ? memberOf(root, 'statement') : undefined
    return node?.kind === 'list' ? node.items : node ? [node] : []
  } catch {
    // No JSON yet: there is nothing to point at.
    return []
  }
}
