// One request to a chart repository, as its endpoints see it.

import type { ChartIndexes } from '../charts/namespace-index.ts'
import type { Call } from '../registry/call.ts'

export interface ChartCall extends Call {
  readonly indexes: ChartIndexes
  /** Before anything is asked about these repositories: what policies of the caller want to know of them. */
  know(paths: readonly string[]): Promise<void>
  /** A body of limited size, whole; only so many are held at once. Throws REQUEST_TOO_LARGE. */
  withBody<T>(work: (bytes: Buffer) => Promise<T>): Promise<T>
}
