// docs/api-coverage.md: which declared actions have a handler.

import { fileURLToPath } from 'node:url'
import { actions } from '@entrepot/contract/catalog.ts'
import { coverage } from '@entrepot/contract/docs/coverage.ts'
import { buildHandlers } from './actions.ts'
import { systemClock } from './clock.ts'

export const coveragePath = fileURLToPath(new URL('../../../docs/api-coverage.md', import.meta.url))

export function renderCoverage(): string {
  const handlers = buildHandlers(systemClock())
  return coverage(
    actions,
    handlers.map((handler) => handler.action),
  )
}
