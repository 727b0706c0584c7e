// One server per data folder. The lock is the operating system's, taken through SQLite on a file of its own:
// it ends with the process, however that ends, so there is never a stale one to clear away.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from '../start-error.ts'
import { createPrivately } from './private-file.ts'

export interface DataLock {
  release(): void
}

/** Makes the data folder where there is none. Throws StartError: held by another process, or not writable. */
export function lockDataFolder(dataFolder: string): DataLock {
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw unwritable(dataFolder, error)
  }
  let database: DatabaseSync | undefined
  try {
    const path = join(dataFolder, 'lock.sqlite')
    // Whoever can read it can hold the lock.
    createPrivately(path)
    database = new DatabaseSync(path)
    // Nothing is ever written; the open transaction is the lock.
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch (error) {
    database?.close()
    if (isBusy(error)) {
      throw new StartError(
        `another server runs on the data folder ${dataFolder}. Stop it, or set ENTREPOT_DATA to a folder of its own.`,
      )
    }
    throw unwritable(dataFolder, error)
  }
  const held = database
  return { release: () => held.close() }
}

const sqliteBusy = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
}

function unwritable(dataFolder: string, cause: unknown): StartError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StartError(
    `the data folder ${dataFolder} can't be written: ${reason}. Give this user the right to write there, or set ENTREPOT_DATA.`,
    cause,
  )
}
