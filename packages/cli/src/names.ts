// Names as the API has them, `RegistryId`, and as command lines have them, `registry-id`.

import { type Action, type Product, productVersions } from '@entrepot/contract/action.ts'
import { actions } from '@entrepot/contract/catalog.ts'
import { type CommandError, usageError } from './failures.ts'

export const products = Object.keys(productVersions) as readonly Product[]

/** `AIModelId` → `ai-model-id`, `EnableCosMAZ` → `enable-cos-maz`. */
export function toKebab(name: string): string {
  return name
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
}

/** In either form. */
export function isNamed(given: string, name: string): boolean {
  return given === name || given === toKebab(name)
}

export function actionsOfProduct(product: Product): readonly Action[] {
  return actions.filter((action) => action.product === product)
}

export function isProduct(name: string): name is Product {
  return (products as readonly string[]).includes(name)
}

export function getAction(product: Product, name: string): Action {
  const known = actionsOfProduct(product)
  const action = known.find((one) => isNamed(name, one.name))
  if (action) return action
  const names = known.flatMap((one) => [one.name, toKebab(one.name)])
  throw unknownName(
    { en: `${product} has no action ${name}`, zh: `${product} 没有接口 ${name}` },
    nearestName(name, names),
    `entrepot ${product} --help`,
  )
}

export function unknownName(
  what: { readonly en: string; readonly zh: string },
  near: string | undefined,
  help: string,
): CommandError {
  return near === undefined
    ? usageError(`${what.en}; see: ${help}`, `${what.zh}，请参阅：${help}`)
    : usageError(`${what.en}; did you mean ${near}?`, `${what.zh}，是否想输入 ${near}？`)
}

/** Farther off it is another word. */
const maxDistance = 3

export function nearestName(name: string, known: readonly string[]): string | undefined {
  const limit = Math.min(maxDistance, Math.floor(name.length / 2))
  let best: string | undefined
  let least = limit + 1
  for (const one of known) {
    const distance = editDistance(name.toLowerCase(), one.toLowerCase())
    if (distance < least) [best, least] = [one, distance]
  }
  return best
}

/** Levenshtein's, row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (row[j] ?? 0) + (letter === b[j] ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
