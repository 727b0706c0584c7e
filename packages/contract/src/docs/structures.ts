// The named structures that some actions use, wherever they stand in requests and replies.

import type { Action } from '../action.ts'
import type { Field, Fields, Structure } from '../fields.ts'

/** Each once, by name. A test holds that a name has one definition in a product. */
export function listStructures(actions: readonly Action[]): readonly Structure<Fields>[] {
  const found = new Map<string, Structure<Fields>>()
  for (const { input, output } of actions) {
    for (const structure of [...structuresOf(input), ...structuresOf(output)]) {
      found.set(structure.name, structure)
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Every mention: with those inside others, and as often as they stand there. */
export function structuresOf(fields: Fields): readonly Structure<Fields>[] {
  return Object.values(fields).flatMap((field) => {
    const structure = structureOf(field)
    return structure ? [structure, ...structuresOf(structure.fields)] : []
  })
}

function structureOf(field: Field): Structure<Fields> | undefined {
  if (field.kind === 'list') return structureOf(field.item)
  return field.kind === 'object' ? field.structure : undefined
}
