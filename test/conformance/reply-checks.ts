// What an answer must look like; each failure shows the call and the answer.
import assert from 'node:assert/strict'
import type { Reply } from './http-client.ts'

const standardCodes = new Set([
  'BLOB_UNKNOWN',
  'BLOB_UPLOAD_INVALID',
  'BLOB_UPLOAD_UNKNOWN',
  'DIGEST_INVALID',
  'MANIFEST_BLOB_UNKNOWN',
  'MANIFEST_INVALID',
  'MANIFEST_UNKNOWN',
  'NAME_INVALID',
  'NAME_UNKNOWN',
  'SIZE_INVALID',
  'UNAUTHORIZED',
  'DENIED',
  'UNSUPPORTED',
  'TOOMANYREQUESTS',
  // Optional, from Docker's first manifests ("Legacy Docker support error codes") and its paging.
  'TAG_INVALID',
  'MANIFEST_UNVERIFIED',
  'PAGINATION_NUMBER_INVALID',
])

export interface OciError {
  readonly code: string
  readonly message: string
  readonly detail: unknown
}

export function expectStatus(reply: Reply, ...statuses: readonly number[]): void {
  assert.ok(
    statuses.includes(reply.status),
    `expected ${statuses.join(' or ')}: ${reply.describe()}`,
  )
}

export function expectHeader(reply: Reply, name: string, value: string): void {
  assert.deepEqual(reply.values(name), [value], `${name} of ${reply.describe()}`)
}

/** The one value of a header that must be there exactly once. */
export function single(reply: Reply, name: string): string {
  const values = reply.values(name)
  assert.equal(values.length, 1, `exactly one ${name}: ${reply.describe()}`)
  return values[0] ?? ''
}

export function expectBytes(reply: Reply, bytes: Uint8Array): void {
  assert.ok(reply.body.equals(bytes), `other bytes than expected: ${reply.describe()}`)
}

/** "Error Codes": the shape of `errors[]`, and that one of them has the code. */
export function expectErrorBody(reply: Reply, code?: string | readonly string[]): OciError[] {
  const contentType = reply.header('Content-Type') ?? ''
  assert.match(contentType, /^application\/json\b/, `errors are JSON: ${reply.describe()}`)
  const errors = parseErrors(reply.json())
  assert.ok(errors.length > 0, `at least one error: ${reply.describe()}`)
  for (const error of errors) {
    assert.match(error.code, /^[A-Z_]+$/, reply.describe())
    assert.ok(
      standardCodes.has(error.code),
      `${error.code} is in the specification: ${reply.describe()}`,
    )
  }
  if (code !== undefined) {
    const codes = typeof code === 'string' ? [code] : code
    const found = errors.some((error) => codes.includes(error.code))
    assert.ok(found, `an error with code ${codes.join(' or ')}: ${reply.describe()}`)
  }
  return errors
}

function parseErrors(body: unknown): OciError[] {
  assert.ok(typeof body === 'object' && body !== null && 'errors' in body)
  assert.ok(Array.isArray(body.errors), '"errors" is a list')
  return body.errors.map((item: unknown) => {
    assert.ok(typeof item === 'object' && item !== null && 'code' in item)
    const { code } = item
    assert.ok(typeof code === 'string', '"code" is text')
    const message = 'message' in item ? item.message : ''
    assert.ok(typeof message === 'string', '"message" is text')
    return { code, message, detail: 'detail' in item ? item.detail : undefined }
  })
}

/** "Warnings": code 299, agent -, no date, at most 4096 bytes in all. */
export function expectLawfulWarnings(reply: Reply): void {
  const warnings = reply.values('Warning')
  for (const warning of warnings) assert.match(warning, /^299 - "(?:[^"\\]|\\.)*"$/)
  assert.ok(warnings.join('').length <= 4096, 'at most 4096 bytes of warnings')
}

/** What `Link: <…>; rel="next"` points to (RFC 5988), or undefined. */
export function nextPage(reply: Reply): string | undefined {
  const links = reply.values('Link')
  if (links.length === 0) return undefined
  const match = /^<([^>]+)>\s*;\s*rel="?next"?$/.exec(links.join(', '))
  assert.ok(match !== null, `Link has the form <…>; rel="next": ${links.join(', ')}`)
  return new URL(match[1] ?? '', reply.call.url).href
}
