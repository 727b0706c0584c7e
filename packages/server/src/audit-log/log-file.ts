// Audit rows as lines of a file. It is opened for each batch, so whoever rotates it by renaming needs to tell nobody;
// and a day's file (UTC) is closed by renaming it, `audit.ndjson` to `audit.ndjson-2026-06-15`.

import { mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface LogLine {
  readonly at: number
  readonly text: string
}

/** In order. `lastAt`: of the line that was written before; it says which day's file this is. */
export async function appendLines(
  path: string,
  lines: readonly LogLine[],
  lastAt: number | null,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  let day = lastAt === null ? undefined : dayOf(lastAt)
  let batch: string[] = []
  for (const line of lines) {
    const next = dayOf(line.at)
    // Rows that were late stay in the file that is open.
    if (day !== undefined && next > day) {
      await append(path, batch)
      await closeDay(path, day)
      batch = []
    }
    day = day === undefined || next > day ? next : day
    batch.push(line.text)
  }
  await append(path, batch)
}

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

async function append(path: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return
  const file = await open(path, 'a', 0o600)
  try {
    await file.appendFile(`${lines.join('\n')}\n`)
    // What counts as arrived must survive a loss of power.
    await file.sync()
  } finally {
    await file.close()
  }
}

/** After a crash between this and the moving of the place the day is closed already: then it stays as it is. */
async function closeDay(path: string, day: string): Promise<void> {
  const closed = `${path}-${day}`
  if ((await exists(closed)) || !(await exists(path))) return
  await rename(path, closed)
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
