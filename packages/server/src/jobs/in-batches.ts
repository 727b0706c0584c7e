import type { Tx } from '../db/database.ts'
import type { JobContext } from './jobs.ts'

/** Repeats `batch`, each in a transaction of its own, until one did not find `maxRows` to work on. */
export async function inBatches(
  { write, signal }: Pick<JobContext, 'write' | 'signal'>,
  maxRows: number,
  batch: (tx: Tx, maxRows: number) => Promise<number | bigint>,
): Promise<void> {
  let rows: number
  do {
    signal.throwIfAborted()
    rows = Number(await write((tx) => batch(tx, maxRows)))
  } while (rows === maxRows)
}
