// A driver that fails on command, for tests of what is left after a failure at each step: the n-th call fails
// before it has its effect, or has it and its answer is lost, or waits at a gate, or writes half of its body,
// or finds the disk full.

import type {
  ByteRange,
  DriverOperation,
  ObjectBody,
  UploadState,
  WritePartOptions,
} from './driver.ts'
import { StorageError } from './driver.ts'
import { WrappedDriver } from './wrapped.ts'

export type Failure =
  | { readonly kind: 'before'; readonly error?: Error }
  /** The effect is there, the caller sees a failure. */
  | { readonly kind: 'after'; readonly error?: Error }
  /** Half of a body is taken (or given), then it fails. */
  | { readonly kind: 'half'; readonly error?: Error }
  /** Goes on when the promise resolves; fails if it rejects. */
  | { readonly kind: 'gate'; readonly gate: Promise<void> }

interface Plan {
  readonly operation: DriverOperation | undefined
  /** Calls to let through first. */
  skip: number
  /** How many calls it then hits. */
  left: number
  readonly failure: Failure
}

export interface PlanOptions {
  /** Which call, counting from 1 and from now on; by default the next. */
  readonly nth?: number
  readonly times?: number
}

export class FaultyDriver extends WrappedDriver {
  /** Every call since the last `reset`, in order. */
  readonly calls: DriverOperation[] = []
  #plans: Plan[] = []

  /** Undefined as operation: any. */
  fail(operation: DriverOperation | undefined, failure: Failure, options: PlanOptions = {}): void {
    const { nth = 1, times = 1 } = options
    this.#plans.push({ operation, skip: nth - 1, left: times, failure })
  }

  /** Every call that stores bytes says that there is no room, until `reset`. */
  fill(): void {
    for (const operation of ['put', 'writePart', 'finish'] as const) {
      const failure: Failure = { kind: 'before', error: noRoom() }
      this.fail(operation, failure, { times: Number.POSITIVE_INFINITY })
    }
  }

  reset(): void {
    this.#plans = []
    this.calls.length = 0
  }

  override async get(
    key: string,
    range: ByteRange | undefined,
    signal: AbortSignal,
  ): Promise<ObjectBody> {
    const failure = this.#next('get')
    const body = await this.#apply(failure, () => this.inner.get(key, range, signal))
    return failure?.kind === 'half' ? cutBody(body, errorOf(failure)) : body
  }

  override async deleteMany(keys: readonly string[], signal: AbortSignal) {
    const failure = this.#next('deleteMany')
    if (failure?.kind !== 'half') {
      return this.#apply(failure, () => this.inner.deleteMany(keys, signal))
    }
    const gone = await this.inner.deleteMany(keys.slice(0, keys.length >> 1), signal)
    const kept = keys.slice(gone.length).map((key) => ({ key, error: errorOf(failure) }))
    return [...gone, ...kept]
  }

  override async writePart(
    state: UploadState,
    body: AsyncIterable<Uint8Array>,
    options: WritePartOptions,
  ): Promise<UploadState> {
    const failure = this.#next('writePart')
    const source = failure?.kind === 'half' ? cut(body, errorOf(failure)) : body
    return this.#apply(failure, () => this.inner.writePart(state, source, options))
  }

  override async *readParts(state: UploadState, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const failure = this.#next('readParts')
    const body = await this.#apply(failure, async () => this.inner.readParts(state, signal))
    yield* failure?.kind === 'half' ? cut(body, errorOf(failure)) : body
  }

  protected around<T>(operation: DriverOperation, call: () => Promise<T>): Promise<T> {
    return this.#apply(this.#next(operation), call)
  }

  async #apply<T>(failure: Failure | undefined, work: () => Promise<T>): Promise<T> {
    if (failure?.kind === 'before') throw errorOf(failure)
    if (failure?.kind === 'gate') await failure.gate
    const result = await work()
    if (failure?.kind === 'after') throw errorOf(failure)
    return result
  }

  #next(operation: DriverOperation): Failure | undefined {
    this.calls.push(operation)
    let hit: Failure | undefined
    for (const plan of this.#plans) {
      if (plan.operation !== undefined && plan.operation !== operation) continue
      if (plan.skip > 0) plan.skip -= 1
      else if (plan.left > 0 && !hit) {
        plan.left -= 1
        hit = plan.failure
      }
    }
    return hit
  }
}

export function noRoom(): StorageError {
  return new StorageError('full', 'no room (injected)')
}

function errorOf(failure: Exclude<Failure, { readonly kind: 'gate' }>): Error {
  return failure.error ?? new StorageError('unavailable', `failed ${failure.kind} (injected)`)
}

/** Half of the first chunk, then the error. */
async function* cut(body: AsyncIterable<Uint8Array>, error: Error): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    yield chunk.subarray(0, chunk.byteLength >> 1)
    break
  }
  throw error
}

function cutBody(body: ObjectBody, error: Error): ObjectBody {
  return {
    objectBytes: body.objectBytes,
    sizeBytes: body.sizeBytes,
    cancel: () => body.cancel(),
    [Symbol.asyncIterator]: () => cut(body, error),
  }
}
