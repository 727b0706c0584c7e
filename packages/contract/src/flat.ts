// Requests as flat parameters (signature v1, and GET): `Filters.0.Values.1=a`. The declaration says what is a number,
// a flag, a list; everything is text on the wire.

import type { Field, Fields } from './fields.ts'

/** A list's index beyond it is no honest caller's; the declared limits are checked later. */
const maxIndex = 1000

/** The request as JSON would have had it; what is undeclared or malformed stays, for validation to refuse. */
export function unflatten(
  fields: Fields,
  parameters: readonly (readonly [name: string, value: string])[],
): Record<string, unknown> {
  const tree: Node = new Map()
  for (const [name, value] of parameters) insert(tree, name.split('.'), value)
  return toObject(fields, tree)
}

type Node = Map<string, Node | string>

function insert(tree: Node, path: readonly string[], value: string): void {
  let node = tree
  for (const step of path.slice(0, -1)) {
    const next = node.get(step)
    if (next instanceof Map) {
      node = next
      continue
    }
    const made: Node = new Map()
    node.set(step, made)
    node = made
  }
  node.set(path.at(-1) ?? '', value)
}

function toObject(fields: Fields, tree: Node): Record<string, unknown> {
  // From entries: a parameter named `__proto__` is a parameter like any other.
  return Object.fromEntries(
    [...tree].map(([name, node]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined
      return [name, field ? toValue(field, node) : node]
    }),
  )
}

function toValue(field: Field, node: Node | string): unknown {
  switch (field.kind) {
    case 'text':
      return node
    case 'integer':
    case 'number':
      return typeof node === 'string' && /^-?\d+(\.\d+)?$/.test(node) ? Number(node) : node
    case 'flag':
      if (node === 'true' || node === '1') return true
      return node === 'false' || node === '0' ? false : node
    case 'list':
      return node instanceof Map ? toList(field.item, node) : node
    case 'object':
      return node instanceof Map ? toObject(field.structure.fields, node) : node
  }
}

function toList(item: Field, tree: Node): unknown {
  const items: unknown[] = []
  const indexes = [...tree.keys()].sort((a, b) => Number(a) - Number(b))
  for (const index of indexes) {
    if (!/^\d+$/.test(index) || Number(index) > maxIndex) return Object.fromEntries(tree)
    const node = tree.get(index)
    if (node !== undefined) items.push(toValue(item, node))
  }
  return items
}

/** The other way round, as the SDKs write it. */
export function flatten(value: unknown, prefix = ''): [string, string][] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') return [[prefix, String(value)]]
  return Object.entries(value).flatMap(([name, one]) =>
    flatten(one, prefix === '' ? name : `${prefix}.${name}`),
  )
}
