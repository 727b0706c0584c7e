// The Personal edition tells what it refuses in codes of its own; the rooms below it don't know these.

import { ApiError, type ErrorCode } from '@entrepot/contract/errors.ts'
import type { Handler } from '../actions/define.ts'

const twins: Partial<Record<ErrorCode, ErrorCode>> = {
  NAMESPACE_EXISTS: 'PERSONAL_NAMESPACE_EXISTS',
  NAMESPACE_UNKNOWN: 'PERSONAL_NAMESPACE_UNKNOWN',
  NAME_UNKNOWN: 'PERSONAL_REPOSITORY_UNKNOWN',
  REPOSITORY_EXISTS: 'PERSONAL_REPOSITORY_EXISTS',
  MANIFEST_UNKNOWN: 'PERSONAL_TAG_UNKNOWN',
}

const quotaTwins: Readonly<Record<string, ErrorCode>> = {
  namespaces: 'PERSONAL_NAMESPACE_LIMIT',
  repositories: 'PERSONAL_REPOSITORY_LIMIT',
}

export function inPersonalCodes(handler: Handler): Handler {
  return {
    action: handler.action,
    async run(call, resource) {
      try {
        return await handler.run(call, resource)
      } catch (error) {
        throw error instanceof ApiError ? translate(error) : error
      }
    },
  }
}

function translate(error: ApiError): ApiError {
  const code = error.code === 'QUOTA_EXCEEDED' ? quotaCode(error.detail) : twins[error.code]
  if (code === undefined) return error
  const { words: message, detail, headers, cause } = error
  return new ApiError(code, { message, detail, headers, cause })
}

function quotaCode(detail: unknown): ErrorCode | undefined {
  const isNamed = typeof detail === 'object' && detail !== null && 'quota' in detail
  return isNamed ? quotaTwins[String(detail.quota)] : undefined
}

export function namespaceMissing(name: string): ApiError {
  return new ApiError('PERSONAL_NAMESPACE_UNKNOWN', {
    message: {
      en: `this account has no namespace ${name}`,
      zh: `该账号下没有命名空间 ${name}`,
    },
    detail: { namespace: name },
  })
}

export function repositoryMissing(path: string): ApiError {
  return new ApiError('PERSONAL_REPOSITORY_UNKNOWN', {
    message: {
      en: `this account has no repository ${path}`,
      zh: `该账号下没有仓库 ${path}`,
    },
    detail: { repository: path },
  })
}

export function tagMissing(path: string, tag: string): ApiError {
  return new ApiError('PERSONAL_TAG_UNKNOWN', {
    message: { en: `there is no tag ${tag} in ${path}`, zh: `仓库 ${path} 中没有版本 ${tag}` },
    detail: { tag },
  })
}
