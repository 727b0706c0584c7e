// The thread behind `Database.heavy` on SQLite: long statements and checkpoints, on a connection of its own.

import { parentPort, workerData } from 'node:worker_threads'
import { SqliteConnection } from './sqlite-connection.ts'
import { sqliteCode } from './sqlite-errors.ts'
import type { WorkerReply, WorkerRequest } from './sqlite-heavy.ts'

/** This thread may sleep; what it sleeps for is another process's checkpoint or recovery. */
const busyTimeoutMs = 5000
/** Frames of 4 KiB not yet copied into the database file before a checkpoint is worth its fsyncs. */
const checkpointFrames = 1000
/** From this length on (64 MiB) the log is emptied, and writers wait as long as that takes. */
const truncateFrames = 16_384
/** Holding the write lock, how long to wait for readers of an old snapshot before giving up. */
const truncateTimeoutMs = 200

const { path } = workerData as { path: string }
const port = parentPort
if (!port) throw new Error('started as a worker only')

const connection = new SqliteConnection(path)
connection.exec(`pragma busy_timeout = ${busyTimeoutMs}`)

function checkpoint(isForced: boolean): void {
  const { log, checkpointed } = state('noop')
  if (!isForced && log - checkpointed < checkpointFrames) return
  const after = state('passive')
  if (!isForced && after.log < truncateFrames) return
  connection.exec(`pragma busy_timeout = ${truncateTimeoutMs}`)
  state('truncate')
  connection.exec(`pragma busy_timeout = ${busyTimeoutMs}`)
}

function state(mode: 'noop' | 'passive' | 'truncate'): { log: number; checkpointed: number } {
  const [row] = connection.all(`pragma wal_checkpoint(${mode})`, [])
  return { log: Number(row?.log), checkpointed: Number(row?.checkpointed) }
}

function reply(request: WorkerRequest): WorkerReply {
  const { id } = request
  try {
    switch (request.kind) {
      case 'execute':
        return { id, ...connection.execute(request.sql, request.params) }
      case 'checkpoint':
        checkpoint(request.isForced)
        return { id, rows: [], changes: 0 }
      case 'close':
        state('truncate')
        connection.close()
        return { id, rows: [], changes: 0 }
    }
  } catch (error) {
    return {
      id,
      error: {
        message: error instanceof Error ? error.message : String(error),
        errcode: sqliteCode(error),
      },
    }
  }
}

port.on('message', (request: WorkerRequest) => {
  port.postMessage(reply(request))
  if (request.kind === 'close') port.close()
})
