// What the processes run: `app.ts` fulfils this, and the tests' stand-in.

import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { DeploymentGauges, ServerMetrics } from '../metrics/server-metrics.ts'
import type { FirstCredentials } from './first-start.ts'

export interface App {
  /** Resolves when every address takes connections, with the addresses as URLs. */
  listen(): Promise<readonly string[]>
  /**
   * No new connections; running transfers end, or are ended after `limitMs`; jobs hand back their leases;
   * counts are flushed; everything is closed.
   */
  drain(limitMs: number): Promise<void>
  /** Closes at once what `createApp` opened; instead of draining, when it can't listen. */
  close(): Promise<void>
  /** What `/metrics` reads from the database; asked of one process at a time. */
  gauges(): Promise<DeploymentGauges>
}

export interface AppOptions {
  readonly log: Log
  readonly metrics: ServerMetrics
}

export interface Program {
  readonly version: string
  /** Once, before anything serves: migrations, the store's marker, the first start. */
  prepareDeployment(config: Config, log: Log): Promise<FirstCredentials | undefined>
  createApp(config: Config, options: AppOptions): Promise<App>
}

/** Where plain lines for a person go (logs go to stderr by themselves). */
export interface Terminal {
  readonly isTTY: boolean
  print(line: string): void
}
