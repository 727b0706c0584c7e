// A `multipart/byteranges` answer (RFC 9110 §14.6), laid out before its first byte is sent, so that
// Content-Length is exact. It is a body like any other: whoever sends it need not know its parts.

import { randomBytes } from 'node:crypto'
import type { ByteRange, ObjectBody } from '../storage/driver.ts'
import { formatContentRange, rangeBytes } from './range.ts'

export interface MultipartRanges extends AsyncIterable<Uint8Array> {
  /** For the Content-Type header. */
  readonly contentType: string
  /** For the Content-Length header. */
  readonly sizeBytes: number
  /** Releases what was opened, when the body is never iterated. */
  cancel(): void
}

interface MultipartOptions {
  readonly ranges: readonly ByteRange[]
  readonly totalBytes: number
  /** Of each part. */
  readonly contentType: string
  /** Called for one range after the other, when its turn comes. */
  open(range: ByteRange): Promise<ObjectBody>
}

const boundaryBytes = 24

export function multipartRanges(options: MultipartOptions): MultipartRanges {
  // 192 random bits: no content can be made to hold them.
  const boundary = randomBytes(boundaryBytes).toString('hex')
  const heads = options.ranges.map((range, index) => partHead(options, boundary, range, index))
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  const contentBytes = options.ranges.reduce((sum, range) => sum + rangeBytes(range), 0)
  const headBytes = heads.reduce((sum, head) => sum + head.length, 0)
  return {
    contentType: `multipart/byteranges; boundary=${boundary}`,
    sizeBytes: headBytes + contentBytes + tail.length,
    // Nothing is open before the first part is asked for.
    cancel: () => undefined,
    async *[Symbol.asyncIterator]() {
      for (const [index, range] of options.ranges.entries()) {
        yield heads[index] ?? assertHead(index)
        yield* await options.open(range)
      }
      yield tail
    },
  }
}

function partHead(
  options: MultipartOptions,
  boundary: string,
  range: ByteRange,
  index: number,
): Uint8Array {
  return Buffer.from(
    `${index === 0 ? '' : '\r\n'}--${boundary}\r\n` +
      `Content-Type: ${options.contentType}\r\n` +
      `Content-Range: ${formatContentRange(range, options.totalBytes)}\r\n\r\n`,
  )
}

function assertHead(index: number): never {
  throw new Error(`part ${index} has no head`)
}
