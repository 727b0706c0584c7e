// From the folder of a build to the one that is served, while it is served: first the files, whose names change with
// their content, then the page that names them. The former build's files stay until the next: pages that are open load
// the rest of theirs.

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const pageName = 'index.html'
/** Not served: its name begins with a dot. */
const recordName = '.build.json'
export const failureName = '.build-failure'

export interface BuildRecord {
  /** Of the sources. */
  readonly stamp: string
  readonly files: readonly string[]
}

export async function readRecord(dist: string): Promise<BuildRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(dist, recordName), 'utf8')) as BuildRecord
  } catch {
    // None, or of a build that was cut off: either way there is to be another.
    return undefined
  }
}

export async function publishBuild(built: string, dist: string, stamp: string): Promise<void> {
  const former = await readRecord(dist)
  // Without it a build that is cut off here would be taken for whole.
  await rm(join(dist, recordName), { force: true })
  const files = await listFiles(built)
  for (const file of files.toSorted((a, b) => Number(a === pageName) - Number(b === pageName))) {
    await mkdir(dirname(join(dist, file)), { recursive: true })
    await rename(join(built, file), join(dist, file))
  }
  const kept = new Set([...files, ...(former?.files ?? [])])
  for (const file of await listFiles(dist)) {
    if (!kept.has(file)) await rm(join(dist, file), { force: true })
  }
  const record: BuildRecord = { stamp, files }
  await writeFile(join(dist, recordName), JSON.stringify(record))
  await rm(join(dist, failureName), { force: true })
}

/** Without what begins with a dot. */
async function listFiles(folder: string, inner = ''): Promise<string[]> {
  const entries = await readdir(join(folder, inner), { withFileTypes: true })
  const lists = entries
    .filter(({ name }) => !name.startsWith('.'))
    .map(async (entry) => {
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`
      return entry.isDirectory() ? listFiles(folder, path) : [path]
    })
  return (await Promise.all(lists)).flat()
}
