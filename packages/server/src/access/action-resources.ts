// The resources that a call of an action is about, as its declaration says.

import type { Action } from '@entrepot/contract/action.ts'

/** The last segments; `*` where it is about none. */
export function resourcesOf(
  { access }: Pick<Action, 'access'>,
  input: Readonly<Record<string, unknown>>,
): string[] {
  if (access.kind !== 'resource' && access.kind !== 'list') return ['*']
  return access.resources.flatMap((template) => fill(template, input))
}

const placeholder = /\{(\w+)\}/

/** One for each item of a list. What callers write is put in and never looked at again. */
function fill(template: string, input: Readonly<Record<string, unknown>>): string[] {
  // Texts and names in turns: `a{X}b` is a, X, b.
  const [first = '', ...rest] = template.split(placeholder)
  let filled = [first]
  for (let i = 0; i < rest.length; i += 2) {
    const value = input[rest[i] ?? '']
    const values = Array.isArray(value) && value.length > 0 ? value : [value]
    const texts = values.map((one) => (typeof one === 'string' && one !== '' ? one : textOf(one)))
    filled = filled.flatMap((begun) => texts.map((text) => `${begun}${text}${rest[i + 1] ?? ''}`))
  }
  return filled
}

/** What the caller left out may be anything. */
function textOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : '*'
}
