// Every failure that a caller may be told of: one table, one class. Anything else that is thrown is a bug:
// it answers 500 with no detail and says so in the log.

import { camErrors } from './cam/errors.ts'
import { consoleErrors } from './console-errors.ts'
import type { Doc } from './fields.ts'
import { tagErrors } from './tag/errors.ts'
import { instanceErrors } from './tcr/errors.ts'
import { personalErrors } from './tcr/personal-errors.ts'

interface ErrorRow {
  readonly status: number
  /** The code in OCI's `errors[]` (distribution-spec "Error Codes"). */
  readonly oci: string
  /** The code in the management API's `Response.Error`, with its sub-code. */
  readonly cloud: string
  readonly message: string
  readonly zh: string
}

export const errorTable = {
  BLOB_UNKNOWN: {
    status: 404,
    oci: 'BLOB_UNKNOWN',
    cloud: 'ResourceNotFound',
    message: 'blob unknown to registry',
    zh: '仓库中没有这个层',
  },
  BLOB_UPLOAD_INVALID: {
    status: 400,
    oci: 'BLOB_UPLOAD_INVALID',
    cloud: 'InvalidParameter',
    message: 'blob upload invalid',
    zh: '上传无效',
  },
  BLOB_UPLOAD_UNKNOWN: {
    status: 404,
    oci: 'BLOB_UPLOAD_UNKNOWN',
    cloud: 'ResourceNotFound',
    message: 'blob upload unknown to registry',
    zh: '没有这个上传',
  },
  BLOB_UPLOAD_BUSY: {
    status: 409,
    oci: 'BLOB_UPLOAD_INVALID',
    cloud: 'ResourceInUse',
    message: 'another request is finishing this upload; repeat in a moment',
    zh: '另一个请求正在完成这个上传，请稍后重试',
  },
  BLOB_IN_USE: {
    status: 403,
    oci: 'DENIED',
    cloud: 'ResourceInUse',
    message: 'a manifest of this repository names this blob',
    zh: '本仓库的清单引用了这个层',
  },
  CHUNK_OUT_OF_ORDER: {
    status: 416,
    oci: 'BLOB_UPLOAD_INVALID',
    cloud: 'InvalidParameterValue',
    message: 'the chunk does not begin where the upload ends',
    zh: '分块的起点不是上传的终点',
  },
  DIGEST_INVALID: {
    status: 400,
    oci: 'DIGEST_INVALID',
    cloud: 'InvalidParameterValue',
    message: 'provided digest did not match uploaded content',
    zh: '摘要与内容不符',
  },
  MANIFEST_BLOB_UNKNOWN: {
    status: 404,
    oci: 'MANIFEST_BLOB_UNKNOWN',
    cloud: 'ResourceNotFound.TcrResourceNotFound',
    message: 'manifest references a manifest or blob unknown to registry',
    zh: '清单引用了仓库中没有的层或清单',
  },
  MANIFEST_INVALID: {
    status: 400,
    oci: 'MANIFEST_INVALID',
    cloud: 'FailedOperation.ErrorTcrInvalidMediaType',
    message: 'manifest invalid',
    zh: '清单无效',
  },
  MANIFEST_IN_USE: {
    status: 403,
    oci: 'DENIED',
    cloud: 'ResourceInUse',
    message: 'an index of this repository names this manifest; delete the index first',
    zh: '本仓库的索引引用了这个清单，请先删除索引',
  },
  MANIFEST_TOO_LARGE: {
    status: 413,
    oci: 'SIZE_INVALID',
    cloud: 'InvalidParameter.ErrTooLarge',
    message: 'a manifest is at most 4 MiB (4194304 bytes)',
    zh: '清单最大为 4 MiB（4194304 字节）',
  },
  MANIFEST_UNKNOWN: {
    status: 404,
    oci: 'MANIFEST_UNKNOWN',
    cloud: 'ResourceNotFound.TcrResourceNotFound',
    message: 'manifest unknown to registry',
    zh: '没有这个镜像',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    oci: 'UNSUPPORTED',
    cloud: 'FailedOperation.ErrorTcrInvalidMediaType',
    message: 'the media type is not one that a manifest may have',
    zh: '清单不能使用这个媒体类型',
  },
  NAME_INVALID: {
    status: 400,
    oci: 'NAME_INVALID',
    cloud: 'InvalidParameterValue',
    message: 'invalid repository name',
    zh: '仓库名称无效',
  },
  NAME_UNKNOWN: {
    status: 404,
    oci: 'NAME_UNKNOWN',
    cloud: 'ResourceNotFound.TcrResourceNotFound',
    message: 'repository name not known to registry',
    zh: '没有这个仓库',
  },
  TAG_INVALID: {
    status: 400,
    oci: 'TAG_INVALID',
    cloud: 'InvalidParameterValue',
    message: 'invalid tag',
    zh: '标签无效',
  },
  PAGINATION_INVALID: {
    status: 400,
    oci: 'PAGINATION_NUMBER_INVALID',
    cloud: 'InvalidParameterValue',
    message: 'n must be a whole number of 0 or more',
    zh: 'n 必须是不小于 0 的整数',
  },
  PARAMETER_INVALID: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameter',
    message: 'a parameter is invalid',
    zh: '参数无效',
  },
  RANGE_INVALID: {
    status: 416,
    oci: 'SIZE_INVALID',
    cloud: 'InvalidParameterValue',
    message: 'the range lies outside the content',
    zh: '范围超出内容',
  },
  SIZE_INVALID: {
    status: 400,
    oci: 'SIZE_INVALID',
    cloud: 'InvalidParameterValue',
    message: 'provided length did not match content length',
    zh: '声明的长度与内容不符',
  },
  BLOB_TOO_LARGE: {
    status: 413,
    oci: 'SIZE_INVALID',
    cloud: 'InvalidParameter.ErrTooLarge',
    message: 'the blob is larger than allowed',
    zh: '层超过允许的大小',
  },
  UNAUTHORIZED: {
    status: 401,
    oci: 'UNAUTHORIZED',
    cloud: 'AuthFailure',
    message: 'authentication required',
    zh: '需要登录',
  },
  DENIED: {
    status: 403,
    oci: 'DENIED',
    cloud: 'UnauthorizedOperation',
    message: 'requested access to the resource is denied',
    zh: '没有权限',
  },
  QUOTA_EXCEEDED: {
    status: 403,
    oci: 'DENIED',
    cloud: 'OperationDenied.QuotaOverLimit',
    message: 'quota exceeded',
    zh: '超出配额',
  },
  NAMESPACE_EXISTS: {
    status: 409,
    oci: 'DENIED',
    cloud: 'FailedOperation.ErrorTcrResourceConflict',
    message: 'a namespace of this name exists',
    zh: '同名的命名空间已存在',
  },
  INSTANCE_UNKNOWN: {
    status: 404,
    oci: 'NAME_UNKNOWN',
    cloud: 'ResourceNotFound',
    message: 'no registry answers at this host',
    zh: '这个域名没有对应的实例',
  },
  HOST_MISMATCH: {
    status: 421,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidRequest',
    message: 'the TLS server name and the Host header name different registries',
    zh: 'TLS 服务器名与 Host 头指向不同的实例',
  },
  UNSUPPORTED: {
    status: 405,
    oci: 'UNSUPPORTED',
    cloud: 'UnsupportedOperation',
    message: 'the operation is unsupported',
    zh: '不支持这个操作',
  },
  NOT_FOUND: {
    status: 404,
    oci: 'UNSUPPORTED',
    cloud: 'ResourceNotFound',
    message: 'there is nothing at this address',
    zh: '这个地址没有内容',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    oci: 'TOOMANYREQUESTS',
    cloud: 'RequestLimitExceeded',
    message: 'too many requests',
    zh: '请求过多，请稍后重试',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    oci: 'BLOB_UPLOAD_INVALID',
    cloud: 'InvalidRequest',
    message: 'the body stalled for too long',
    zh: '请求体停顿过久',
  },
  STORAGE_FULL: {
    status: 507,
    oci: 'DENIED',
    cloud: 'ResourceUnavailable',
    message: 'the storage of this registry is full; nothing was kept; repeat when there is room',
    zh: '存储空间已满，没有保留任何内容，请在有空间后重试',
  },
  UNAVAILABLE: {
    status: 503,
    oci: 'UNAVAILABLE',
    cloud: 'ServiceUnavailable',
    message: 'the database or the storage does not answer; repeat in a moment',
    zh: '数据库或存储没有响应，请稍后重试',
  },
  // The management API's own: a call that goes wrong before or beside a noun's rules.
  MISSING_PARAMETER: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'MissingParameter',
    message: 'a parameter is missing',
    zh: '缺少参数',
  },
  INVALID_PARAMETER: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameter',
    message: 'a parameter is of the wrong type',
    zh: '参数类型错误',
  },
  INVALID_PARAMETER_VALUE: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameterValue',
    message: 'the value of a parameter breaks its rule',
    zh: '参数取值不符合规则',
  },
  UNKNOWN_PARAMETER: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'UnknownParameter',
    message: 'the action has no such parameter',
    zh: '该接口没有这个参数',
  },
  INVALID_REQUEST: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidRequest',
    message: 'the request is not one of this protocol',
    zh: '请求不符合协议',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    oci: 'UNSUPPORTED',
    cloud: 'RequestSizeLimitExceeded',
    message: 'the request is too large',
    zh: '请求过大',
  },
  REQUEST_LIMIT_EXCEEDED: {
    status: 429,
    oci: 'UNSUPPORTED',
    cloud: 'RequestLimitExceeded',
    message: 'too many calls of this action; repeat in a moment',
    zh: '该接口调用过于频繁，请稍后重试',
  },
  INVALID_ACTION: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidAction',
    message: 'there is no such action',
    zh: '没有这个接口',
  },
  NO_SUCH_VERSION: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'NoSuchVersion',
    message: 'the action has no such version',
    zh: '该接口没有这个版本',
  },
  UNSUPPORTED_OPERATION: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'UnsupportedOperation',
    message: 'this action is declared, but nothing here does it yet',
    zh: '该接口已声明，但尚未提供对应功能',
  },
  UNSUPPORTED_REGION: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'UnsupportedRegion',
    message: 'there is no such region here',
    zh: '这里没有这个地域',
  },
  AUTHORIZATION_INVALID: {
    status: 401,
    oci: 'UNSUPPORTED',
    cloud: 'AuthFailure.InvalidAuthorization',
    message: 'the Authorization header is malformed',
    zh: 'Authorization 头格式错误',
  },
  SECRET_ID_UNKNOWN: {
    status: 401,
    oci: 'UNSUPPORTED',
    cloud: 'AuthFailure.SecretIdNotFound',
    message: 'there is no such SecretId, or it is disabled',
    zh: 'SecretId 不存在或已禁用',
  },
  SIGNATURE_INVALID: {
    status: 401,
    oci: 'UNSUPPORTED',
    cloud: 'AuthFailure.SignatureFailure',
    message: 'the provided credentials could not be validated: check that the signature is correct',
    zh: '签名验证失败，请检查签名是否正确',
  },
  SIGNATURE_EXPIRED: {
    status: 401,
    oci: 'UNSUPPORTED',
    cloud: 'AuthFailure.SignatureExpire',
    message: 'the signature has expired: the timestamp may differ by at most five minutes',
    zh: '签名已过期：时间戳与服务器时间最多相差五分钟',
  },
  SESSION_TOKEN_INVALID: {
    status: 401,
    oci: 'UNSUPPORTED',
    cloud: 'AuthFailure.TokenFailure',
    message: 'the session token is wrong, has ended, or belongs to another key',
    zh: '临时密钥的 Token 错误、已过期或不属于该密钥',
  },
  MFA_FAILED: {
    status: 401,
    oci: 'UNSUPPORTED',
    cloud: 'AuthFailure.MFAFailure',
    message: 'the code of the second factor is wrong or was used',
    zh: '二次验证码错误或已使用',
  },
  UNAUTHORIZED_OPERATION: {
    status: 403,
    oci: 'UNSUPPORTED',
    cloud: 'UnauthorizedOperation',
    message: 'no policy allows this',
    zh: '没有策略允许该操作',
  },
  RESOURCE_NOT_FOUND: {
    status: 404,
    oci: 'UNSUPPORTED',
    cloud: 'ResourceNotFound',
    message: 'there is no such resource, or you may not know of it',
    zh: '资源不存在或无权得知',
  },
  RESOURCE_IN_USE: {
    status: 409,
    oci: 'UNSUPPORTED',
    cloud: 'ResourceInUse',
    message: 'the resource is in use',
    zh: '资源正在使用中',
  },
  RESOURCE_EXISTS: {
    status: 409,
    oci: 'UNSUPPORTED',
    cloud: 'FailedOperation.ErrorTcrResourceConflict',
    message: 'a resource of this name exists',
    zh: '同名资源已存在',
  },
  OPERATION_DENIED: {
    status: 403,
    oci: 'UNSUPPORTED',
    cloud: 'OperationDenied',
    message: 'the operation is refused in this state',
    zh: '当前状态不允许该操作',
  },
  OPERATION_FAILED: {
    status: 409,
    oci: 'UNSUPPORTED',
    cloud: 'FailedOperation',
    message: 'the operation failed',
    zh: '操作失败',
  },
  TAGS_OVER_LIMIT: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameter.ErrorTagOverLimit',
    message: 'too many tags on one resource',
    zh: '一个资源上的标签过多',
  },
  NAMESPACE_NOT_EMPTY: {
    status: 409,
    oci: 'DENIED',
    cloud: 'FailedOperation.PreconditionFailed',
    message: 'the namespace still has repositories',
    zh: '命名空间中还有仓库',
  },
  REPOSITORY_EXISTS: {
    status: 409,
    oci: 'DENIED',
    cloud: 'FailedOperation.ErrorTcrResourceConflict',
    message: 'a repository of this name exists',
    zh: '同名的仓库已存在',
  },
  REPOSITORY_NOT_EMPTY: {
    status: 409,
    oci: 'DENIED',
    cloud: 'FailedOperation.PreconditionFailed',
    message: 'the repository still has images',
    zh: '仓库中还有镜像',
  },
  TAG_EXISTS: {
    status: 409,
    oci: 'DENIED',
    cloud: 'FailedOperation.ErrorTcrResourceConflict',
    message: 'the tag exists and names another image',
    zh: '版本已存在且指向其他镜像',
  },
  TAG_IMMUTABLE: {
    status: 403,
    oci: 'DENIED',
    cloud: 'OperationDenied.TagImmutable',
    message: 'an immutability rule keeps the tag as it is',
    zh: '版本受不可变规则保护',
  },
  TAG_OF_OTHER_KIND: {
    status: 409,
    oci: 'DENIED',
    cloud: 'FailedOperation.ErrorTcrResourceConflict',
    message: 'the tag names an artifact of another kind',
    zh: '版本已存在且为其他类型的制品',
  },
  CHART_INVALID: {
    status: 400,
    oci: 'MANIFEST_INVALID',
    cloud: 'InvalidParameterValue',
    message: 'this is no Helm chart',
    zh: '不是有效的 Helm Chart',
  },
  CHART_EXISTS: {
    status: 409,
    oci: 'DENIED',
    cloud: 'FailedOperation.ErrorTcrResourceConflict',
    message: 'this version of the chart exists',
    zh: '该 Chart 版本已存在',
  },
  CHART_UNKNOWN: {
    status: 404,
    oci: 'MANIFEST_UNKNOWN',
    cloud: 'ResourceNotFound.TcrResourceNotFound',
    message: 'there is no such chart',
    zh: '没有这个 Chart',
  },
  RULE_EXISTS: {
    status: 409,
    oci: 'DENIED',
    cloud: 'FailedOperation.ErrorTcrResourceConflict',
    message: 'the namespace has such a rule',
    zh: '命名空间已有该规则',
  },
  TRIGGER_EXISTS: {
    status: 409,
    oci: 'DENIED',
    cloud: 'InvalidParameter.ErrorTcrInvalidParameter',
    message: 'the namespace has a trigger of this name',
    zh: '命名空间已有同名触发器',
  },
  NAMESPACE_UNKNOWN: {
    status: 404,
    oci: 'NAME_UNKNOWN',
    cloud: 'ResourceNotFound.TcrResourceNotFound',
    message: 'namespace not found',
    zh: '没有这个命名空间',
  },
  LIMIT_EXCEEDED: {
    status: 403,
    oci: 'UNSUPPORTED',
    cloud: 'LimitExceeded',
    message: 'a limit is reached',
    zh: '达到上限',
  },
  ...camErrors,
  ...consoleErrors,
  ...instanceErrors,
  ...personalErrors,
  ...tagErrors,
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorTable

interface ApiErrorOptions {
  /** Instead of the table's message: for the caller, says what to do. */
  readonly message?: string | Doc
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
  /** What the caller is told, in both languages; a message given in one stands for both. */
  readonly words: Doc

  constructor(code: ErrorCode, options: ApiErrorOptions = {}) {
    const { message } = options
    const row = errorTable[code]
    const words =
      typeof message === 'string'
        ? { en: message, zh: message }
        : (message ?? { en: row.message, zh: row.zh })
    super(words.en, { cause: options.cause })
    this.words = words
    this.name = 'ApiError'
    this.code = code
    this.detail = options.detail
    this.headers = options.headers ?? {}
  }

  get cloudCode(): string {
    return errorTable[this.code].cloud
  }

  get status(): number {
    return errorTable[this.code].status
  }
}
