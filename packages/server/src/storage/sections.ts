// A part of a store as a store of its own: each instance has one. Its keys stand below `backends/<id>/` in the store
// that it is a part of, beside that store's own `blobs/`.

import type {
  ByteRange,
  DeleteResult,
  Driver,
  DriverLimits,
  ObjectBody,
  ObjectStat,
  UploadState,
  WritePartOptions,
} from './driver.ts'

const sectionsFolder = 'backends/'

export interface SectionKey {
  readonly backendId: string
  readonly key: string
}

/** What a key of the whole store is in which of its sections; undefined: it is the store's own. */
export function parseSectionKey(storeKey: string): SectionKey | undefined {
  if (!storeKey.startsWith(sectionsFolder)) return undefined
  const end = storeKey.indexOf('/', sectionsFolder.length)
  if (end === -1) return undefined
  return { backendId: storeKey.slice(sectionsFolder.length, end), key: storeKey.slice(end + 1) }
}

/** Closing it leaves the store open. */
export class SectionDriver implements Driver {
  readonly kind: Driver['kind']
  readonly limits: DriverLimits
  readonly #store: Driver
  readonly #prefix: string

  constructor(store: Driver, backendId: string) {
    this.kind = store.kind
    this.limits = store.limits
    this.#store = store
    this.#prefix = `${sectionsFolder}${backendId}/`
  }

  put(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#store.put(this.#prefix + key, bytes, signal)
  }

  get(key: string, range: ByteRange | undefined, signal: AbortSignal): Promise<ObjectBody> {
    return this.#store.get(this.#prefix + key, range, signal)
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectStat | undefined> {
    const found = await this.#store.stat(this.#prefix + key, signal)
    return found && { ...found, key }
  }

  async deleteMany(keys: readonly string[], signal: AbortSignal): Promise<readonly DeleteResult[]> {
    const names = keys.map((key) => this.#prefix + key)
    const results = await this.#store.deleteMany(names, signal)
    return results.map((result) => ({ ...result, key: this.#keyOf(result.key) }))
  }

  async list(
    prefix: string,
    after: string | undefined,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly ObjectStat[]> {
    const from = after === undefined ? undefined : this.#prefix + after
    const found = await this.#store.list(this.#prefix + prefix, from, limit, signal)
    return found.map((object) => ({ ...object, key: this.#keyOf(object.key) }))
  }

  /** Its state names the key in the store: only drivers of that store read it. */
  begin(key: string, signal: AbortSignal): Promise<UploadState> {
    return this.#store.begin(this.#prefix + key, signal)
  }

  writePart(
    state: UploadState,
    body: AsyncIterable<Uint8Array>,
    options: WritePartOptions,
  ): Promise<UploadState> {
    return this.#store.writePart(state, body, options)
  }

  readParts(state: UploadState, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#store.readParts(state, signal)
  }

  finish(state: UploadState, signal: AbortSignal): Promise<void> {
    return this.#store.finish(state, signal)
  }

  abort(state: UploadState, signal: AbortSignal): Promise<void> {
    return this.#store.abort(state, signal)
  }

  sweepUnfinished(
    olderThanMs: number,
    isOpen: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
    signal: AbortSignal,
  ): Promise<number> {
    const isOpenHere = async (storeKeys: readonly string[]) => {
      const isOwn = (storeKey: string) => storeKey.startsWith(this.#prefix)
      const open = await isOpen(storeKeys.filter(isOwn).map((own) => this.#keyOf(own)))
      return new Set(storeKeys.filter((one) => !isOwn(one) || open.has(this.#keyOf(one))))
    }
    return this.#store.sweepUnfinished(olderThanMs, isOpenHere, signal)
  }

  url(key: string, validMs: number): Promise<string | undefined> {
    return this.#store.url(this.#prefix + key, validMs)
  }

  freeBytes(signal: AbortSignal): Promise<number | undefined> {
    return this.#store.freeBytes(signal)
  }

  async close(): Promise<void> {}

  #keyOf(storeKey: string): string {
    return storeKey.slice(this.#prefix.length)
  }
}
