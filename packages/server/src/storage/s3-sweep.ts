// What uploads left in a bucket: multiparts that nobody completed, which cost money and show in no listing of
// objects, and tails.

import type { StorageError } from './driver.ts'
import type { S3Api } from './s3-api.ts'

export interface Sweep {
  readonly beganBeforeMs: number
  readonly isOpen: (keys: readonly string[]) => Promise<ReadonlySet<string>>
  readonly signal: AbortSignal
}

const pageKeys = 1000

export async function sweepMultiparts(
  api: S3Api,
  prefix: string,
  { beganBeforeMs, isOpen, signal }: Sweep,
): Promise<number> {
  let after: { readonly key: string; readonly uploadId: string } | undefined
  let removed = 0
  do {
    const page = await api.listMultiparts(prefix, after, signal)
    const old: { readonly key: string; readonly name: string; readonly uploadId: string }[] = []
    for (const { Key, UploadId, Initiated } of page.uploads) {
      // Without a time nobody can say that it is old.
      if (!Key?.startsWith(prefix) || !UploadId || !Initiated) continue
      if (Initiated.getTime() >= beganBeforeMs) continue
      old.push({ key: Key.slice(prefix.length), name: Key, uploadId: UploadId })
    }
    const open = old.length > 0 ? await isOpen([...new Set(old.map(({ key }) => key))]) : undefined
    for (const { key, name, uploadId } of old) {
      if (open?.has(key)) continue
      await api.abortMultipart({ name, uploadId }, signal)
      removed += 1
    }
    after = page.next
  } while (after)
  return removed
}

export async function sweepTails(
  api: S3Api,
  prefix: string,
  { beganBeforeMs, isOpen, signal }: Sweep,
  deleteNames: (names: readonly string[]) => Promise<ReadonlyMap<string, StorageError>>,
): Promise<number> {
  let after: string | undefined
  let removed = 0
  for (;;) {
    const { objects, more } = await api.listObjects({ prefix, after, limit: pageKeys }, signal)
    const old: { readonly key: string; readonly name: string }[] = []
    for (const { Key = '', LastModified } of objects) {
      after = Key
      if (!LastModified || LastModified.getTime() >= beganBeforeMs) continue
      // <prefix><key>/<fence>
      old.push({ key: Key.slice(prefix.length, Key.lastIndexOf('/')), name: Key })
    }
    if (old.length > 0) {
      const open = await isOpen([...new Set(old.map(({ key }) => key))])
      const names = old.filter(({ key }) => !open.has(key)).map(({ name }) => name)
      const left = await deleteNames(names)
      removed += names.length - left.size
    }
    if (!more || objects.length === 0) return removed
  }
}
