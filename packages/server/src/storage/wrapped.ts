// A driver around another: every call goes through `around`, which knows it by its name. What needs to look at
// a call's arguments, or at the bytes that pass, overrides that one call.

import type {
  ByteRange,
  DeleteResult,
  Driver,
  DriverOperation,
  ObjectBody,
  ObjectStat,
  UploadState,
  WritePartOptions,
} from './driver.ts'

export abstract class WrappedDriver implements Driver {
  readonly kind: Driver['kind']
  readonly limits: Driver['limits']
  protected readonly inner: Driver

  constructor(inner: Driver) {
    this.inner = inner
    this.kind = inner.kind
    this.limits = inner.limits
  }

  protected abstract around<T>(operation: DriverOperation, call: () => Promise<T>): Promise<T>

  put(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.around('put', () => this.inner.put(key, bytes, signal))
  }

  get(key: string, range: ByteRange | undefined, signal: AbortSignal): Promise<ObjectBody> {
    return this.around('get', () => this.inner.get(key, range, signal))
  }

  stat(key: string, signal: AbortSignal): Promise<ObjectStat | undefined> {
    return this.around('stat', () => this.inner.stat(key, signal))
  }

  deleteMany(keys: readonly string[], signal: AbortSignal): Promise<readonly DeleteResult[]> {
    return this.around('deleteMany', () => this.inner.deleteMany(keys, signal))
  }

  list(
    prefix: string,
    after: string | undefined,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly ObjectStat[]> {
    return this.around('list', () => this.inner.list(prefix, after, limit, signal))
  }

  begin(key: string, signal: AbortSignal): Promise<UploadState> {
    return this.around('begin', () => this.inner.begin(key, signal))
  }

  writePart(
    state: UploadState,
    body: AsyncIterable<Uint8Array>,
    options: WritePartOptions,
  ): Promise<UploadState> {
    return this.around('writePart', () => this.inner.writePart(state, body, options))
  }

  /** Nothing happens before its bytes are asked for: it is not a call that ends. */
  readParts(state: UploadState, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.inner.readParts(state, signal)
  }

  finish(state: UploadState, signal: AbortSignal): Promise<void> {
    return this.around('finish', () => this.inner.finish(state, signal))
  }

  abort(state: UploadState, signal: AbortSignal): Promise<void> {
    return this.around('abort', () => this.inner.abort(state, signal))
  }

  sweepUnfinished(
    olderThanMs: number,
    isOpen: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
    signal: AbortSignal,
  ): Promise<number> {
    return this.around('sweepUnfinished', () =>
      this.inner.sweepUnfinished(olderThanMs, isOpen, signal),
    )
  }

  url(key: string, validMs: number): Promise<string | undefined> {
    return this.around('url', () => this.inner.url(key, validMs))
  }

  freeBytes(signal: AbortSignal): Promise<number | undefined> {
    return this.around('freeBytes', () => this.inner.freeBytes(signal))
  }

  close(): Promise<void> {
    return this.inner.close()
  }
}
