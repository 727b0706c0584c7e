// What a store of bytes can do. Keys are opaque, made once per publish and never reused, so an object is
// never overwritten and a key that was deleted never comes back. After `put` or `finish` has resolved the
// bytes survive power loss; after `writePart` has resolved they survive kill -9.
//
// A key is lower-case segments joined by `/` (keys.ts has the rule); anything else is a TypeError. An aborted
// call throws the signal's reason; everything that the store does wrong is a StorageError.

/** First and last byte, both included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export interface ObjectStat {
  readonly key: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

/**
 * Bytes on their way out. A chunk is valid only until the next one is asked for: whoever writes it to a
 * socket waits for that write's callback first. Leaving the loop early releases everything.
 */
export interface ObjectBody extends AsyncIterable<Uint8Array> {
  /** Size of the whole object, not of the range. */
  readonly objectBytes: number
  /** Size of what this body yields. */
  readonly sizeBytes: number
  /** All of it, where it was small enough to be read at once: it may be kept, and nothing needs a release. */
  readonly bytes?: Uint8Array
  /** Releases what a body that was never iterated holds (HEAD, a client that left). */
  cancel(): void
}

/**
 * An unfinished object, kept as JSON in the upload's row. Each `writePart` returns a new state; the state
 * that wins the row counts, parts written under any other are left for the sweep.
 */
export interface UploadState {
  readonly key: string
  readonly sizeBytes: number
  readonly parts: readonly unknown[]
  /** Counts those who were let in to write behind these parts; two of them that meet have different ones. */
  readonly writer?: number
  readonly [detail: string]: unknown
}

export interface WritePartOptions {
  /** Unique per attempt: two writers of one upload never touch the same bytes. */
  readonly fence: string
  readonly signal: AbortSignal
  /** How many bytes the body brings, where the caller knows it beforehand. */
  readonly sizeBytes?: number | undefined
  /**
   * The chunks are the driver's: it gives their memory back as soon as they are written, and they are empty
   * then. For a body from a socket: left to the garbage collector its chunks cost a third of a push's CPU.
   */
  readonly ownsChunks?: boolean
}

export interface DeleteResult {
  readonly key: string
  /** Undefined: the key is gone (a missing key counts as gone). */
  readonly error?: Error
}

export interface DriverLimits {
  readonly maxObjectBytes: number
  /** The largest object that goes in one `put`. */
  readonly maxPutBytes: number
}

export interface Driver {
  readonly kind: 'folder' | 's3' | 'memory'
  readonly limits: DriverLimits
  put(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>
  /** Throws `missing`, or `range` when it starts behind the end. */
  get(key: string, range: ByteRange | undefined, signal: AbortSignal): Promise<ObjectBody>
  stat(key: string, signal: AbortSignal): Promise<ObjectStat | undefined>
  deleteMany(keys: readonly string[], signal: AbortSignal): Promise<readonly DeleteResult[]>
  /** Ascending by key, at most `limit` (≤ 1000), keys greater than `after`. */
  list(
    prefix: string,
    after: string | undefined,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly ObjectStat[]>
  begin(key: string, signal: AbortSignal): Promise<UploadState>
  /**
   * Appends the whole of `body`. When it throws, `state` is as good as before. Chunks are kept until they are
   * written, so the body of a `get` goes in through `ownedChunks`.
   */
  writePart(
    state: UploadState,
    body: AsyncIterable<Uint8Array>,
    options: WritePartOptions,
  ): Promise<UploadState>
  /** What was written so far, in order: to hash an upload whose chunks met several processes. */
  readParts(state: UploadState, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Makes the object readable under its key. Repeatable, also after a crash in the middle. */
  finish(state: UploadState, signal: AbortSignal): Promise<void>
  /** Repeatable. */
  abort(state: UploadState, signal: AbortSignal): Promise<void>
  /**
   * Removes parts and multipart uploads begun before `olderThanMs` (age) whose key `isOpen` denies;
   * returns how many went.
   */
  sweepUnfinished(
    olderThanMs: number,
    isOpen: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
    signal: AbortSignal,
  ): Promise<number>
  /** An address for a GET by the client itself, or undefined where there is none. */
  url(key: string, validMs: number): Promise<string | undefined>
  /** Undefined where the store can't tell (object storage). */
  freeBytes(signal: AbortSignal): Promise<number | undefined>
  close(): Promise<void>
}

export type DriverOperation = Exclude<keyof Driver, 'kind' | 'limits' | 'close'>

export type StorageFault = 'missing' | 'range' | 'conflict' | 'too-large' | 'full' | 'unavailable'

/**
 * The only error that a driver throws on purpose. `full`: disk or bucket has no room (507 at the edge).
 * `too-large`: more bytes or parts than this store takes for one object, ever (413); the client reads the message.
 */
export class StorageError extends Error {
  readonly fault: StorageFault

  constructor(fault: StorageFault, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StorageError'
    this.fault = fault
  }
}
