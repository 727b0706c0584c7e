// SQLite makes its files readable by everybody; a file that is there before keeps its mode.

import { closeSync, openSync } from 'node:fs'

/** Leaves a file that is there alone: to open and close it would give up the locks that this process has on it. */
export function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    if (!isThere) throw error
  }
}
