// One process that serves: the app, its log and its numbers, from start to drained.

import { type Config, secretsOf } from '../config.ts'
import { createLog, type Log } from '../log.ts'
import {
  type DeploymentGauges,
  type ServerMetrics,
  serverMetrics,
} from '../metrics/server-metrics.ts'
import type { ProcessSnapshot } from '../metrics/snapshot.ts'
import type { App, Program } from './program.ts'

export interface Running {
  readonly addresses: readonly string[]
  /** Repeatable: later calls wait for the first. */
  stop(limitMs: number): Promise<void>
  snapshot(): ProcessSnapshot
  gauges(): Promise<DeploymentGauges | undefined>
}

export function openLog(config: Config): Log {
  return createLog({ level: config.logLevel, secrets: secretsOf(config) })
}

/** An error that nothing expected ends the process; Node's own report of it would show what the log hides. */
export function crash(log: Log, error: unknown): never {
  log.error('the process ends: it met an error that nothing expected', { error })
  process.exit(1)
}

export async function startServing(
  program: Program,
  config: Config,
  log: Log,
  processName: string,
): Promise<Running> {
  const metrics = serverMetrics(processName)
  let app: App | undefined
  try {
    app = await program.createApp(config, { log, metrics })
    const addresses = await app.listen()
    return running(app, metrics, log, addresses)
  } catch (error) {
    metrics.close()
    await app?.close()
    throw error
  }
}

function running(
  app: App,
  metrics: ServerMetrics,
  log: Log,
  addresses: readonly string[],
): Running {
  let stopping: Promise<void> | undefined
  return {
    addresses,
    stop(limitMs) {
      stopping ??= app.drain(limitMs).finally(() => metrics.close())
      return stopping
    },
    snapshot: () => metrics.snapshot(),
    async gauges() {
      try {
        return await app.gauges()
      } catch (error) {
        // The database may be away; the numbers of the processes are wanted all the more then.
        log.warn('the gauges of the deployment could not be read', { error })
        return undefined
      }
    },
  }
}
