// An object from one store to another, or to another key of the same one.

import type { Hash } from 'node:crypto'
import { newId } from '../db/ids.ts'
import { ownedChunks } from './buffers.ts'
import type { Driver } from './driver.ts'

export interface ObjectCopy {
  readonly source: Driver
  readonly from: string
  readonly target: Driver
  readonly to: string
  /** Of what is read; asked before the object is made readable. */
  readonly hash?: Hash
  readonly isRight?: (hash: Hash) => boolean
}

/** False: the bytes are not what they should be, and nothing was made. */
export async function copyObject(copy: ObjectCopy, signal: AbortSignal): Promise<boolean> {
  const { source, target, hash } = copy
  const body = await source.get(copy.from, undefined, signal)
  const begun = await target.begin(copy.to, signal).catch((error: unknown) => {
    body.cancel()
    throw error
  })
  const options = { fence: newId(), signal, sizeBytes: body.objectBytes }
  const chunks = hash ? hashed(body, hash) : body
  const written = await target.writePart(begun, ownedChunks(chunks), options)
  if (hash && copy.isRight?.(hash) === false) {
    await target.abort(written, signal)
    return false
  }
  await target.finish(written, signal)
  return true
}

async function* hashed(body: AsyncIterable<Uint8Array>, hash: Hash) {
  for await (const chunk of body) {
    hash.update(chunk)
    yield chunk
  }
}
