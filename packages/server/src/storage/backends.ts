// Storage backends as rows: the deployment's own store, those that the operator made known by a name, and sections of
// either, one for each instance. The settings of a named one are sealed, since they hold keys.

import type { Selectable } from 'kysely'
import type { Vault } from '../crypto/vault.ts'
import type { Database, Queryable } from '../db/database.ts'
import type { StorageBackendsTable } from '../db/schema-storage.ts'
import { StartError } from '../start-error.ts'
import { type Driver, StorageError } from './driver.ts'
import { assertOwnStore } from './marker.ts'
import type { StorageSettings } from './open.ts'
import { SectionDriver } from './sections.ts'
import type { BackendSource } from './stores.ts'

export type Backend = Selectable<StorageBackendsTable>

/** From settings to a driver, by the means of this process. */
export type OpenStore = (settings: StorageSettings) => Promise<Driver>

/** The deployment's own store. */
export const defaultBackend = 'default'

/** More than one deployment has instances: the limit of a listing, not of a page. */
const maxBackends = 100_000

export function findBackend(db: Queryable, id: string): Promise<Backend | undefined> {
  return db.selectFrom('storage_backends').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function listBackendIds(db: Queryable): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('storage_backends')
    .select('id')
    .orderBy('id')
    .limit(maxBackends)
    .execute()
  return rows.map(({ id }) => id)
}

/** Stores by themselves: the deployment's and the named ones. */
export function listStores(db: Queryable): Promise<Backend[]> {
  return db
    .selectFrom('storage_backends')
    .selectAll()
    .where('store_id', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .execute()
}

function purposeOf(backendId: string): string {
  return `storage-backend:${backendId}`
}

export function sealSettings(
  vault: Vault,
  backendId: string,
  settings: StorageSettings,
): Uint8Array {
  return vault.seal(purposeOf(backendId), Buffer.from(JSON.stringify(settings)))
}

export async function openSettings(
  vault: Vault,
  backendId: string,
  sealed: Uint8Array,
): Promise<StorageSettings> {
  const text = await vault.open(purposeOf(backendId), sealed)
  // Written by `sealSettings` only; JSON leaves out what is undefined, which is read as such.
  return JSON.parse(Buffer.from(text).toString('utf8')) as StorageSettings
}

interface SourceParts {
  readonly db: Pick<Database, 'read'>
  /** Asked only where settings are sealed. */
  readonly vault: () => Promise<Vault>
  readonly openStore: OpenStore
}

/** The backends that stand in the database. */
export function backendSource({ db, vault, openStore }: SourceParts): BackendSource {
  return {
    ids: () => listBackendIds(db.read),
    async find(backendId) {
      const row = await findBackend(db.read, backendId)
      return row && { storeId: row.store_id, revision: row.revision }
    },
    async open(backendId, store) {
      if (store) return new SectionDriver(store, backendId)
      const row = await findBackend(db.read, backendId)
      if (!row?.settings_wrapped) throw new Error(`the backend ${backendId} has no settings`)
      const settings = await openSettings(await vault(), backendId, row.settings_wrapped)
      const driver = await openStore(settings)
      try {
        await assertOurs(db.read, driver, backendId)
      } catch (error) {
        await driver.close()
        throw error
      }
      return driver
    },
  }
}

const markerLimitMs = 30_000

/** A folder that is not mounted would look as if every blob were lost. */
async function assertOurs(db: Queryable, driver: Driver, storeId: string): Promise<void> {
  const owner = { deploymentId: await findDeploymentId(db), storeId }
  try {
    await assertOwnStore(driver, owner, AbortSignal.timeout(markerLimitMs))
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    throw new StorageError('unavailable', error.message, error)
  }
}

/** Throws StartError where no server was ever started. */
export async function findDeploymentId(db: Queryable): Promise<string> {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'deployment-id')
    .executeTakeFirst()
  if (!row) throw new StartError('the database holds no deployment: start the server first')
  return row.value
}
