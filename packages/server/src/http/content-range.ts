// Where a chunk of an upload belongs. The distribution specification writes `0-1023` ("Pushing a blob in
// chunks"); HTTP's own form, `bytes 0-1023/*` or with a total, is sent by some clients and means the same.

import type { ByteRange } from '../storage/driver.ts'

const contentRangePattern = /^(?:bytes[ =])?(\d{1,16})-(\d{1,16})(?:\/(?:\*|\d{1,16}))?$/

/** Undefined when it is malformed: ends before it begins, or counts beyond 2^53. */
export function parseContentRange(header: string): ByteRange | undefined {
  const match = contentRangePattern.exec(header.trim())
  if (match === null) return undefined
  const [start, end] = [Number(match[1]), Number(match[2])]
  return start <= end && Number.isSafeInteger(end) ? { start, end } : undefined
}

/**
 * The Range header of an upload's answers. Docker parses it with `%d-%d`, so there is no unit; of an empty
 * upload it is `0-0`, as every registry writes it.
 */
export function formatUploadRange(offsetBytes: number): string {
  return `0-${Math.max(offsetBytes - 1, 0)}`
}
