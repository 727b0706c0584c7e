// The Range header of GET (RFC 9110 §14). Parts are sent exactly as they were asked for and in that order,
// because containers/storage (podman's partial pulls of zstd:chunked) matches parts to its requests by
// position. Only what overlaps or runs backwards is sorted and merged, so no answer outgrows the content.

import type { ByteRange } from '../storage/driver.ts'

/** containers/storage merges what it misses down to 1,024 ranges in one request. */
export const maxRanges = 1024

export type RequestedRanges =
  /** No Range header, or one that may be ignored: 200 with everything. */
  | { readonly kind: 'whole' }
  | { readonly kind: 'one'; readonly range: ByteRange }
  | { readonly kind: 'many'; readonly ranges: readonly ByteRange[] }
  // 416, with a Content-Range that tells the size.
  | { readonly kind: 'unsatisfiable' }

const whole: RequestedRanges = { kind: 'whole' }
const rangePattern = /^(\d*)-(\d*)$/

export interface RangeCondition {
  readonly etag: string
  /** The If-Range header. */
  readonly ifRange: string | undefined
}

/** For GET only: on any other method a Range header means nothing. */
export function parseRange(
  header: string | undefined,
  objectBytes: number,
  condition: RangeCondition,
): RequestedRanges {
  if (header === undefined || !/^bytes=/i.test(header)) return whole
  // Strong comparison; a date never matches, since no Last-Modified was sent.
  if (condition.ifRange !== undefined && condition.ifRange.trim() !== condition.etag) return whole
  const specs = header.slice('bytes='.length).split(',', maxRanges + 1)
  if (specs.length > maxRanges) return whole
  const ranges: ByteRange[] = []
  for (const spec of specs) {
    const parsed = parseSpec(spec.trim(), objectBytes)
    // Malformed: the whole header is to be ignored (RFC 9110 §14.2).
    if (parsed === 'malformed') return whole
    if (parsed !== 'outside') ranges.push(parsed)
  }
  const merged = isAscending(ranges) ? ranges : mergeRanges(ranges)
  const [first] = merged
  if (first === undefined) return { kind: 'unsatisfiable' }
  return merged.length === 1 ? { kind: 'one', range: first } : { kind: 'many', ranges: merged }
}

function parseSpec(spec: string, objectBytes: number): ByteRange | 'malformed' | 'outside' {
  const match = rangePattern.exec(spec)
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? '']
  if (first === '' && last === '') return 'malformed'
  if (first === '') {
    const suffixBytes = Math.min(Number(last), objectBytes)
    if (suffixBytes === 0) return 'outside'
    return { start: objectBytes - suffixBytes, end: objectBytes - 1 }
  }
  // Digits beyond 2^53 become inexact or Infinity; either is outside of any object.
  const start = Number(first)
  const end = last === '' ? objectBytes - 1 : Math.min(Number(last), objectBytes - 1)
  // Runs backwards: RFC 9110 §14.2 lets us ignore or reject it, and the official suite wants it rejected.
  if (last !== '' && Number(last) < start) return 'outside'
  return start >= objectBytes ? 'outside' : { start, end }
}

function isAscending(ranges: readonly ByteRange[]): boolean {
  return ranges.every((range, index) => {
    const previous = ranges[index - 1]
    return previous === undefined || previous.end < range.start
  })
}

function mergeRanges(ranges: readonly ByteRange[]): ByteRange[] {
  const merged: ByteRange[] = []
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last === undefined || range.start > last.end + 1) merged.push(range)
    else merged.splice(-1, 1, { start: last.start, end: Math.max(last.end, range.end) })
  }
  return merged
}

export function rangeBytes(range: ByteRange): number {
  return range.end - range.start + 1
}

/** The Content-Range header of a 206; without a range, of a 416. */
export function formatContentRange(range: ByteRange | undefined, objectBytes: number): string {
  return range === undefined
    ? `bytes */${objectBytes}`
    : `bytes ${range.start}-${range.end}/${objectBytes}`
}
