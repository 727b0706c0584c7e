// Makes packages/console/dist out of the sources, when they have changed since it was made. Several at once make it
// once; the server serves the former one meanwhile.

import { mkdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { compressFiles } from './compress.ts'
import { failureName, publishBuild, readRecord } from './publish.ts'
import { sourcesStamp } from './stamp.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const packageFolder = join(root, 'packages', 'console')
export const distFolder = join(packageFolder, 'dist')

/** A build takes half a minute on a slow machine. */
const maxWaitMs = 10 * 60_000
const askAgainMs = 200
const maxFailureChars = 4000

/** False: what is there is of these sources. Throws what Vite throws; the page then says it too. */
export async function buildConsole(say: (line: string) => void = () => {}): Promise<boolean> {
  if (await isBuilt()) return false
  mkdirSync(distFolder, { recursive: true })
  const release = await takeLock(say)
  try {
    // Another may have built it while we waited.
    if (await isBuilt()) return false
    say('building the console …')
    await build()
    return true
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    const failure = stripVTControlCharacters(words).slice(0, maxFailureChars)
    await writeFile(join(distFolder, failureName), failure)
    throw error
  } finally {
    release()
  }
}

async function isBuilt(): Promise<boolean> {
  const record = await readRecord(distFolder)
  return record !== undefined && record.stamp === sourcesStamp(root)
}

async function build(): Promise<void> {
  // Before they are read: what changes meanwhile asks for another build.
  const stamp = sourcesStamp(root)
  const built = join(distFolder, '.next')
  const vite = await import('vite')
  await vite.build({
    root: packageFolder,
    configFile: join(packageFolder, 'vite.config.ts'),
    // Node reads it as it stands; the default would write a copy beside it.
    configLoader: 'native',
    cacheDir: join(root, 'node_modules', '.cache', 'vite'),
    logLevel: 'silent',
    build: { outDir: built, emptyOutDir: true },
  })
  await compressFiles(join(built, 'assets'))
  await publishBuild(built, distFolder, stamp)
  await rm(built, { recursive: true, force: true })
}

/** The system frees it with the process, however that ends. */
async function takeLock(say: (line: string) => void): Promise<() => void> {
  const lock = new DatabaseSync(join(distFolder, '.lock.sqlite'), { timeout: 0 })
  for (let waitedMs = 0; ; waitedMs += askAgainMs) {
    try {
      lock.exec('begin exclusive')
      return () => lock.close()
    } catch (error) {
      const isBusy = error instanceof Error && error.message.includes('database is locked')
      if (!isBusy || waitedMs >= maxWaitMs) {
        lock.close()
        throw error
      }
    }
    if (waitedMs === 0) say('waiting for another build of the console …')
    await delay(askAgainMs)
  }
}
