// A worker: told what to do by the primary alone. Signals that a terminal sends to the whole group are not
// for it; when the primary is gone it drains quickly and ends.

import cluster from 'node:cluster'
import { createLog, type Log } from '../log.ts'
import { StartError } from '../start-error.ts'
import { isMessage, type ToPrimary, type ToWorker } from './messages.ts'
import type { Program } from './program.ts'
import { crash, openLog, type Running, startServing } from './running.ts'

/** What transfers get when the primary was killed: someone is about to start the server anew. */
const orphanDrainMs = 5000

export function runWorker(program: Program): void {
  let running: Running | undefined
  let log = createLog({ level: 'error' })
  const fail = (error: unknown) => crash(log, error)
  process.on('uncaughtException', fail)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})

  async function stop(limitMs: number): Promise<void> {
    try {
      await running?.stop(limitMs)
      process.exit(0)
    } catch (error) {
      fail(error)
    }
  }

  process.on('message', (message: unknown) => {
    if (!isMessage<ToWorker>(message)) return
    switch (message.kind) {
      case 'start':
        log = openLog(message.config)
        start(program, message, log).then((started) => {
          running = started
        }, fail)
        break
      case 'drain':
        void stop(message.limitMs)
        break
      case 'metrics':
        void answerMetrics(running, message)
        break
    }
  })
  cluster.worker?.on('disconnect', () => {
    // Else Node ends the process here, in the middle of its transfers.
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true
    void stop(orphanDrainMs)
  })
  send({ kind: 'ready' })
}

async function start(
  program: Program,
  message: ToWorker & { kind: 'start' },
  log: Log,
): Promise<Running | undefined> {
  try {
    const running = await startServing(program, message.config, log, message.processName)
    send({ kind: 'listening', addresses: running.addresses })
    return running
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    process.send?.({ kind: 'failed', line: error.message } satisfies ToPrimary, () => {
      process.exit(1)
    })
    return undefined
  }
}

async function answerMetrics(
  running: Running | undefined,
  { request, withGauges }: ToWorker & { kind: 'metrics' },
): Promise<void> {
  const gauges = withGauges ? await running?.gauges() : undefined
  send({ kind: 'metrics', request, snapshot: running?.snapshot() ?? [], gauges })
}

function send(message: ToPrimary): void {
  if (process.connected) process.send?.(message)
}
