// The file system's calls as promises that fail with StorageError. The callback functions are wrapped by hand:
// a FileHandle of `fs/promises` costs about twice the CPU a call, and some of these run for each request.

import * as fs from 'node:fs'
import { StorageError, type StorageFault } from './driver.ts'

const faults: Readonly<Record<string, StorageFault>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EISDIR: 'missing',
  ENOSPC: 'full',
  EDQUOT: 'full',
}

export function diskError(error: unknown): StorageError {
  if (error instanceof StorageError) return error
  const { code, syscall } = error as NodeJS.ErrnoException
  const fault = faults[code ?? ''] ?? 'unavailable'
  // The path stays in the cause: a message may reach a caller.
  return new StorageError(fault, `the storage folder: ${syscall ?? 'call'} failed (${code})`, error)
}

type Settle<T> = (error: NodeJS.ErrnoException | null, result: T) => void

function call<T>(start: (settle: Settle<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(diskError(error)) : resolve(result)))
  })
}

function run(start: (settle: (error: NodeJS.ErrnoException | null) => void) => void) {
  return call<void>((settle) => start((error) => settle(error, undefined)))
}

export const disk = {
  open: (path: string, flags: string | number) =>
    call<number>((settle) => fs.open(path, flags, 0o600, settle)),
  close: (fd: number) => run((settle) => fs.close(fd, settle)),
  fstat: (fd: number) => call<fs.Stats>((settle) => fs.fstat(fd, settle)),
  stat: (path: string) => call<fs.Stats>((settle) => fs.stat(path, settle)),
  fsync: (fd: number) => run((settle) => fs.fsync(fd, settle)),
  fdatasync: (fd: number) => run((settle) => fs.fdatasync(fd, settle)),
  rename: (from: string, to: string) => run((settle) => fs.rename(from, to, settle)),
  unlink: (path: string) => run((settle) => fs.unlink(path, settle)),
  mkdir: (path: string) => run((settle) => fs.mkdir(path, 0o700, settle)),
  readdir: (path: string) =>
    call<fs.Dirent[]>((settle) => fs.readdir(path, { withFileTypes: true }, settle)),
  statfs: (path: string) => call<fs.StatsFs>((settle) => fs.statfs(path, settle)),
  read: (fd: number, buffer: Uint8Array, length: number, position: number) =>
    call<number>((settle) => fs.read(fd, buffer, 0, length, position, settle)),
  write: (fd: number, buffer: Uint8Array, length: number, position: number) =>
    call<number>((settle) => fs.write(fd, buffer, 0, length, position, settle)),
  writev: (fd: number, buffers: readonly Uint8Array[], position: number | null) =>
    call<number>((settle) => fs.writev(fd, buffers, position, settle)),
}

/** Writes all of it, at `position` or where the file stands; the kernel may take less at a time. */
export async function writeAll(
  fd: number,
  buffers: readonly Uint8Array[],
  position?: number,
): Promise<void> {
  let left = buffers
  let at = position ?? null
  for (;;) {
    let bytes = 0
    for (const buffer of left) bytes += buffer.byteLength
    if (bytes === 0) return
    const written = await disk.writev(fd, left, at)
    if (written === bytes) return
    left = dropBytes(left, written)
    if (at !== null) at += written
  }
}

function dropBytes(buffers: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let skip = count
  const rest: Uint8Array[] = []
  for (const buffer of buffers) {
    if (skip >= buffer.byteLength) skip -= buffer.byteLength
    else {
      rest.push(buffer.subarray(skip))
      skip = 0
    }
  }
  return rest
}

/** Fills `length` bytes; a file that ends before is damaged. */
export async function readAll(
  fd: number,
  buffer: Uint8Array,
  length: number,
  position: number,
): Promise<void> {
  let filled = 0
  while (filled < length) {
    const read = await disk.read(fd, buffer.subarray(filled), length - filled, position + filled)
    if (read === 0) throw shortFile()
    filled += read
  }
}

export function shortFile(): StorageError {
  return new StorageError('unavailable', 'a stored file ends before its size')
}

/** For clean-up after something else went wrong: that failure is the one to tell. */
export async function removeQuietly(path: string): Promise<void> {
  await disk.unlink(path).catch(() => {})
}

export async function closeQuietly(fd: number): Promise<void> {
  await disk.close(fd).catch(() => {})
}

export function isFault(error: unknown, fault: StorageFault): boolean {
  return error instanceof StorageError && error.fault === fault
}
