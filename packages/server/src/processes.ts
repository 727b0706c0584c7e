// `entrepot serve`: one process, or a primary with workers. The primary holds the data folder's lock, makes
// the deployment ready once, serves /metrics, replaces workers that die and drains them all on a signal.

import cluster from 'node:cluster'
import { flushCompileCache } from 'node:module'
import type { Clock } from './clock.ts'
import type { Config, LoadedConfig } from './config.ts'
import { type DataLock, lockDataFolder } from './db/data-lock.ts'
import type { Log } from './log.ts'
import { deploymentSnapshot, serverMetrics } from './metrics/server-metrics.ts'
import type { ProcessSnapshot } from './metrics/snapshot.ts'
import { announceFirstStart, registryName } from './processes/first-start.ts'
import { type MetricsEndpoint, serveMetrics } from './processes/metrics-endpoint.ts'
import { preflight } from './processes/preflight.ts'
import type { Program, Terminal } from './processes/program.ts'
import { crash, openLog, startServing } from './processes/running.ts'
import { runWorker } from './processes/worker.ts'
import { type RestartPolicy, WorkerPool } from './processes/worker-pool.ts'

interface ServeOptions {
  readonly terminal: Terminal
  readonly clock: Clock
  readonly restartPolicy?: RestartPolicy
}

/** True in a process that the primary forked: it is a worker and nothing else. */
export function becomeWorker(program: Program): boolean {
  if (cluster.isPrimary) return false
  runWorker(program)
  return true
}

/** Serves until a signal has drained it; resolves with the exit code. Throws StartError. */
export async function serve(
  program: Program,
  { config, warnings }: LoadedConfig,
  options: ServeOptions,
): Promise<number> {
  const log = openLog(config)
  const onBug = (error: unknown) => crash(log, error)
  process.on('uncaughtException', onBug)
  for (const warning of warnings) log.warn(warning)
  let lock: DataLock | undefined
  try {
    await preflight(config)
    lock = lockDataFolder(config.dataFolder)
    const credentials = await program.prepareDeployment(config, log)
    if (credentials) {
      const registry = registryName(config.listen)
      const { dataFolder } = config
      await announceFirstStart({ credentials, dataFolder, registry }, options.terminal)
    }
    return await serveUntilSignal(program, config, log, options)
  } finally {
    lock?.release()
    process.off('uncaughtException', onBug)
  }
}

interface Serving {
  readonly addresses: readonly string[]
  readonly failed: Promise<never>
  drain(limitMs: number): Promise<void>
  kill(): void
  snapshots(): Promise<readonly ProcessSnapshot[]>
}

async function serveUntilSignal(
  program: Program,
  config: Config,
  log: Log,
  options: ServeOptions,
): Promise<number> {
  const signals = watchSignals(options.clock)
  const serving =
    config.processes === 1
      ? await serveAlone(program, config, log)
      : await servePool(config, log, options)
  signals.onSecond((code) => {
    serving.kill()
    process.exit(code)
  })
  let metrics: MetricsEndpoint | undefined
  try {
    if (config.metricsListen !== 'off') {
      metrics = await serveMetrics(config.metricsListen, () => serving.snapshots(), log)
    }
    const count = config.processes === 1 ? '' : ` (${config.processes} processes)`
    options.terminal.print(
      `Entrepot ${program.version} listens on ${serving.addresses.join(', ')}${count}`,
    )
    // Now rather than at the end, which may be a kill -9.
    flushCompileCache()
    await Promise.race([signals.first, serving.failed])
    log.info('draining', { limitMs: config.drainMs })
    await serving.drain(config.drainMs)
    log.info('drained')
    return 0
  } catch (error) {
    serving.kill()
    throw error
  } finally {
    metrics?.close()
    signals.close()
  }
}

async function serveAlone(program: Program, config: Config, log: Log): Promise<Serving> {
  const running = await startServing(program, config, log, '1')
  return {
    addresses: running.addresses,
    // One process that fails is gone.
    failed: new Promise<never>(() => {}),
    drain: (limitMs) => running.stop(limitMs),
    kill: () => {},
    async snapshots() {
      const gauges = await running.gauges()
      return [running.snapshot(), gauges ? deploymentSnapshot(gauges) : []]
    },
  }
}

async function servePool(config: Config, log: Log, options: ServeOptions): Promise<Serving> {
  const { clock, restartPolicy } = options
  const pool = new WorkerPool({
    config,
    log,
    clock,
    ...(restartPolicy && { policy: restartPolicy }),
  })
  const addresses = await pool.start()
  const own = serverMetrics('primary')
  return {
    addresses,
    failed: pool.failed,
    async drain(limitMs) {
      await pool.drain(limitMs)
      own.close()
    },
    kill: () => pool.kill(),
    snapshots: async () => [own.snapshot(), ...(await pool.snapshots())],
  }
}

// A terminal's Ctrl-C reaches us twice within a moment, from the terminal and passed on by whoever started
// us; somebody who asks a second time does so later.
const sameSignalMs = 1000
const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

function watchSignals(clock: Pick<Clock, 'monotonicMs'>) {
  const first = Promise.withResolvers<void>()
  let firstAtMs: number | undefined
  let second: (code: number) => void = (code) => process.exit(code)
  const listeners = Object.entries(signalCodes).map(([name, code]) => {
    const listener = () => {
      const nowMs = clock.monotonicMs()
      if (firstAtMs === undefined) {
        firstAtMs = nowMs
        first.resolve()
      } else if (nowMs - firstAtMs >= sameSignalMs) second(code)
    }
    process.on(name, listener)
    return { name, listener }
  })
  return {
    first: first.promise,
    onSecond(act: (code: number) => void) {
      second = act
    },
    close() {
      for (const { name, listener } of listeners) process.off(name, listener)
    },
  }
}
