// JSON with the place of each value, so that a mistake in a policy can be shown where it stands.

interface Span {
  readonly from: number
  readonly to: number
}

export interface TextNode extends Span {
  readonly kind: 'text'
  readonly value: string
}
export interface ObjectNode extends Span {
  readonly kind: 'object'
  readonly entries: readonly { readonly name: TextNode; readonly value: JsonNode }[]
}
export interface ListNode extends Span {
  readonly kind: 'list'
  readonly items: readonly JsonNode[]
}
/** A number, true, false or null. */
export interface PlainNode extends Span {
  readonly kind: 'plain'
  readonly value: unknown
}
export type JsonNode = TextNode | ObjectNode | ListNode | PlainNode

export type Mistake = 'value' | 'comma' | 'name' | 'colon' | 'text' | 'end'

/** Why a text is no JSON: what was expected, and where. */
export class JsonMistake extends Error {
  readonly expected: Mistake
  readonly at: number

  constructor(expected: Mistake, at: number) {
    super(`${expected} expected at ${at}`)
    this.expected = expected
    this.at = at
  }
}

/** Deeper ones are no policies, and would exhaust the stack. */
const maxDepth = 64

/** Throws JsonMistake. */
export function parseJson(text: string): JsonNode {
  const reader = new Reader(text)
  const node = reader.value(0)
  reader.skipBlanks()
  if (reader.at < text.length) throw new JsonMistake('end', reader.at)
  return node
}

const plain = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in a string
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y

class Reader {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  skipBlanks(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? '.')) this.at += 1
  }

  value(depth: number): JsonNode {
    this.skipBlanks()
    if (depth > maxDepth) throw new JsonMistake('value', this.at)
    const first = this.text[this.at]
    if (first === '{') return this.object(depth)
    if (first === '[') return this.list(depth)
    if (first === '"') return this.string()
    const from = this.at
    const found = this.match(plain)
    if (found === undefined) throw new JsonMistake('value', from)
    return { kind: 'plain', value: JSON.parse(found), from, to: this.at }
  }

  private object(depth: number): ObjectNode {
    const from = this.at
    const entries = this.items('}', () => {
      if (this.text[this.at] !== '"') throw new JsonMistake('name', this.at)
      const name = this.string()
      this.skipBlanks()
      if (this.text[this.at] !== ':') throw new JsonMistake('colon', this.at)
      this.at += 1
      return { name, value: this.value(depth + 1) }
    })
    return { kind: 'object', entries, from, to: this.at }
  }

  private list(depth: number): ListNode {
    const from = this.at
    const items = this.items(']', () => this.value(depth + 1))
    return { kind: 'list', items, from, to: this.at }
  }

  /** What stands between the bracket here and `end`. */
  private items<T>(end: string, item: () => T): T[] {
    const items: T[] = []
    this.at += 1
    this.skipBlanks()
    if (this.text[this.at] === end) {
      this.at += 1
      return items
    }
    for (;;) {
      this.skipBlanks()
      items.push(item())
      this.skipBlanks()
      const next = this.text[this.at]
      if (next !== ',' && next !== end) throw new JsonMistake('comma', this.at)
      this.at += 1
      if (next === end) return items
    }
  }

  private string(): TextNode {
    const from = this.at
    const found = this.match(string)
    if (found === undefined) throw new JsonMistake('text', from)
    return { kind: 'text', value: JSON.parse(found), from, to: this.at }
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    this.at += found?.length ?? 0
    return found
  }
}

/** From 1. */
export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}
