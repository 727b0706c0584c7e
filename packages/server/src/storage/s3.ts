// A store in a bucket of S3 or what speaks like it.
//
//   <prefix>objects/<key>               what is published
//   <prefix>unfinished/<key>/<fence>    tails of unfinished uploads (s3-upload.ts)
//
// A PUT, a copy and a Complete each make an object appear whole. What a request did when its answer was lost is
// found by HEAD of the key, never guessed.

import { tmpdir } from 'node:os'
import type { Clock } from '../clock.ts'
import type { BufferBudget } from './buffers.ts'
import { isFault } from './disk.ts'
import type {
  ByteRange,
  DeleteResult,
  Driver,
  DriverLimits,
  ObjectBody,
  ObjectStat,
  StorageError,
  UploadState,
  WritePartOptions,
} from './driver.ts'
import { assertFence, assertKey, assertPrefix } from './keys.ts'
import type { S3Settings } from './open.ts'
import { maxDeleteKeys, S3Api } from './s3-api.ts'
import { retry, S3Failure } from './s3-errors.ts'
import { S3Http } from './s3-http.ts'
import { lengthOf, readObject } from './s3-read.ts'
import { sweepMultiparts, sweepTails } from './s3-sweep.ts'
import { finishUpload, PartWriter, type S3Places, type S3State } from './s3-upload.ts'

/** S3's own limit for one PUT is 5 GiB; this is what we would hold in memory. */
const maxPutBytes = 64 * 1024 * 1024

/** What the growing parts reach with the numbers that there are. */
const maxObjectBytes = 128 * 1024 ** 3

/** How long a client may use an address, at most. */
const maxUrlMs = 5 * 60 * 1000

/** Passes over the keys that a batch of deletes left for a passing reason. */
const maxDeletePasses = 3

export interface S3Options {
  readonly clock: Pick<Clock, 'now' | 'setTimer'>
  readonly budget: BufferBudget
  /** A local folder in which parts wait to be sent. */
  readonly spoolFolder?: string | undefined
}

export class S3Driver implements Driver {
  readonly kind = 's3'
  readonly limits: DriverLimits = { maxObjectBytes, maxPutBytes }
  readonly #places: S3Places
  readonly #clock: S3Options['clock']
  readonly #objects: string
  readonly #unfinished: string

  constructor(settings: S3Settings, { clock, budget, spoolFolder = tmpdir() }: S3Options) {
    this.#clock = clock
    this.#objects = `${settings.prefix}objects/`
    this.#unfinished = `${settings.prefix}unfinished/`
    this.#places = {
      api: new S3Api(settings, clock),
      http: new S3Http(settings, clock),
      clock,
      budget,
      spoolFolder,
      nameOf: (key) => this.#objects + key,
      tailName: (key, fence) => `${this.#unfinished}${key}/${fence}`,
    }
  }

  async put(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    assertKey(key)
    await this.#places.api.putObject(this.#objects + key, bytes, signal)
  }

  async get(key: string, range: ByteRange | undefined, signal: AbortSignal): Promise<ObjectBody> {
    assertKey(key)
    return readObject(this.#places, this.#objects + key, range, signal)
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectStat | undefined> {
    assertKey(key)
    try {
      const answer = await retry(
        () => this.#places.http.send('HEAD', this.#objects + key, undefined, signal),
        { clock: this.#clock, signal },
      )
      if (!answer) return undefined
      answer.resume()
      const modifiedAtMs = Date.parse(answer.headers['last-modified'] ?? '') || 0
      return { key, sizeBytes: lengthOf(answer), modifiedAtMs }
    } catch (error) {
      if (isFault(error, 'missing')) return undefined
      throw error
    }
  }

  async deleteMany(keys: readonly string[], signal: AbortSignal): Promise<readonly DeleteResult[]> {
    keys.forEach(assertKey)
    const failures = await this.#deleteNames(
      keys.map((key) => this.#objects + key),
      signal,
    )
    return keys.map((key) => {
      const error = failures.get(this.#objects + key)
      return error ? { key, error } : { key }
    })
  }

  /** The names that are still there, each with the reason. */
  async #deleteNames(
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, StorageError>> {
    const failures = new Map<string, StorageError>()
    for (let at = 0; at < names.length; at += maxDeleteKeys) {
      let left = names.slice(at, at + maxDeleteKeys)
      for (let pass = 1; left.length > 0 && pass <= maxDeletePasses; pass += 1) {
        const results = await this.#places.api.deleteObjects(left, signal)
        const again: string[] = []
        for (const name of left) {
          const error = results.has(name)
            ? results.get(name)
            : new S3Failure('NoAnswerForKey', undefined)
          if (error?.passing) again.push(name)
          if (error) failures.set(name, error)
          else failures.delete(name)
        }
        left = again
      }
    }
    return failures
  }

  async list(
    prefix: string,
    after: string | undefined,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly ObjectStat[]> {
    assertPrefix(prefix)
    const found: ObjectStat[] = []
    let from = after === undefined ? undefined : this.#objects + after
    // A store may answer a short page before the end.
    while (found.length < limit) {
      const wanted = { prefix: this.#objects + prefix, after: from, limit: limit - found.length }
      const { objects, more } = await this.#places.api.listObjects(wanted, signal)
      for (const { Key = '', Size = 0, LastModified } of objects) {
        from = Key
        const key = Key.slice(this.#objects.length)
        found.push({ key, sizeBytes: Size, modifiedAtMs: LastModified?.getTime() ?? 0 })
      }
      if (!more || objects.length === 0) break
    }
    return found
  }

  async begin(key: string, signal: AbortSignal): Promise<UploadState> {
    assertKey(key)
    signal.throwIfAborted()
    // Nothing is asked of the store before there is a whole part.
    return { key, sizeBytes: 0, parts: [] }
  }

  async writePart(
    state: UploadState,
    body: AsyncIterable<Uint8Array>,
    options: WritePartOptions,
  ): Promise<UploadState> {
    assertFence(options.fence)
    const before = stateOf(state)
    const after = await new PartWriter(this.#places, before, options).run(body)
    // The state that we were given is the row's, so the tail before its own is needed by nobody.
    if (before.staleTail) await this.#dropTails([before.staleTail], options.signal)
    return after
  }

  /** Parts of a multipart upload can't be read: it is completed first, which `finish` then finds done. */
  async *readParts(state: UploadState, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { tail, uploadId } = stateOf(state)
    if (uploadId === undefined) {
      if (tail) yield* await readObject(this.#places, tail.name, undefined, signal)
      return
    }
    await this.#complete(stateOf(state), signal)
    yield* await this.get(state.key, undefined, signal)
  }

  async finish(state: UploadState, signal: AbortSignal): Promise<void> {
    await this.#complete(stateOf(state), signal)
    await this.#dropTails(tailsOf(stateOf(state)), signal)
  }

  async #complete(state: S3State, signal: AbortSignal): Promise<void> {
    const isPresent = async () =>
      (await this.stat(state.key, signal))?.sizeBytes === state.sizeBytes
    await finishUpload(this.#places, state, isPresent, signal)
  }

  async abort(state: UploadState, signal: AbortSignal): Promise<void> {
    const { key, uploadId } = stateOf(state)
    if (uploadId !== undefined) {
      await this.#places.api.abortMultipart({ name: this.#objects + key, uploadId }, signal)
    }
    await this.#dropTails(tailsOf(stateOf(state)), signal)
  }

  /** What can't be deleted now is the sweep's. */
  async #dropTails(names: readonly string[], signal: AbortSignal): Promise<void> {
    if (names.length > 0) await this.#deleteNames(names, signal)
  }

  async sweepUnfinished(
    olderThanMs: number,
    isOpen: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
    signal: AbortSignal,
  ): Promise<number> {
    const sweep = { beganBeforeMs: this.#clock.now() - olderThanMs, isOpen, signal }
    const { api } = this.#places
    const aborted = await sweepMultiparts(api, this.#objects, sweep)
    const tails = await sweepTails(api, this.#unfinished, sweep, (names) =>
      this.#deleteNames(names, signal),
    )
    return aborted + tails
  }

  async url(key: string, validMs: number): Promise<string> {
    assertKey(key)
    const seconds = Math.max(1, Math.floor(Math.min(validMs, maxUrlMs) / 1000))
    return this.#places.http.presigned(this.#objects + key, seconds)
  }

  async freeBytes(): Promise<undefined> {
    return undefined
  }

  async close(): Promise<void> {
    this.#places.api.close()
    this.#places.http.close()
  }
}

function stateOf(state: UploadState): S3State {
  assertKey(state.key)
  // Written by writePart of this driver; the row gives it back as it was.
  return state as S3State
}

function tailsOf(state: S3State): readonly string[] {
  return [state.tail?.name, state.staleTail].filter((name) => name !== undefined)
}
