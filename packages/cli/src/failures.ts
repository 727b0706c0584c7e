// How a command ends: by an exit code that scripts can tell apart, and one message.

import { CallError, clientCodes } from '@entrepot/client/errors.ts'
import { RegistryError } from '@entrepot/client/oci/registry-error.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Doc } from '@entrepot/contract/fields.ts'
import { harmless } from './screen.ts'
import { Interrupted } from './terminal.ts'

export interface ExitCode {
  readonly code: number
  readonly words: Doc
}

/** `docs/cli.md` has this table (held by a test). */
export const exitCodes = {
  ok: { code: 0, words: { en: 'done', zh: '成功' } },
  failed: {
    code: 1,
    words: { en: 'refused for a reason of its own, or a fault', zh: '其他失败或内部错误' },
  },
  usage: {
    code: 2,
    words: { en: 'the command or a parameter is wrong', zh: '命令或参数错误' },
  },
  credentials: {
    code: 3,
    words: { en: 'no credential, or a wrong one', zh: '没有凭证，或凭证无效' },
  },
  denied: { code: 4, words: { en: 'not allowed', zh: '没有权限' } },
  notFound: { code: 5, words: { en: 'there is no such thing', zh: '资源不存在' } },
  conflict: {
    code: 6,
    words: {
      en: 'it exists, is in use, is in the wrong state, or a limit is reached',
      zh: '资源已存在、正在使用、状态不符或达到上限',
    },
  },
  retry: {
    code: 7,
    words: { en: 'the server can not now; repeat later', zh: '服务暂不可用，请稍后重试' },
  },
  network: {
    code: 8,
    words: { en: 'no server was reached, or none that is one', zh: '无法连接服务器' },
  },
  wait: {
    code: 9,
    words: { en: 'what was waited for failed, or took too long', zh: '等待的操作失败或超时' },
  },
  interrupted: { code: 130, words: { en: 'Ctrl-C', zh: '被 Ctrl-C 中断' } },
} as const satisfies Readonly<Record<string, ExitCode>>

export type Ending = keyof typeof exitCodes

/** A failure that the program knows itself. */
export class CommandError extends Error {
  readonly words: Doc
  readonly ending: Ending

  constructor(ending: Ending, words: Doc) {
    super(words.en)
    this.ending = ending
    this.words = words
  }
}

export function usageError(en: string, zh: string): CommandError {
  return new CommandError('usage', { en, zh })
}

/** Codes of the API by their beginning; the first that fits. */
const endings: readonly (readonly [prefix: string, ending: Ending])[] = [
  [clientCodes.waitFailed, 'wait'],
  [clientCodes.waitTimeout, 'wait'],
  ['ClientError', 'network'],
  ['AuthFailure.UnauthorizedOperation', 'denied'],
  ['AuthFailure', 'credentials'],
  ['UnauthorizedOperation', 'denied'],
  ['ResourceNotFound', 'notFound'],
  ['InvalidParameter', 'usage'],
  ['InvalidParameterValue', 'usage'],
  ['MissingParameter', 'usage'],
  ['UnknownParameter', 'usage'],
  ['FailedOperation', 'conflict'],
  ['OperationDenied', 'conflict'],
  ['ResourceInUse', 'conflict'],
  ['LimitExceeded', 'conflict'],
  ['RequestLimitExceeded', 'retry'],
  ['ResourceUnavailable', 'retry'],
  ['ServiceUnavailable', 'retry'],
]

/** Of registries, by the status of the answer. */
const registryEndings: Readonly<Record<number, Ending>> = {
  401: 'credentials',
  403: 'denied',
  404: 'notFound',
  409: 'conflict',
  429: 'retry',
  502: 'retry',
  503: 'retry',
  504: 'retry',
}

export function endingOf(error: unknown): Ending {
  if (error instanceof Interrupted) return 'interrupted'
  if (error instanceof CommandError) return error.ending
  if (error instanceof ApiError) return 'usage'
  if (error instanceof RegistryError) return registryEndings[error.status] ?? 'failed'
  if (!(error instanceof CallError)) return 'failed'
  return endings.find(([prefix]) => error.is(prefix))?.[1] ?? 'failed'
}

/** What a person is told; undefined where nothing needs to be said. */
export function messageOf(error: unknown): Doc | undefined {
  if (error instanceof Interrupted) return undefined
  if (error instanceof CommandError || error instanceof ApiError) return error.words
  if (error instanceof CallError) {
    const request = error.requestId === '' ? '' : ` (RequestId ${error.requestId})`
    // The words are the server's, or whoever answered for it.
    const line = harmless(`${error.code}: ${error.message}${request}`)
    return { en: line, zh: line }
  }
  if (error instanceof RegistryError) {
    const line = harmless(`${error.code}: ${error.message}`)
    return { en: line, zh: line }
  }
  const line = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { en: line, zh: line }
}
