// The text of actions.ts, from the contract.

import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Action } from '@entrepot/contract/action.ts'
import { actions } from '@entrepot/contract/catalog.ts'

const contract = join(import.meta.dirname, '..', '..', '..', 'contract', 'src')

interface Place {
  readonly constant: string
  readonly module: string
}

export const listedActions = [...actions].sort((a, b) => (a.name < b.name ? -1 : 1))

export async function generateActions(): Promise<string> {
  const places = await findPlaces()
  const placeOf = (action: Action): Place => {
    const place = places.get(action)
    if (!place) throw new Error(`no module of the contract exports ${action.name}`)
    return place
  }
  const modules = Map.groupBy(listedActions, (action) => placeOf(action).module)
  const imports = [...modules.keys()].sort().map((module) => {
    return `import type * as ${aliasOf(module)} from '@entrepot/contract/${module}'`
  })
  const types = listedActions.map((action) => {
    const { module, constant } = placeOf(action)
    return `  ${action.name}: typeof ${aliasOf(module)}.${constant}`
  })
  const products = listedActions.map(({ name, product }) => `  ${name}: '${product}',`)
  const sized = listedActions.flatMap(({ name, paging, input }) => {
    if (paging !== 'page-size') return []
    return [`  ${name}: '${'Rp' in input ? 'Rp' : 'PageSize'}',`]
  })
  return [
    '// Made by packages/console/generate.ts from the contract; a change by hand is lost.',
    '',
    ...imports,
    '',
    'export interface Actions {',
    ...types,
    '}',
    '',
    'export const products = {',
    ...products,
    '} as const satisfies Record<keyof Actions, string>',
    '',
    '/** Lists that count pages from 1, and the field that holds the size of one. The others have Offset and Limit. */',
    'export const pageSizeFields: { readonly [name in keyof Actions]?: string } = {',
    ...sized,
    '}',
    '',
  ].join('\n')
}

/** `tcr/namespaces.ts` is `tcrNamespaces`. */
function aliasOf(module: string): string {
  return module
    .replace(/\.ts$/, '')
    .replaceAll(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** By action, where the contract declares it. */
export async function findPlaces(): Promise<ReadonlyMap<unknown, Place>> {
  const places = new Map<unknown, Place>()
  for (const file of globSync('*/**/*.ts', { cwd: contract })) {
    if (file.endsWith('.test.ts') || file.startsWith('docs')) continue
    const module = relative(contract, join(contract, file)).replaceAll('\\', '/')
    const exported: Record<string, unknown> = await import(join(contract, file))
    for (const [constant, value] of Object.entries(exported))
      places.set(value, { constant, module })
  }
  return places
}
