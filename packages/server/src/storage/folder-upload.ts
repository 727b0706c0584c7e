// Unfinished objects of the folder driver: parts, and how they become one object. Each attempt writes a file
// of its own, so nothing here is ever written twice, and every step may be repeated after a crash.

import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { BufferBudget } from './buffers.ts'
import { closeQuietly, disk, isFault, removeQuietly } from './disk.ts'
import { StorageError } from './driver.ts'
import { FileBody } from './folder-read.ts'
import type { FolderSync } from './folder-sync.ts'
import { writeFile } from './folder-write.ts'

/** Keys asked about at a time while sweeping. */
const sweepBatch = 500

export interface FolderPart {
  readonly name: string
  readonly sizeBytes: number
}

export interface FolderPlaces {
  readonly objects: string
  readonly unfinished: string
  readonly syncs: FolderSync
  readonly budget: BufferBudget
}

export function partName(key: string, index: number | 'put' | 'join', fence: string): string {
  return `${key.replaceAll('/', '+')}.${index}.${fence}`
}

function keyOfPart(name: string): string | undefined {
  const match = /^(.+)\.(?:\d+|put|join)\.[A-Za-z0-9_-]+$/.exec(name)
  return match?.[1]?.replaceAll('+', '/')
}

export function randomFence(): string {
  return randomBytes(9).toString('base64url')
}

interface Unfinished {
  readonly key: string
  readonly sizeBytes: number
  readonly parts: readonly FolderPart[]
}

/** The parts, one or several, become the object. */
export async function finishFile(
  places: FolderPlaces,
  upload: Unfinished,
  signal: AbortSignal,
): Promise<void> {
  const only = upload.parts.length === 1 ? upload.parts[0] : undefined
  try {
    const name = only ? only.name : await joinParts(places, upload, signal)
    if (name) await publishFile(places, name, upload)
  } catch (error) {
    // A part that is gone: an earlier attempt got past the rename, or the parts are lost.
    if (!isFault(error, 'missing') || !(await isFinished(places, upload))) throw error
    await places.syncs.sync(dirname(join(places.objects, upload.key)))
  }
  if (!only) await removeParts(places, upload.parts)
}

/** fsync → rename → fsync of the folder. */
async function publishFile(
  places: FolderPlaces,
  name: string,
  object: { readonly key: string; readonly sizeBytes: number },
): Promise<void> {
  const path = join(places.unfinished, name)
  const target = join(places.objects, object.key)
  await syncFile(path, object.sizeBytes)
  await renameInto(places, path, target)
  await places.syncs.sync(dirname(target))
}

async function syncFile(path: string, sizeBytes: number): Promise<void> {
  const fd = await disk.open(path, 'r+')
  try {
    const { size } = await disk.fstat(fd)
    if (size !== sizeBytes) {
      throw new StorageError('conflict', `a part has ${size} bytes instead of ${sizeBytes}`)
    }
    await disk.fsync(fd)
  } catch (error) {
    // After a failed fsync the kernel may have dropped the pages and would call the next one a success.
    await removeQuietly(path)
    throw error
  } finally {
    await closeQuietly(fd)
  }
}

export async function renameInto(
  places: FolderPlaces,
  path: string,
  target: string,
): Promise<void> {
  const folder = dirname(target)
  await places.syncs.make(folder)
  try {
    await disk.rename(path, target)
  } catch (error) {
    if (!isFault(error, 'missing')) throw error
    // Somebody may have removed the empty folder.
    places.syncs.forget(folder)
    await places.syncs.make(folder)
    await disk.rename(path, target)
  }
}

async function isFinished(places: FolderPlaces, upload: Unfinished): Promise<boolean> {
  try {
    const { size } = await disk.stat(join(places.objects, upload.key))
    return size === upload.sizeBytes
  } catch (error) {
    if (isFault(error, 'missing')) return false
    throw error
  }
}

/** Returns the name of the joined file, or undefined when the object is there already. */
async function joinParts(
  places: FolderPlaces,
  upload: Unfinished,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (await isFinished(places, upload)) {
    await places.syncs.sync(dirname(join(places.objects, upload.key)))
    return undefined
  }
  const name = partName(upload.key, 'join', randomFence())
  const path = join(places.unfinished, name)
  await writeFile(path, readParts(places, upload.parts, signal), {
    budget: places.budget,
    signal,
    reusesChunks: true,
  })
  return name
}

/** The parts one after another; a chunk is valid until the next is asked for. */
export async function* readParts(
  places: FolderPlaces,
  parts: readonly FolderPart[],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    const fd = await disk.open(join(places.unfinished, part.name), 'r')
    const { sizeBytes } = part
    yield* new FileBody({ fd, objectBytes: sizeBytes, start: 0, sizeBytes }, places.budget, signal)
  }
}

export async function removeParts(
  places: FolderPlaces,
  parts: readonly FolderPart[],
): Promise<void> {
  for (const part of parts) {
    try {
      await disk.unlink(join(places.unfinished, part.name))
    } catch (error) {
      if (!isFault(error, 'missing')) throw error
    }
  }
}

/** Removes what was begun long enough ago and belongs to no open upload. */
export async function sweepParts(
  places: FolderPlaces,
  beganBeforeMs: number,
  isOpen: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
  signal: AbortSignal,
): Promise<number> {
  const entries = await disk.readdir(places.unfinished)
  let removed = 0
  for (let at = 0; at < entries.length; at += sweepBatch) {
    signal.throwIfAborted()
    const old = await selectOld(places, entries.slice(at, at + sweepBatch), beganBeforeMs)
    if (old.length === 0) continue
    const open = await isOpen([...new Set(old.map((part) => part.key))])
    for (const { name, key } of old) {
      if (open.has(key)) continue
      await removeQuietly(join(places.unfinished, name))
      removed += 1
    }
  }
  return removed
}

async function selectOld(
  places: FolderPlaces,
  entries: readonly { readonly name: string }[],
  beganBeforeMs: number,
): Promise<readonly { readonly name: string; readonly key: string }[]> {
  const old: { name: string; key: string }[] = []
  for (const { name } of entries) {
    const key = keyOfPart(name)
    if (key === undefined) continue
    try {
      const { mtimeMs } = await disk.stat(join(places.unfinished, name))
      if (mtimeMs < beganBeforeMs) old.push({ name, key })
    } catch (error) {
      if (!isFault(error, 'missing')) throw error
    }
  }
  return old
}
