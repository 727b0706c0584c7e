// Keys in order out of a tree of folders. Within a folder a subfolder sorts as its name with a '/', which is how
// its keys compare with the files beside it; so one walk yields ascending keys and skips what is not asked for.

import { join } from 'node:path'
import { disk, isFault } from './disk.ts'
import type { ObjectStat } from './driver.ts'

interface Wanted {
  readonly prefix: string
  readonly after: string
  readonly limit: number
}

export async function listFolder(
  root: string,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<readonly ObjectStat[]> {
  const found: ObjectStat[] = []
  for await (const key of walk(root, '', wanted, signal)) {
    const stat = await statObject(root, key)
    if (stat) found.push(stat)
    if (found.length >= wanted.limit) break
  }
  return found
}

export async function statObject(root: string, key: string): Promise<ObjectStat | undefined> {
  try {
    const stat = await disk.stat(join(root, key))
    if (!stat.isFile()) return undefined
    return { key, sizeBytes: stat.size, modifiedAtMs: Math.floor(stat.mtimeMs) }
  } catch (error) {
    if (isFault(error, 'missing')) return undefined
    throw error
  }
}

async function* walk(
  root: string,
  above: string,
  wanted: Wanted,
  signal: AbortSignal,
): AsyncGenerator<string> {
  signal.throwIfAborted()
  const entries = await disk.readdir(join(root, above))
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
  names.sort()
  for (const name of names) {
    const key = above + name
    if (!key.endsWith('/')) {
      if (key > wanted.after && key.startsWith(wanted.prefix)) yield key
    } else if (mayHold(key, wanted)) yield* walk(root, key, wanted, signal)
  }
}

/** Whether keys below `folder` (which ends in '/') can be asked for. */
function mayHold(folder: string, { prefix, after }: Wanted): boolean {
  if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) return false
  return after < folder || after.startsWith(folder)
}
