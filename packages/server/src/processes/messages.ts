// What the primary and its workers say to each other. Config crosses as it is (structured clone), so that
// every worker, also one forked a week later, runs with the settings that the server started with.

import type { Config } from '../config.ts'
import type { DeploymentGauges } from '../metrics/server-metrics.ts'
import type { ProcessSnapshot } from '../metrics/snapshot.ts'

export type ToWorker =
  | { readonly kind: 'start'; readonly config: Config; readonly processName: string }
  | { readonly kind: 'drain'; readonly limitMs: number }
  | { readonly kind: 'metrics'; readonly request: number; readonly withGauges: boolean }

export type ToPrimary =
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly addresses: readonly string[] }
  /** An expected failure, as the line that the operator sees. */
  | { readonly kind: 'failed'; readonly line: string }
  | {
      readonly kind: 'metrics'
      readonly request: number
      readonly snapshot: ProcessSnapshot
      readonly gauges: DeploymentGauges | undefined
    }

/** Both ends are this program; anything else on the channel is the cluster's own. */
export function isMessage<M extends ToWorker | ToPrimary>(value: unknown): value is M {
  return typeof value === 'object' && value !== null && 'kind' in value
}
