// What a call can come to that is no reply.

/** Codes of the API (`ResourceNotFound.TcrResourceNotFound`), and these of our own, as other SDKs have them. */
export const clientCodes = {
  network: 'ClientError.NetworkError',
  timeout: 'ClientError.Timeout',
  badReply: 'ClientError.BadReply',
  waitTimeout: 'ClientError.WaitTimeout',
  waitFailed: 'ClientError.WaitFailed',
} as const

interface CallErrorOptions {
  readonly requestId?: string | undefined
  readonly cause?: unknown
}

/** A refusal by the server, or a call that reached none. */
export class CallError extends Error {
  readonly code: string
  /** Leads to the call in the server's log and audit; empty where no server answered. */
  readonly requestId: string

  constructor(code: string, message: string, options: CallErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'CallError'
    this.code = code
    this.requestId = options.requestId ?? ''
  }

  /** `ResourceNotFound` is also what `ResourceNotFound.TcrResourceNotFound` is. */
  is(code: string): boolean {
    return this.code === code || this.code.startsWith(`${code}.`)
  }
}
