// Every failure that a caller may be told of: one table, one class. Anything else that is thrown is a bug:
// it answers 500 with no detail and says so in the log.

interface ErrorRow {
  readonly status: number
  /** The code in OCI's `errors[]` (distribution-spec "Error Codes"). */
  readonly oci: string
  readonly message: string
}

export const errorTable = {
  BLOB_UNKNOWN: { status: 404, oci: 'BLOB_UNKNOWN', message: 'blob unknown to registry' },
  BLOB_UPLOAD_INVALID: { status: 400, oci: 'BLOB_UPLOAD_INVALID', message: 'blob upload invalid' },
  BLOB_UPLOAD_UNKNOWN: {
    status: 404,
    oci: 'BLOB_UPLOAD_UNKNOWN',
    message: 'blob upload unknown to registry',
  },
  BLOB_UPLOAD_BUSY: {
    status: 409,
    oci: 'BLOB_UPLOAD_INVALID',
    message: 'another request is finishing this upload; repeat in a moment',
  },
  BLOB_IN_USE: {
    status: 403,
    oci: 'DENIED',
    message: 'a manifest of this repository names this blob',
  },
  CHUNK_OUT_OF_ORDER: {
    status: 416,
    oci: 'BLOB_UPLOAD_INVALID',
    message: 'the chunk does not begin where the upload ends',
  },
  DIGEST_INVALID: {
    status: 400,
    oci: 'DIGEST_INVALID',
    message: 'provided digest did not match uploaded content',
  },
  MANIFEST_BLOB_UNKNOWN: {
    status: 404,
    oci: 'MANIFEST_BLOB_UNKNOWN',
    message: 'manifest references a manifest or blob unknown to registry',
  },
  MANIFEST_INVALID: { status: 400, oci: 'MANIFEST_INVALID', message: 'manifest invalid' },
  MANIFEST_IN_USE: {
    status: 403,
    oci: 'DENIED',
    message: 'an index of this repository names this manifest; delete the index first',
  },
  MANIFEST_TOO_LARGE: {
    status: 413,
    oci: 'SIZE_INVALID',
    message: 'a manifest is at most 4 MiB (4194304 bytes)',
  },
  MANIFEST_UNKNOWN: {
    status: 404,
    oci: 'MANIFEST_UNKNOWN',
    message: 'manifest unknown to registry',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    oci: 'UNSUPPORTED',
    message: 'the media type is not one that a manifest may have',
  },
  NAME_INVALID: { status: 400, oci: 'NAME_INVALID', message: 'invalid repository name' },
  NAME_UNKNOWN: {
    status: 404,
    oci: 'NAME_UNKNOWN',
    message: 'repository name not known to registry',
  },
  TAG_INVALID: { status: 400, oci: 'TAG_INVALID', message: 'invalid tag' },
  PAGINATION_INVALID: {
    status: 400,
    oci: 'PAGINATION_NUMBER_INVALID',
    message: 'n must be a whole number of 0 or more',
  },
  PARAMETER_INVALID: { status: 400, oci: 'UNSUPPORTED', message: 'a parameter is invalid' },
  RANGE_INVALID: {
    status: 416,
    oci: 'SIZE_INVALID',
    message: 'the range lies outside the content',
  },
  SIZE_INVALID: {
    status: 400,
    oci: 'SIZE_INVALID',
    message: 'provided length did not match content length',
  },
  BLOB_TOO_LARGE: { status: 413, oci: 'SIZE_INVALID', message: 'the blob is larger than allowed' },
  UNAUTHORIZED: { status: 401, oci: 'UNAUTHORIZED', message: 'authentication required' },
  DENIED: { status: 403, oci: 'DENIED', message: 'requested access to the resource is denied' },
  QUOTA_EXCEEDED: { status: 403, oci: 'DENIED', message: 'quota exceeded' },
  NAMESPACE_EXISTS: { status: 409, oci: 'DENIED', message: 'a namespace of this name exists' },
  INSTANCE_UNKNOWN: {
    status: 404,
    oci: 'NAME_UNKNOWN',
    message: 'no registry answers at this host',
  },
  HOST_MISMATCH: {
    status: 421,
    oci: 'UNSUPPORTED',
    message: 'the TLS server name and the Host header name different registries',
  },
  UNSUPPORTED: { status: 405, oci: 'UNSUPPORTED', message: 'the operation is unsupported' },
  NOT_FOUND: { status: 404, oci: 'UNSUPPORTED', message: 'there is nothing at this address' },
  TOO_MANY_REQUESTS: { status: 429, oci: 'TOOMANYREQUESTS', message: 'too many requests' },
  REQUEST_TIMEOUT: {
    status: 408,
    oci: 'BLOB_UPLOAD_INVALID',
    message: 'the body stalled for too long',
  },
  STORAGE_FULL: {
    status: 507,
    oci: 'DENIED',
    message: 'the storage of this registry is full; nothing was kept; repeat when there is room',
  },
  UNAVAILABLE: {
    status: 503,
    oci: 'UNAVAILABLE',
    message: 'the database or the storage does not answer; repeat in a moment',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorTable

interface ApiErrorOptions {
  /** Instead of the table's message: for the caller, says what to do. */
  readonly message?: string
  /** For programs: the field, the rule, the digests … */
  readonly detail?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** For us; never leaves the process. */
  readonly cause?: unknown
}

export class ApiError extends Error {
  readonly code: ErrorCode
  readonly detail: unknown
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ErrorCode, options: ApiErrorOptions = {}) {
    super(options.message ?? errorTable[code].message, { cause: options.cause })
    this.name = 'ApiError'
    this.code = code
    this.detail = options.detail
    this.headers = options.headers ?? {}
  }

  get status(): number {
    return errorTable[this.code].status
  }
}
