// What a store's failure means, and whether to ask again. Object stores answer alike but not the same: codes
// decide before statuses.

import type { Clock } from '../clock.ts'
import { StorageError, type StorageFault } from './driver.ts'

const faultByCode: Readonly<Record<string, StorageFault>> = {
  NoSuchKey: 'missing',
  NoSuchUpload: 'missing',
  NotFound: 'missing',
  InvalidRange: 'range',
  InvalidPart: 'conflict',
  InvalidPartOrder: 'conflict',
  EntityTooLarge: 'too-large',
  QuotaExceeded: 'full',
  QuotaExceededException: 'full',
  XMinioStorageFull: 'full',
  InsufficientStorage: 'full',
}

const passingCodes = new Set([
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'Throttling',
  'ThrottlingException',
  'TooManyRequests',
  'OperationAborted',
])

const passingStatuses = new Set([408, 425, 429, 500, 502, 503, 504])

/** A failure of S3 in our terms; `passing`: the same request may succeed in a moment. */
export class S3Failure extends StorageError {
  readonly passing: boolean
  readonly code: string

  constructor(code: string, status: number | undefined, cause?: unknown) {
    super(faultOf(code, status), messageOf(code, status), cause)
    this.code = code
    this.passing =
      this.fault === 'unavailable' &&
      (passingCodes.has(code) || status === undefined || passingStatuses.has(status))
  }
}

function faultOf(code: string, status: number | undefined): StorageFault {
  const fault = faultByCode[code]
  if (fault) return fault
  if (status === 507) return 'full'
  if (status === 416) return 'range'
  return 'unavailable'
}

function messageOf(code: string, status: number | undefined): string {
  if (code === 'InvalidObjectState') {
    return 'the bucket keeps objects in an archive storage class, from which they cannot be read at once'
  }
  return `the object storage answered ${code}${status === undefined ? '' : ` (${status})`}`
}

interface SdkError {
  readonly name?: string
  readonly code?: string
  readonly Code?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/** An error of the SDK, of a socket, or of ours. */
export function toS3Failure(error: unknown): StorageError {
  if (error instanceof StorageError) return error
  const { name, code, Code, $metadata } = error as SdkError
  const status = $metadata?.httpStatusCode
  // An error inside a 200 carries the status of its envelope, which says nothing.
  const meant = status !== undefined && status >= 300 ? status : undefined
  return new S3Failure(
    Code ?? (meant ? name : undefined) ?? code ?? name ?? 'unknown',
    meant,
    error,
  )
}

const maxAttempts = 5
const firstDelayMs = 100
const maxDelayMs = 3000

export interface RetryOptions {
  readonly clock: Pick<Clock, 'setTimer'>
  readonly signal: AbortSignal
  /** Asked after each failure: has the request had its effect nevertheless? */
  readonly settled?: () => Promise<boolean>
  /** What else may pass, for this request. */
  readonly alsoPassing?: string
}

/** Repeats what fails in passing, a bounded number of times, with growing and jittered pauses. */
export async function retry<T>(
  work: () => Promise<T>,
  { clock, signal, settled, alsoPassing }: RetryOptions,
): Promise<T | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      const failure = toS3Failure(error)
      if (settled && (await settled())) return undefined
      if (!(failure instanceof S3Failure) || attempt === maxAttempts) throw failure
      if (!failure.passing && failure.code !== alsoPassing) throw failure
    }
    const delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1))
    await pause(clock, delayMs * (0.5 + Math.random() / 2), signal)
  }
}

/** The clock's timers keep no process alive, but a command that waits for the store must not end in the middle. */
const longTime = 2 ** 30

function pause(clock: Pick<Clock, 'setTimer'>, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const alive = setInterval(() => {}, longTime)
    const end = (settle: () => void) => {
      clearInterval(alive)
      timer.cancel()
      signal.removeEventListener('abort', giveUp)
      settle()
    }
    const giveUp = () => end(() => reject(signal.reason))
    const timer = clock.setTimer(ms, () => end(resolve))
    signal.addEventListener('abort', giveUp, { once: true })
  })
}
