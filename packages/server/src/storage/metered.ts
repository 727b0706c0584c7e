// A driver that tells how long each call took and how many bytes it moved; what becomes of that is the
// observer's. Waiting for the other side (a client that sends or reads slowly) is not counted.

import type { Clock } from '../clock.ts'
import type {
  ByteRange,
  Driver,
  DriverOperation,
  ObjectBody,
  UploadState,
  WritePartOptions,
} from './driver.ts'
import { StorageError, type StorageFault } from './driver.ts'
import { WrappedDriver } from './wrapped.ts'

export interface StorageObservation {
  readonly driver: Driver['kind']
  readonly operation: DriverOperation
  readonly durationMs: number
  readonly bytes: number
  /** `stopped`: the caller's signal, a body that broke, a reader that left. */
  readonly outcome: 'ok' | 'stopped' | StorageFault
}

type Observe = (observation: StorageObservation) => void

export function meteredDriver(
  inner: Driver,
  clock: Pick<Clock, 'monotonicMs'>,
  observe: Observe,
): Driver {
  return new MeteredDriver(inner, clock, observe)
}

/** One call: its clock runs while the driver works. */
class Call {
  readonly #report: (call: Call, outcome: StorageObservation['outcome']) => void
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly operation: DriverOperation
  durationMs = 0
  bytes = 0
  #sinceMs: number
  #ended = false

  constructor(
    operation: DriverOperation,
    clock: Pick<Clock, 'monotonicMs'>,
    report: (call: Call, outcome: StorageObservation['outcome']) => void,
  ) {
    this.operation = operation
    this.#clock = clock
    this.#report = report
    this.#sinceMs = clock.monotonicMs()
  }

  pause(): void {
    this.durationMs += this.#clock.monotonicMs() - this.#sinceMs
  }

  resume(): void {
    this.#sinceMs = this.#clock.monotonicMs()
  }

  /** The clock is paused by then. */
  end(outcome: StorageObservation['outcome']): void {
    if (this.#ended) return
    this.#ended = true
    this.#report(this, outcome)
  }
}

function outcomeOf(error: unknown): StorageObservation['outcome'] {
  return error instanceof StorageError ? error.fault : 'stopped'
}

class MeteredDriver extends WrappedDriver {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #observe: Observe

  constructor(inner: Driver, clock: Pick<Clock, 'monotonicMs'>, observe: Observe) {
    super(inner)
    this.#clock = clock
    this.#observe = observe
  }

  override put(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#time('put', () => this.inner.put(key, bytes, signal), bytes.byteLength)
  }

  override async get(
    key: string,
    range: ByteRange | undefined,
    signal: AbortSignal,
  ): Promise<ObjectBody> {
    const call = this.#begin('get')
    try {
      const body = await this.inner.get(key, range, signal)
      call.pause()
      if (!body.bytes) return new MeteredBody(body, call)
      call.bytes = body.sizeBytes
      call.end('ok')
      return body
    } catch (error) {
      call.pause()
      call.end(outcomeOf(error))
      throw error
    }
  }

  override async writePart(
    state: UploadState,
    body: AsyncIterable<Uint8Array>,
    options: WritePartOptions,
  ): Promise<UploadState> {
    const call = this.#begin('writePart')
    let outcome: StorageObservation['outcome'] = 'ok'
    try {
      return await this.inner.writePart(state, waitedFor(body, call), options)
    } catch (error) {
      outcome = outcomeOf(error)
      throw error
    } finally {
      call.pause()
      call.end(outcome)
    }
  }

  /** Made without the store. */
  override url(key: string, validMs: number): Promise<string | undefined> {
    return this.inner.url(key, validMs)
  }

  protected around<T>(operation: DriverOperation, call: () => Promise<T>): Promise<T> {
    return this.#time(operation, call)
  }

  #begin(operation: DriverOperation): Call {
    return new Call(operation, this.#clock, ({ durationMs, bytes }, outcome) =>
      this.#observe({ driver: this.kind, operation, durationMs, bytes, outcome }),
    )
  }

  async #time<T>(operation: DriverOperation, work: () => Promise<T>, bytes = 0): Promise<T> {
    const call = this.#begin(operation)
    let outcome: StorageObservation['outcome'] = 'ok'
    try {
      const result = await work()
      call.bytes = bytes
      return result
    } catch (error) {
      outcome = outcomeOf(error)
      throw error
    } finally {
      call.pause()
      call.end(outcome)
    }
  }
}

async function* waitedFor(body: AsyncIterable<Uint8Array>, call: Call): AsyncGenerator<Uint8Array> {
  call.pause()
  try {
    for await (const chunk of body) {
      call.bytes += chunk.byteLength
      call.resume()
      yield chunk
      call.pause()
    }
  } finally {
    call.resume()
  }
}

class MeteredBody implements ObjectBody {
  readonly objectBytes: number
  readonly sizeBytes: number
  readonly #inner: ObjectBody
  readonly #call: Call

  constructor(inner: ObjectBody, call: Call) {
    this.#inner = inner
    this.#call = call
    this.objectBytes = inner.objectBytes
    this.sizeBytes = inner.sizeBytes
  }

  cancel(): void {
    this.#inner.cancel()
    this.#call.end('stopped')
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const call = this.#call
    let outcome: StorageObservation['outcome'] = 'stopped'
    call.resume()
    try {
      for await (const chunk of this.#inner) {
        call.pause()
        call.bytes += chunk.byteLength
        yield chunk
        call.resume()
      }
      call.pause()
      outcome = 'ok'
    } catch (error) {
      call.pause()
      outcome = outcomeOf(error)
      throw error
    } finally {
      call.end(outcome)
    }
  }
}
