// What SQLite's result codes mean to a caller. The driver's errors carry the extended code, whose low
// byte is the primary one (sqlite.org/rescode.html).

import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { ApiError } from '@entrepot/contract/errors.ts'

const primary = { busy: 5, locked: 6, ioError: 10, corrupt: 11, full: 13, cantOpen: 14 } as const

/** With less room than this a failed write is taken as a full disk: SQLite does not pass errno on. */
const fullBelowBytes = 1024 * 1024

const uniqueCodes: ReadonlySet<number> = new Set([1555, 2067, 2579])

export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

function primaryCode(error: unknown): number | undefined {
  const code = sqliteCode(error)
  return code === undefined ? undefined : code & 0xff
}

/** Another connection holds the lock; to be tried again. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error)
  return code === primary.busy || code === primary.locked
}

export function isSqliteUniqueViolation(error: unknown): boolean {
  const code = sqliteCode(error)
  return code !== undefined && uniqueCodes.has(code)
}

export function isFullDisk(error: unknown): boolean {
  return primaryCode(error) === primary.full
}

/** The error as the caller of `db` gets it: a full disk and a failing disk are expected failures. */
export function fromSqliteError(error: unknown, path: string): unknown {
  switch (primaryCode(error)) {
    case primary.full:
      return new ApiError('STORAGE_FULL', { cause: error })
    case primary.ioError:
    case primary.cantOpen:
      return new ApiError(isFull(path) ? 'STORAGE_FULL' : 'UNAVAILABLE', { cause: error })
    default:
      return error
  }
}

function isFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize < fullBelowBytes
  } catch {
    // A file system that doesn't answer is a failing one, not a full one.
    return false
  }
}
