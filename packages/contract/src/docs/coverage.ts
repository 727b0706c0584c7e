// Which declared actions have a handler: docs/api-coverage.md, which the server renders, as it knows the handlers.

import { type Action, productVersions } from '../action.ts'
import { table } from './markdown.ts'

export function coverage(actions: readonly Action[], implemented: readonly Action[]): string {
  const done = new Set(implemented)
  const rows: string[][] = []
  const waiting: string[] = []
  for (const product of Object.keys(productVersions)) {
    const declared = actions.filter((action) => action.product === product)
    const missing = declared.filter((action) => !done.has(action))
    if (declared.length === 0) continue
    rows.push([product, ...[declared.length, declared.length - missing.length].map(String)])
    if (missing.length === 0) continue
    waiting.push(`### ${product}`, missing.map(({ name }) => `- ${name}`).join('\n'))
  }
  const total = [actions.length, actions.filter((action) => done.has(action)).length]
  rows.push(['all', ...total.map(String)])
  const blocks = [
    '# Coverage of the API',
    'Which of the declared actions work. The others answer `UnsupportedOperation`. Made from the contract and the ' +
      "server's handlers; a change by hand is lost.",
    table(['Product', 'Declared', 'Implemented'], rows).join('\n'),
    ...(waiting.length === 0 ? [] : ['## Waiting', ...waiting]),
  ]
  return `${blocks.join('\n\n')}\n`
}
