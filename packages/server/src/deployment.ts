// What a deployment is made of before it serves: its tables, its id, its store, the main account and the
// default instance. Everything here can be repeated: a crash in the middle is finished by the next start, but for
// the showing of the first credentials.

import { randomUUID } from 'node:crypto'
import { findAccount } from './accounts/accounts.ts'
import { systemOrigin } from './audit/origin.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import {
  type FirstCredentials,
  insertMainAccount,
  makeFirstCredentials,
} from './credentials/first-credentials.ts'
import { openVault } from './crypto/vault.ts'
import type { Database, Queryable, Tx } from './db/database.ts'
import { migrate } from './db/migrate.ts'
import { createInstance, findDefaultInstance, type Instance } from './instances/instances.ts'
import { createNamespace } from './namespaces/namespaces.ts'
import { ensurePersonalInstance } from './personal/instance.ts'
import { StartError } from './start-error.ts'
import { defaultBackend } from './storage/backends.ts'
import type { Driver } from './storage/driver.ts'
import { claimStore } from './storage/marker.ts'

/** The first start made these; to be shown once. */
export interface FirstStart {
  readonly uin: string
  readonly instanceId: string
  readonly credentials: FirstCredentials['shown']
}

const defaultInstanceName = 'default'
const demoNamespace = 'demo'

interface Ground {
  readonly db: Database
  readonly clock: Clock
  readonly store: Driver
}

/** Migrates, claims the store, and makes what the first start makes; undefined when it was made before. */
export async function prepareDeployment(
  ground: Ground,
  config: Config,
  signal: AbortSignal,
): Promise<FirstStart | undefined> {
  const { db, clock, store } = ground
  await migrate(db)
  const deploymentId = await ensureDeploymentId(db)
  await claimStore(store, { deploymentId }, signal)
  const { region, personalName: name } = config
  await db.write(async (tx) => {
    const at = await clock.deployment(tx)
    await ensureBackend(tx, store.kind, at)
    await ensurePersonalInstance(tx, { region, name, backendId: defaultBackend, at })
  })
  return ensureMainAccount(ground, config)
}

async function ensureDeploymentId(db: Database): Promise<string> {
  await db.write(async (tx) => {
    await tx
      .insertInto('meta')
      .values({ key: 'deployment-id', value: randomUUID() })
      .onConflict((oc) => oc.column('key').doNothing())
      .execute()
  })
  return getMeta(db.read, 'deployment-id')
}

async function getMeta(db: Queryable, key: string): Promise<string> {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  return row.value
}

async function ensureBackend(tx: Tx, kind: Driver['kind'], at: number): Promise<void> {
  const known = await tx
    .selectFrom('storage_backends')
    .select('kind')
    .where('id', '=', defaultBackend)
    .executeTakeFirst()
  if (known && known.kind !== kind) {
    throw new StartError(
      `this database's blobs lie in a store of kind ${known.kind}, but ENTREPOT_STORAGE names one of kind ${kind}`,
    )
  }
  await tx
    .insertInto('storage_backends')
    .values({
      id: defaultBackend,
      kind,
      settings_wrapped: null,
      name: defaultBackend,
      created_at: at,
    })
    .onConflict((oc) => oc.column('id').doNothing())
    .execute()
}

async function ensureMainAccount(
  { db, clock }: Ground,
  config: Config,
): Promise<FirstStart | undefined> {
  if (await findDefaultInstance(db.read)) return undefined
  const vault = await openVault({ db, clock }, config.masterKey)
  const credentials = await makeFirstCredentials(config.admin, vault)
  const uin = Number(config.admin.uin)
  const instance = await db.write((tx) => makeDefaults(tx, { clock, config, credentials, uin }))
  if (!instance) return undefined
  return { uin: config.admin.uin, instanceId: instance.id, credentials: credentials.shown }
}

interface Defaults {
  readonly clock: Clock
  readonly config: Config
  readonly credentials: FirstCredentials
  readonly uin: number
}

/**
 * One transaction: all of it is there, or the next start makes it anew. It is shown after the commit, since
 * another process may be first: a start that is killed in between has made credentials that nobody saw, which is
 * "Lost credentials" in docs/running.md.
 */
async function makeDefaults(tx: Tx, defaults: Defaults): Promise<Instance | undefined> {
  const { clock, config, credentials, uin } = defaults
  // Another process that starts on the same PostgreSQL database may have been first.
  if (await findDefaultInstance(tx)) return undefined
  const at = await clock.deployment(tx)
  const origin = systemOrigin('first-start')
  const instance = await createInstance(tx, {
    name: defaultInstanceName,
    region: config.region,
    edition: 'premium',
    ownerUin: uin,
    backendId: defaultBackend,
    isDefault: true,
    acceptsSparse: config.sparseImages === 'accept',
    createdAt: at,
  })
  await insertMainAccount(tx, instance, { uin, name: 'main', credentials, at, origin })
  const namespace = { name: demoNamespace, isPublic: false, createdBy: uin, at }
  await createNamespace(tx, instance, namespace, origin)
  return instance
}

/** A line for the log when ADMIN settings are given that are no longer looked at. */
export async function ignoredAdminSettings(
  db: Database,
  config: Config,
): Promise<string | undefined> {
  const { admin } = config
  const isGiven = admin.password ?? admin.apiKey ?? admin.token
  if (!isGiven || !(await findAccount(db.read, Number(admin.uin)))) return undefined
  return 'ENTREPOT_ADMIN_… settings are used at first start only; they were ignored'
}
