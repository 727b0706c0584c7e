// `entrepot doctor`: looks at everything that a server needs, changes nothing but a probe that it removes,
// and says of each part whether it is well and, where not, what to do.

import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { openConfiguredDatabase, openConfiguredStore, storeOpener } from '../app.ts'
import { blobLimitWarning } from '../blobs/limit.ts'
import { type Clock, systemClock } from '../clock.ts'
import { readTlsFiles } from '../config/tls-files.ts'
import { type Config, type LoadedConfig, readConfig, secretsOf } from '../config.ts'
import { openVault } from '../crypto/vault.ts'
import type { Database } from '../db/database.ts'
import { inspectDurability, networkFileSystem } from '../db/durability.ts'
import { findSchemaVersion, schemaVersion } from '../db/migrate.ts'
import { silentLog } from '../log.ts'
import { redactor } from '../redact.ts'
import { ConfigError } from '../start-error.ts'
import { backendSource, listStores } from '../storage/backends.ts'
import type { Driver } from '../storage/driver.ts'
import { probeStore } from '../storage/probe.ts'
import { Stores } from '../storage/stores.ts'
import { startErrorFor } from './serve.ts'

export interface Finding {
  readonly level: 'ok' | 'warn' | 'error'
  readonly part: string
  /** What is so, and for anything but `ok` what to do. */
  readonly text: string
}

/** Prints a line per finding; the exit code is 1 where one is an error. */
export async function doctor(print: (line: string) => void): Promise<number> {
  let loaded: LoadedConfig
  try {
    loaded = readConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    print(findingLine({ level: 'error', part: 'settings', text: error.message }))
    return 1
  }
  const hide = redactor(secretsOf(loaded.config))
  let isWell = true
  for await (const finding of examine(loaded, systemClock())) {
    print(hide(findingLine(finding)))
    if (finding.level === 'error') isWell = false
  }
  return isWell ? 0 : 1
}

function findingLine({ level, part, text }: Finding): string {
  return `${level.padEnd(5)}  ${part.padEnd(8)}  ${text}`
}

export async function* examine(
  { config, warnings }: LoadedConfig,
  clock: Clock,
): AsyncGenerator<Finding> {
  for (const text of warnings) yield { level: 'warn', part: 'settings', text }
  yield settingsFinding(config)
  yield* await examined('disk', () => diskFindings(config))
  yield* await examined('database', () => databaseFindings(config, clock))
  yield* await examined('storage', () => storageFindings(config, clock))
  yield* await examined('storage', () => namedStoreFindings(config, clock))
}

/** A part that fails is a finding, and the next part is looked at all the same. */
async function examined(
  part: string,
  work: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await work()
  } catch (error) {
    const known = startErrorFor(error)
    const text = known?.message ?? (error instanceof Error ? error.message : String(error))
    return [{ level: 'error', part, text }]
  }
}

function settingsFinding(config: Config): Finding {
  if (config.tls.kind === 'files') {
    try {
      readTlsFiles(config.tls)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return { level: 'error', part: 'settings', text: error.message }
    }
  }
  return { level: 'ok', part: 'settings', text: 'all settings can be used' }
}

async function diskFindings(config: Config): Promise<Finding[]> {
  const folder = await nearestFolder(config.dataFolder)
  const { bavail, bsize, ffree, files } = await statfs(folder)
  const freeBytes = bavail * bsize
  const reserve = config.limits.diskReserveBytes
  const free = `${Math.floor(freeBytes / 2 ** 20)} MiB free at ${folder}`
  const findings: Finding[] = [
    freeBytes < reserve
      ? {
          level: 'error',
          part: 'disk',
          text: `${free}, less than ENTREPOT_DISK_RESERVE_BYTES: uploads are refused. Free some space.`,
        }
      : { level: 'ok', part: 'disk', text: free },
  ]
  if (files > 0 && ffree * 100 < files) {
    findings.push({
      level: 'warn',
      part: 'disk',
      text: `less than 1 % of the inodes are free at ${folder}. Remove files, or make the file system anew with more.`,
    })
  }
  return findings
}

/** The data folder may not be there yet: then what it would be made in. */
async function nearestFolder(path: string): Promise<string> {
  try {
    await statfs(path)
    return path
  } catch (error) {
    const parent = dirname(path)
    if (parent === path) throw error
    return nearestFolder(parent)
  }
}

async function databaseFindings(config: Config, clock: Clock): Promise<Finding[]> {
  const findings: Finding[] = []
  if (config.database.kind === 'sqlite') {
    // Before it is opened: opening takes the locks that can't be relied on there.
    const kind = networkFileSystem((await statfs(await nearestFolder(config.dataFolder))).type)
    if (kind !== undefined) {
      return [
        {
          level: 'error',
          part: 'database',
          text: `SQLite would lie on a network file system (${kind}), whose locks it can't rely on. Set ENTREPOT_DATA to a local disk, or use PostgreSQL.`,
        },
      ]
    }
    if (!(await exists(config.database.path))) {
      return [{ level: 'ok', part: 'database', text: 'SQLite; made at first start' }]
    }
  }
  const db = await openConfiguredDatabase(config, { log: silentLog, clock })
  try {
    findings.push(...(await openDatabaseFindings(db)))
    findings.push(await clockFinding(db, clock))
  } finally {
    await db.close()
  }
  return findings
}

async function exists(path: string): Promise<boolean> {
  try {
    await statfs(path)
    return true
  } catch {
    return false
  }
}

// A question over a good network takes one or two; every request asks at least one.
const slowPingMs = 20

async function openDatabaseFindings(db: Database): Promise<Finding[]> {
  const part = 'database'
  const findings: Finding[] = []
  const version = await findSchemaVersion(db.read)
  if (version > schemaVersion) {
    findings.push({
      level: 'error',
      part,
      text: `its schema has version ${version}, this program knows ${schemaVersion}. Start the newer release.`,
    })
  }
  for (const { level, message } of await inspectDurability(db, undefined)) {
    findings.push({ level: level === 'error' ? 'error' : 'warn', part, text: message })
  }
  const pingMs = await db.ping()
  findings.push(
    pingMs > slowPingMs
      ? {
          level: 'warn',
          part,
          text: `it answers in ${pingMs.toFixed(1)} ms; more than ${slowPingMs} ms make every pull slow. Move it nearer.`,
        }
      : {
          level: 'ok',
          part,
          text: `${db.dialect}, schema ${version}, answers in ${pingMs.toFixed(1)} ms`,
        },
  )
  return findings
}

/** Tokens allow 60 s of difference between machines. */
const maxClockDifferenceMs = 10_000
// A machine whose clock was never set says a year long past.
const plausibleSinceMs = Date.UTC(2025, 0, 1)

async function clockFinding(db: Database, clock: Clock): Promise<Finding> {
  const nowMs = clock.now()
  if (nowMs < plausibleSinceMs) {
    return {
      level: 'error',
      part: 'clock',
      text: `it says ${new Date(nowMs).toISOString()}. Set it, and let NTP keep it.`,
    }
  }
  const differenceMs = Math.abs((await clock.deployment(db.read)) - clock.now())
  return differenceMs > maxClockDifferenceMs
    ? {
        level: 'warn',
        part: 'clock',
        text: `it differs from the database's by ${Math.round(differenceMs / 1000)} s. Let NTP keep both.`,
      }
    : { level: 'ok', part: 'clock', text: new Date(nowMs).toISOString() }
}

const probeLimitMs = 30_000

async function storageFindings(config: Config, clock: Clock): Promise<Finding[]> {
  const store = await openConfiguredStore(config, clock)
  try {
    return await storeFindings(config, store, store.kind)
  } finally {
    await store.close()
  }
}

async function storeFindings(config: Config, store: Driver, name: string): Promise<Finding[]> {
  const { freeBytes } = await probeStore(store, AbortSignal.timeout(probeLimitMs))
  const free = freeBytes === undefined ? '' : `, ${Math.floor(freeBytes / 2 ** 20)} MiB free`
  const text = `${name}: a probe was written, read and deleted${free}`
  const findings: Finding[] =
    freeBytes !== undefined && freeBytes < config.limits.diskReserveBytes
      ? [{ level: 'error', part: 'storage', text: `${text}: too little. Free some space.` }]
      : [{ level: 'ok', part: 'storage', text }]
  const tooMuch = blobLimitWarning(config.limits.maxBlobBytes, store)
  if (tooMuch) findings.push({ level: 'warn', part: 'storage', text: tooMuch })
  return findings
}

/** The stores that an operator made known; in the database, so there are none before the first start. */
async function namedStoreFindings(config: Config, clock: Clock): Promise<Finding[]> {
  if (config.database.kind === 'sqlite' && !(await exists(config.database.path))) return []
  const db = await openConfiguredDatabase(config, { log: silentLog, clock })
  try {
    if ((await findSchemaVersion(db.read)) !== schemaVersion) return []
    const vault = () => openVault({ db, clock }, config.masterKey)
    const source = backendSource({ db, vault, openStore: storeOpener(config, clock) })
    const stores = new Stores(clock, config.limits.diskReserveBytes, source)
    try {
      const findings: Finding[] = []
      for (const { id, name, settings_wrapped: settings } of await listStores(db.read)) {
        if (!settings) continue
        const part = await examined('storage', async () => {
          const driver = await stores.driver(id)
          return storeFindings(config, driver, `${name} (${driver.kind})`)
        })
        findings.push(...part)
      }
      return findings
    } finally {
      await stores.close()
    }
  } finally {
    await db.close()
  }
}
