// Keeps what must be read back (API keys, storage keys, signing keys): sealed under data keys, which the
// master key wraps. So a new master key re-wraps a few rows and touches nothing that is sealed.
//
// A sealed value is: the id of its data key (20 bytes of ASCII), then `encrypt`'s bytes.

import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { StartError } from '../start-error.ts'
import { type MasterKeySource, makeMasterKeyFile, readMasterKeyFile } from './master-key.ts'
import { decrypt, encrypt, keyBytes } from './seal.ts'

const idLength = 20

interface MasterKeys {
  readonly current: Uint8Array
  readonly previous: Uint8Array | undefined
}

interface Ground {
  readonly db: Database
  readonly clock: Clock
}

export class Vault {
  readonly #db: Database
  readonly #clock: Clock
  readonly #keys: MasterKeys
  readonly #dataKeys = new Map<string, Uint8Array>()
  #newest = ''

  constructor({ db, clock }: Ground, keys: MasterKeys) {
    this.#db = db
    this.#clock = clock
    this.#keys = keys
  }

  /** Reads the data keys, makes the first one, re-wraps what a previous master key wrapped. */
  async load(): Promise<void> {
    // Only what is committed is remembered: under a key that was rolled back, nothing could be opened again.
    await this.#db.write(async (tx) => {
      const rows = await readDataKeys(tx)
      if (rows.length === 0) await this.#insertDataKey(tx)
      for (const row of rows) await this.#rewrap(tx, row)
    })
    await this.#read()
  }

  /** From now on a new data key seals; the older ones still open. */
  async rotateDataKey(): Promise<void> {
    await this.#db.write((tx) => this.#insertDataKey(tx))
    await this.#read()
  }

  seal(purpose: string, plaintext: Uint8Array): Uint8Array {
    const key = this.#dataKeys.get(this.#newest)
    if (!key) throw new Error('the vault was not loaded')
    return Buffer.concat([Buffer.from(this.#newest, 'latin1'), encrypt(key, purpose, plaintext)])
  }

  /** Rejects when the bytes were changed, or sealed for another purpose or by another deployment. */
  async open(purpose: string, sealed: Uint8Array): Promise<Uint8Array> {
    const plaintext = await this.tryOpen(purpose, sealed)
    if (!plaintext) throw new Error(`a sealed value (${purpose}) does not open`)
    return plaintext
  }

  /** `open` for values that a caller brought: undefined where they are not ours. */
  async tryOpen(purpose: string, sealed: Uint8Array): Promise<Uint8Array | undefined> {
    const id = Buffer.from(sealed.subarray(0, idLength)).toString('latin1')
    if (!/^[0-9a-v]{20}$/.test(id)) return undefined
    // Another process may have made a data key since.
    if (!this.#dataKeys.has(id)) await this.#read()
    const key = this.#dataKeys.get(id)
    return key && decrypt(key, purpose, sealed.subarray(idLength))
  }

  async #read(): Promise<void> {
    const rows = await readDataKeys(this.#db.read)
    for (const row of rows) {
      const { key } = this.#unwrap(row)
      this.#dataKeys.set(row.id, key)
      this.#newest = row.id
    }
  }

  async #insertDataKey(tx: Tx): Promise<void> {
    const id = newId()
    const wrapped = encrypt(this.#keys.current, wrapPurpose(id), randomBytes(keyBytes))
    await tx
      .insertInto('data_keys')
      .values({ id, wrapped, created_at: this.#clock.now() })
      .execute()
  }

  async #rewrap(tx: Tx, row: DataKeyRow): Promise<void> {
    const { key, isCurrent } = this.#unwrap(row)
    if (isCurrent) return
    const wrapped = encrypt(this.#keys.current, wrapPurpose(row.id), key)
    await tx.updateTable('data_keys').set({ wrapped }).where('id', '=', row.id).execute()
  }

  #unwrap(row: DataKeyRow): { key: Uint8Array; isCurrent: boolean } {
    const current = decrypt(this.#keys.current, wrapPurpose(row.id), row.wrapped)
    if (current) return { key: current, isCurrent: true }
    const previous =
      this.#keys.previous && decrypt(this.#keys.previous, wrapPurpose(row.id), row.wrapped)
    if (previous) return { key: previous, isCurrent: false }
    throw new StartError(
      'the master key is not the one that this database was made with; give the former one ' +
        '(ENTREPOT_MASTER_KEY, or master.key in the data folder)',
    )
  }
}

interface DataKeyRow {
  readonly id: string
  readonly wrapped: Uint8Array
}

function wrapPurpose(id: string): string {
  return `data-key ${id}`
}

async function readDataKeys(db: Queryable): Promise<DataKeyRow[]> {
  return db.selectFrom('data_keys').select(['id', 'wrapped']).orderBy('id').execute()
}

/**
 * Finds the master key and opens the vault. A lost `master.key` is not silently replaced: the database knows
 * data keys that only the lost one opens.
 */
export async function openVault(ground: Ground, source: MasterKeySource): Promise<Vault> {
  const current = source.kind === 'given' ? source.key : await findMasterKey(ground.db, source.path)
  const vault = new Vault(ground, { current, previous: source.previous })
  await vault.load()
  return vault
}

async function findMasterKey(db: Database, path: string): Promise<Uint8Array> {
  const key = await readMasterKeyFile(path)
  if (key) return key
  if ((await readDataKeys(db.read)).length === 0) return makeMasterKeyFile(path)
  throw new StartError(
    `there is no ${path}, and this database was made with it; put it back, ` +
      'or give its content as ENTREPOT_MASTER_KEY',
  )
}
