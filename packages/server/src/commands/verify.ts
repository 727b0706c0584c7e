// `entrepot verify`: is everything that was answered still there, byte for byte? Reads all of it, beside a
// running server; marks what is damaged so that a new push heals it. With `--sweep-orphans` it is the
// operator's consent to a sweep that asked.

import { existsSync } from 'node:fs'
import { openConfiguredDatabase, storeOpener } from '../app.ts'
import { recordAudit } from '../audit/audit.ts'
import { systemOrigin } from '../audit/origin.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { openVault } from '../crypto/vault.ts'
import type { Database } from '../db/database.ts'
import { findSchemaVersion, schemaVersion } from '../db/migrate.ts'
import { collectBlobs } from '../gc/collect.ts'
import { sweepOrphans } from '../gc/objects.ts'
import { consentToSweep, listQuestions, type Question } from '../gc/questions.ts'
import type { Log } from '../log.ts'
import { StartError } from '../start-error.ts'
import { backendSource, defaultBackend, findDeploymentId } from '../storage/backends.ts'
import { assertOwnStore } from '../storage/marker.ts'
import { Stores } from '../storage/stores.ts'
import { type BlobCounts, type BlobFinding, verifyBlobs } from '../verify/blobs.ts'
import { verifyManifests } from '../verify/manifests.ts'
import { fixRecords, type RecordFinding, verifyRecords } from '../verify/records.ts'
import { startErrorFor } from './serve.ts'

export interface VerifyOptions {
  /** The report as JSON lines instead of text. */
  readonly json?: boolean
  /** Puts right the marks and counters that follow from other rows. */
  readonly fix?: boolean
  /** Agrees to the removal of what sweeps saw unnamed until now. */
  readonly sweepOrphans?: boolean
  readonly print: (line: string) => void
  /** Tells how far it is: not part of the report. */
  readonly note: (line: string) => void
  readonly signal?: AbortSignal
  /** Instead of what the settings name: tests. */
  readonly clock?: Clock
  readonly db?: Database
  readonly stores?: Stores
}

export interface VerifyReport {
  readonly blobs: BlobCounts
  readonly damaged: readonly BlobFinding[]
  readonly records: readonly RecordFinding[]
  readonly questions: readonly Question[]
  readonly swept: { readonly objects: number; readonly blobs: number } | undefined
}

/** The exit code: 0 when all is well, 1 when something is damaged, missing or wrong. Throws StartError. */
export async function runVerify(config: Config, log: Log, options: VerifyOptions): Promise<number> {
  const { clock = systemClock() } = options
  const db = options.db ?? (await openDeployed(config, log, clock))
  try {
    const stores = options.stores ?? (await openStores(config, db, clock))
    try {
      const { signal = new AbortController().signal } = options
      const cleaner = { db, clock, stores, log, graceMs: config.limits.graceMs }
      const report = await verify(cleaner, options, signal)
      for (const line of options.json ? [JSON.stringify(report)] : reportLines(report)) {
        options.print(line)
      }
      return isWell(report) ? 0 : 1
    } finally {
      if (!options.stores) await stores.close()
    }
  } catch (error) {
    throw startErrorFor(error) ?? error
  } finally {
    if (!options.db) await db.close()
  }
}

async function openDeployed(config: Config, log: Log, clock: Clock): Promise<Database> {
  // Opening would make it.
  if (config.database.kind === 'sqlite' && !existsSync(config.database.path)) {
    throw new StartError(`there is no database at ${config.database.path}: start the server first`)
  }
  const db = await openConfiguredDatabase(config, { log, clock }).catch((error) => {
    throw startErrorFor(error) ?? error
  })
  try {
    const version = await findSchemaVersion(db.read)
    if (version === schemaVersion) return db
    throw new StartError(
      version > schemaVersion
        ? `the database has schema ${version}, this program knows ${schemaVersion}: use the newer release`
        : 'the database was never used by this release: start the server first',
    )
  } catch (error) {
    await db.close()
    throw error
  }
}

async function openStores(config: Config, db: Database, clock: Clock): Promise<Stores> {
  const openStore = storeOpener(config, clock)
  const driver = await openStore(config.storage)
  const vault = () => openVault({ db, clock }, config.masterKey)
  const source = backendSource({ db, vault, openStore })
  const stores = new Stores(clock, config.limits.diskReserveBytes, source)
  stores.add(defaultBackend, driver)
  try {
    // A folder that is not mounted would look as if every blob were lost.
    const owner = { deploymentId: await findDeploymentId(db.read) }
    await assertOwnStore(driver, owner, new AbortController().signal)
  } catch (error) {
    await stores.close()
    throw error
  }
  return stores
}

interface Cleaner {
  readonly db: Database
  readonly clock: Clock
  readonly stores: Stores
  readonly log: Log
  readonly graceMs: number
}

async function verify(
  cleaner: Cleaner,
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const { db } = cleaner
  const damaged: BlobFinding[] = []
  options.note('reading every blob')
  const blobs = await verifyBlobs(
    cleaner,
    {
      onFinding: (finding) => damaged.push(finding),
      onProgress: ({ blobs, bytes }) =>
        options.note(`${blobs} blobs, ${Math.round(bytes / 2 ** 20)} MiB read`),
    },
    signal,
  )
  options.note('comparing records')
  if (options.fix) await db.write((tx) => fixRecords(tx))
  const disagreeing = await verifyRecords(db.heavy, signal)
  options.note('reading every manifest')
  const records = [...disagreeing, ...(await verifyManifests(db, signal))]
  const swept = options.sweepOrphans ? await sweepWithConsent(cleaner, signal) : undefined
  return { blobs, damaged, records, swept, questions: await listQuestions(db.read) }
}

/** Everything is looked at first, so that the operator agrees to what is there now. */
async function sweepWithConsent(cleaner: Cleaner, signal: AbortSignal) {
  const { db, clock } = cleaner
  await sweepOrphans(cleaner, signal)
  await collectBlobs(cleaner, signal)
  await db.write(async (tx) => {
    const at = await clock.deployment(tx)
    await consentToSweep(tx, at)
    await recordAudit(tx, {
      at,
      instanceId: null,
      origin: systemOrigin('verify'),
      action: 'sweep-orphans',
      resource: 'storage',
      reference: null,
      result: 'ok',
    })
  })
  const { condemned } = await sweepOrphans(cleaner, signal)
  const { blobs } = await collectBlobs(cleaner, signal)
  return { objects: condemned, blobs }
}

function isWell({ damaged, records, questions }: VerifyReport): boolean {
  const unhealed = damaged.filter(({ outcome }) => outcome !== 'repaired')
  return unhealed.length === 0 && records.length === 0 && questions.length === 0
}

function* reportLines(report: VerifyReport): Generator<string> {
  for (const { digest, instanceId, found, outcome, backendId, key } of report.damaged) {
    yield `${found}  ${outcome}  ${digest} of instance ${instanceId}, ${backendId}:${key}`
  }
  for (const { kind, place, detail } of report.records) yield `${kind}  ${place}  ${detail}`
  for (const { about, reason, count, bytes } of report.questions) {
    yield `kept  ${count} ${about} of ${bytes} bytes that nothing names: ${reason}. To agree to their removal: entrepot verify --sweep-orphans`
  }
  if (report.swept) {
    const { objects, blobs } = report.swept
    yield `removed  ${objects} objects and ${blobs} blobs that nothing names; younger ones follow after the grace period`
  }
  const { blobs, copies, bytes, recovered } = report.blobs
  const again = recovered > 0 ? `, ${recovered} good again` : ''
  yield `${blobs} blobs, ${copies} copies, ${bytes} bytes read${again}: ${summary(report)}`
}

const withoutBytes: ReadonlySet<RecordFinding['kind']> = new Set([
  'manifest bytes damaged',
  'manifest without bytes',
])

function summary(report: VerifyReport): string {
  if (isWell(report)) {
    return report.damaged.length > 0 ? 'what was damaged is repaired' : 'all is well'
  }
  const marked = report.damaged.filter(({ outcome }) => outcome === 'marked').length
  const unread = report.damaged.filter(({ outcome }) => outcome === 'reported').length
  const lost = report.records.filter(({ kind }) => withoutBytes.has(kind)).length
  const others = report.records.length - lost
  return [
    marked > 0 && `${marked} damaged or missing; push them again to heal them`,
    unread > 0 && `${unread} could not be read; run verify again when the storage answers`,
    lost > 0 && `${lost} manifests have lost their bytes; push them again to heal them`,
    others > 0 && `${others} records disagree`,
    report.questions.length > 0 && 'a sweep asks for your consent',
  ]
    .filter((part) => part !== false)
    .join('; ')
}
