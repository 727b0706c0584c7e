// An unfinished object on S3: parts of a multipart upload, and a tail, which is what an answered PATCH brought
// beyond its last whole part, kept as an object of its own. The next PATCH begins its first part with the
// tail; what never filled a part becomes the object by one copy inside the store.

import type { Clock } from '../clock.ts'
import { type BufferBudget, ownedChunks } from './buffers.ts'
import { StorageError, type UploadState, type WritePartOptions } from './driver.ts'
import type { S3Api, UploadedPart } from './s3-api.ts'
import type { S3Http } from './s3-http.ts'
import { readObject } from './s3-read.ts'
import { Spool } from './s3-spool.ts'

/** S3 wants 5 MiB, and fewer requests are cheaper. */
const minPartBytes = 8 * 1024 * 1024

/** A part grows with what is before it, so 100 GiB make about 2,200 parts. */
const partGrowth = 512

/** S3's own limit of part numbers. */
const maxPartNumber = 10_000

/**
 * Two writers of one upload (the second fenced the first, which doesn't know yet) take different numbers, unless
 * three came in between; where they meet, the ETag in the state makes Complete refuse, never mix.
 */
const slotsPerPart = 4

export const maxParts = Math.floor(maxPartNumber / slotsPerPart)

export interface S3Tail {
  readonly name: string
  readonly sizeBytes: number
}

export interface S3State extends UploadState {
  readonly uploadId?: string
  readonly parts: readonly UploadedPart[]
  readonly tail?: S3Tail
  /** The tail before: still needed should this state lose its row. */
  readonly staleTail?: string
}

export interface S3Places {
  readonly api: S3Api
  readonly http: S3Http
  readonly clock: Pick<Clock, 'setTimer'>
  readonly budget: BufferBudget
  readonly spoolFolder: string
  /** The object's name in the bucket. */
  nameOf(key: string): string
  tailName(key: string, fence: string): string
}

export function partBytesAt(offset: number): number {
  return Math.max(minPartBytes, Math.ceil(offset / partGrowth))
}

export function partNumber(ordinal: number, writer = 0): number {
  return ordinal * slotsPerPart + 1 + (writer % slotsPerPart)
}

/** One writePart: cuts the body into parts; one is sent while the next is gathered. */
export class PartWriter {
  readonly #places: S3Places
  readonly #state: S3State
  readonly #options: WritePartOptions
  readonly #parts: UploadedPart[] = []
  #uploadId: string | undefined
  #offset: number
  #spool: Spool | undefined
  #sending: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(places: S3Places, state: S3State, options: WritePartOptions) {
    this.#places = places
    this.#state = state
    this.#options = options
    this.#uploadId = state.uploadId
    this.#offset = state.sizeBytes - (state.tail?.sizeBytes ?? 0)
  }

  async run(body: AsyncIterable<Uint8Array>): Promise<S3State> {
    try {
      let fresh = 0
      for await (const chunk of body) {
        this.#options.signal.throwIfAborted()
        if (fresh === 0) await this.#addTail()
        fresh += chunk.byteLength
        await this.#add(chunk)
      }
      if (fresh === 0) return this.#state
      const tail = await this.#putTail()
      await this.#sent()
      return this.#stateAfter(fresh, tail)
    } catch (error) {
      await this.#undo()
      throw error
    } finally {
      await this.#spool?.close()
    }
  }

  async #addTail(): Promise<void> {
    const { tail } = this.#state
    if (!tail) return
    const body = await readObject(this.#places, tail.name, undefined, this.#options.signal)
    for await (const chunk of ownedChunks(body)) await this.#add(chunk)
  }

  async #add(chunk: Uint8Array): Promise<void> {
    let rest = chunk
    while (rest.byteLength > 0) {
      this.#spool ??= await Spool.open(this.#places.spoolFolder, {
        budget: this.#places.budget,
        ownsChunks: this.#options.ownsChunks ?? false,
      })
      const room = partBytesAt(this.#offset) - this.#spool.sizeBytes
      await this.#spool.add(rest.subarray(0, room))
      rest = rest.subarray(Math.min(room, rest.byteLength))
      if (this.#spool.sizeBytes === partBytesAt(this.#offset)) await this.#seal(this.#spool)
    }
  }

  async #seal(spool: Spool): Promise<void> {
    await spool.end()
    await this.#sent()
    this.#spool = undefined
    this.#offset += spool.sizeBytes
    this.#sending = this.#send(spool).then(
      () => spool.close(),
      async (error) => {
        this.#failure ??= { error }
        await spool.close()
      },
    )
  }

  async #send(spool: Spool): Promise<void> {
    const { api, nameOf } = this.#places
    const { signal } = this.#options
    const name = nameOf(this.#state.key)
    this.#uploadId ??= await api.createMultipart(name, signal)
    const number = partNumber(this.#state.parts.length + this.#parts.length, this.#state.writer)
    if (number > maxPartNumber) {
      throw new StorageError('too-large', `an upload has at most ${maxParts} parts in a bucket`)
    }
    this.#parts.push(
      await api.uploadPart({ name, uploadId: this.#uploadId, number }, spool, signal),
    )
  }

  async #sent(): Promise<void> {
    await this.#sending
    if (this.#failure) throw this.#failure.error
  }

  async #putTail(): Promise<S3Tail | undefined> {
    const spool = this.#spool
    if (!spool) return undefined
    await spool.end()
    const name = this.#places.tailName(this.#state.key, this.#options.fence)
    await this.#places.api.putStream(name, spool, this.#options.signal)
    return { name, sizeBytes: spool.sizeBytes }
  }

  #stateAfter(fresh: number, tail: S3Tail | undefined): S3State {
    const { key, sizeBytes, parts, writer } = this.#state
    return {
      key,
      ...(writer === undefined ? {} : { writer }),
      sizeBytes: sizeBytes + fresh,
      parts: [...parts, ...this.#parts],
      ...(this.#uploadId === undefined ? {} : { uploadId: this.#uploadId }),
      ...(tail ? { tail } : {}),
      ...(this.#state.tail ? { staleTail: this.#state.tail.name } : {}),
    }
  }

  /** A multipart begun here is known to nobody; what can't be aborted now is the sweep's. */
  async #undo(): Promise<void> {
    await this.#sending
    if (this.#uploadId === undefined || this.#uploadId === this.#state.uploadId) return
    const upload = { name: this.#places.nameOf(this.#state.key), uploadId: this.#uploadId }
    // The caller's signal may be the reason why we are here.
    await this.#places.api.abortMultipart(upload, new AbortController().signal).catch(() => {})
  }
}

/**
 * Settled by looking: present with its size is finished, whatever the store answered. An upload that the store
 * no longer knows may be one that it is completing at this moment, so it is looked for again.
 */
export async function finishUpload(
  places: S3Places,
  state: S3State,
  isPresent: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const { api, nameOf } = places
  const name = nameOf(state.key)
  if (state.uploadId === undefined) {
    if (state.tail) await api.copyObject(state.tail.name, name, { signal, settled: isPresent })
    else await api.putObject(name, new Uint8Array(0), signal)
    return
  }
  const send = { signal, settled: isPresent, alsoPassing: 'NoSuchUpload' }
  const upload = { name, uploadId: state.uploadId }
  let parts = state.parts
  if (state.tail) {
    const number = partNumber(parts.length, state.writer)
    const last = await api.copyPart({ ...upload, number }, state.tail.name, send)
    if (!last) return
    parts = [...parts, last]
  }
  await api.completeMultipart(upload, parts, send)
}
