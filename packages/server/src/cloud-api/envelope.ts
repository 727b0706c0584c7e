// How a call of the management API is read and answered, whichever way it came: a small body in; always 200 and the
// envelope out, with the request's id (Tencent Cloud API 3.0, "Response").

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import { bodyChunks, inviteBody, readBody } from '../http/body.ts'
import { ClientGone } from '../http/client-gone.ts'
import type { Log } from '../log.ts'
import { type Language, languageOf, maxBodyBytes } from './signed-request.ts'

export interface EnvelopeGround {
  readonly clock: Clock
  readonly log: Log
  readonly stallMs: number
}

const maxTraceChars = 64
const faultWords = {
  en: 'an internal error; the request id leads to it in the log',
  zh: '内部错误，可凭请求 ID 在日志中查找',
}

/** The outside of one call. */
export class Envelope {
  readonly requestId = randomUUID()
  /** What errors are told in. */
  language: Language
  /** For the metrics: an error's code, or `ok`. */
  code = 'ok'
  readonly #ground: EnvelopeGround
  readonly #req: IncomingMessage
  readonly #res: ServerResponse

  constructor(ground: EnvelopeGround, req: IncomingMessage, res: ServerResponse) {
    this.#ground = ground
    this.#req = req
    this.#res = res
    this.language = languageOf(req)
  }

  /** Throws REQUEST_TOO_LARGE, REQUEST_TIMEOUT, ClientGone. */
  async readBody(limitBytes = maxBodyBytes): Promise<Buffer> {
    const req = this.#req
    const announced = Number(req.headers['content-length'] ?? 0)
    const refusal = () => tooLarge(limitBytes)
    if (announced > limitBytes) throw refusal()
    inviteBody(req, this.#res)
    return readBody(bodyChunks(req, this.#ground), limitBytes, refusal)
  }

  reply(fields: Readonly<Record<string, unknown>>): void {
    const trace = this.#req.headers['x-tc-traceid']
    if (typeof trace === 'string') {
      this.#res.setHeader('X-TC-TraceId', trace.slice(0, maxTraceChars))
    }
    sendJson(this.#res, { Response: { ...fields, RequestId: this.requestId } })
  }

  fail(error: unknown): void {
    const res = this.#res
    if (error instanceof ClientGone || res.destroyed || res.headersSent) {
      res.destroy()
      return
    }
    const { message } = this.tell(error)
    // A body that was refused half-read would be taken for the next request.
    if (!this.#req.complete) res.shouldKeepAlive = false
    this.reply({ Error: { Code: this.code, Message: message } })
  }

  /** Logs what is a fault of ours or of what we stand on; gives what the caller may know. */
  tell(error: unknown): { readonly status: number; readonly message: string } {
    const { log } = this.#ground
    const fields = { requestId: this.requestId, action: this.#req.headers['x-tc-action'] }
    const known = error instanceof ApiError ? error : undefined
    if (!known) log.error('a call failed by a fault of ours', { ...fields, error })
    else if (known.status >= 500) {
      log.warn('a call could not be served', { ...fields, code: known.code, error: known.cause })
    }
    this.code = known?.cloudCode ?? 'InternalError'
    const words = known?.words ?? faultWords
    const message = this.language === 'zh-CN' ? words.zh : words.en
    return { status: known?.status ?? 500, message }
  }
}

export function sendJson(res: ServerResponse, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  res.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  res.end(body)
}

/** Tencent's SDKs say who they are in a header of their own. */
export function agentOf(req: IncomingMessage): string | null {
  const client = req.headers['x-tc-requestclient']
  return (typeof client === 'string' ? client : req.headers['user-agent']) ?? null
}

function tooLarge(limitBytes: number): ApiError {
  return new ApiError('REQUEST_TOO_LARGE', {
    message: {
      en: `a request has at most ${limitBytes} bytes`,
      zh: `请求最大 ${limitBytes} 字节`,
    },
  })
}
