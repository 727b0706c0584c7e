// The key that wraps the data keys: given by the operator, or `master.key` in the data folder. Whoever has it
// and the database has every secret; without it what is sealed is lost.

import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StartError } from '../start-error.ts'
import { keyBytes } from './seal.ts'

export type MasterKeySource = {
  /** While the key is being changed: what it was before. */
  readonly previous: Uint8Array | undefined
} & (
  | { readonly kind: 'given'; readonly key: Uint8Array }
  /** Made at first start. */
  | { readonly kind: 'file'; readonly path: string }
)

export async function readMasterKeyFile(path: string): Promise<Uint8Array | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new StartError(`cannot read ${path}`, error)
  }
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length === keyBytes) return key
  throw new StartError(`${path} must hold ${keyBytes} bytes as base64; put back the file as it was`)
}

/**
 * Makes the file and returns what stands in it: another process may have been first. It is complete and
 * durable before it has its name, so a crash leaves no half a key.
 */
export async function makeMasterKeyFile(path: string): Promise<Uint8Array> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `.${basename(path)}-${randomBytes(8).toString('hex')}`)
  await writeDurably(draft, `${randomBytes(keyBytes).toString('base64')}\n`)
  try {
    await link(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
  const key = await readMasterKeyFile(path)
  if (!key) throw new StartError(`${path} vanished while it was being made`)
  return key
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
