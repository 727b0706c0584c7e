// Every action that has a handler. An action of the contract that stands here not is answered UnsupportedOperation and
// listed in docs/api-coverage.md.

import type { Handler } from './actions/define.ts'
import { namespaceHandlers } from './namespaces/actions.ts'

export function buildHandlers(): readonly Handler[] {
  return [...namespaceHandlers]
}
