// The edge of the management API: HTTP in, always 200 and the envelope out, with the request's id; refusals and
// overload too (Tencent Cloud API 3.0, "Response"). Clients take any other status for a broken network.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Action } from '@entrepot/contract/action.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { ActionGround, Handler } from '../actions/define.ts'
import type { AuditBatch } from '../audit/batch.ts'
import type { Origin } from '../audit/origin.ts'
import type { ApiKeys } from '../credentials/api-keys.ts'
import { bodyChunks, inviteBody, readBody } from '../http/body.ts'
import { type Client, clientOf, type TrustedProxies } from '../http/client-address.ts'
import { ClientGone } from '../http/client-gone.ts'
import { connectionOf } from '../http/proxy-protocol.ts'
import type { TemporaryKeys } from '../sts/standing.ts'
import {
  type ApiCaller,
  authenticateSigner,
  type SignerGround,
  signedHosts,
} from './authenticate.ts'
import { type DispatchGround, dispatchAction } from './dispatch.ts'
import { Rates } from './rates.ts'
import {
  type Language,
  languageOf,
  maxBodyBytes,
  parseSignedRequest,
  queryOf,
  type SignedRequest,
} from './signed-request.ts'

export interface CloudApiOptions {
  readonly trusted: TrustedProxies
  /** Requests at once in this process. */
  readonly maxRequests: number
  readonly stallMs: number
  readonly rateFactor: number
  readonly observe: (action: string, code: string, ms: number) => void
}

export interface CloudApiGround {
  readonly ground: ActionGround
  readonly apiKeys: ApiKeys
  readonly temporaryKeys: TemporaryKeys
  readonly audit: AuditBatch
  readonly handlers: readonly Handler[]
}

export type CloudApiHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

/** `POST /` with a body, or `GET /` that names an action. */
export function isCloudApi(req: IncomingMessage): boolean {
  const url = req.url ?? ''
  if (url !== '/' && !url.startsWith('/?')) return false
  if (req.method === 'POST') return true
  return req.method === 'GET' && ('x-tc-action' in req.headers || /[?&]Action=/.test(url))
}

export function createCloudApi(
  { ground, apiKeys, temporaryKeys, audit, handlers }: CloudApiGround,
  options: CloudApiOptions,
): CloudApiHandler {
  const signer = { clock: ground.clock, apiKeys, temporaryKeys }
  const parts: DispatchGround = {
    ground,
    audit,
    rates: new Rates(ground.clock, options.rateFactor),
    handlers: new Map<Action, Handler>(handlers.map((handler) => [handler.action, handler])),
  }
  let running = 0
  return async (req, res) => {
    const startedMs = ground.clock.monotonicMs()
    const exchange = new Exchange(parts, signer, options, req, res)
    running += 1
    try {
      if (running > options.maxRequests) throw new ApiError('REQUEST_LIMIT_EXCEEDED')
      await exchange.answer()
    } catch (error) {
      exchange.fail(error)
    } finally {
      running -= 1
      const ms = ground.clock.monotonicMs() - startedMs
      options.observe(exchange.actionName, exchange.code, ms)
    }
  }
}

/** The life of one call. */
class Exchange {
  readonly #parts: DispatchGround
  readonly #signer: SignerGround
  readonly #options: CloudApiOptions
  readonly #req: IncomingMessage
  readonly #res: ServerResponse
  readonly #requestId = randomUUID()
  #language: Language
  /** For the metrics: only declared names, since callers choose the rest. */
  actionName = 'other'
  code = 'ok'

  constructor(
    parts: DispatchGround,
    signer: SignerGround,
    options: CloudApiOptions,
    req: IncomingMessage,
    res: ServerResponse,
  ) {
    this.#parts = parts
    this.#signer = signer
    this.#options = options
    this.#req = req
    this.#res = res
    this.#language = languageOf(req)
  }

  async answer(): Promise<void> {
    const req = this.#req
    const body = await this.#readBody()
    const request = parseSignedRequest(req, body)
    this.#language = request.language
    const client = clientOf(connectionOf(req), this.#options.trusted)
    const caller = await authenticateSigner(this.#signer, request, {
      method: req.method ?? 'POST',
      query: queryOf(req),
      headers: req.headers,
      body,
      hosts: signedHosts(req.headers.host, client.host),
      isEncrypted: client.scheme === 'https',
    })
    const origin = this.#originOf(caller, client)
    const reply = await this.#dispatch(request, caller, origin, client)
    this.#send({ ...reply, RequestId: this.#requestId })
  }

  async #dispatch(
    request: SignedRequest,
    caller: ApiCaller | undefined,
    origin: Origin,
    client: Client,
  ): Promise<Readonly<Record<string, unknown>>> {
    const reply = await dispatchAction(this.#parts, request, { caller, origin, client })
    this.actionName = request.action
    return reply
  }

  async #readBody(): Promise<Buffer> {
    const req = this.#req
    const { clock } = this.#parts.ground
    const announced = Number(req.headers['content-length'] ?? 0)
    if (announced > maxBodyBytes) throw tooLarge()
    inviteBody(req, this.#res)
    const chunks = bodyChunks(req, { clock, stallMs: this.#options.stallMs })
    return readBody(chunks, maxBodyBytes, tooLarge)
  }

  #originOf(caller: ApiCaller | undefined, client: Client): Origin {
    return {
      actor: caller?.name ?? 'anonymous',
      credential: caller?.credentialLabel ?? null,
      address: client.address,
      agent: agentOf(this.#req),
      requestId: this.#requestId,
    }
  }

  fail(error: unknown): void {
    const res = this.#res
    if (error instanceof ClientGone || res.destroyed || res.headersSent) {
      res.destroy()
      return
    }
    const { log } = this.#parts.ground
    const fields = { requestId: this.#requestId, action: this.#req.headers['x-tc-action'] }
    const known = error instanceof ApiError ? error : undefined
    if (!known) log.error('a call failed by a fault of ours', { ...fields, error })
    else if (known.status >= 500) {
      log.warn('a call could not be served', { ...fields, code: known.code, error: known.cause })
    }
    this.code = known?.cloudCode ?? 'InternalError'
    const words = known?.words ?? faultWords
    const message = this.#language === 'zh-CN' ? words.zh : words.en
    // A body that was refused half-read would be taken for the next request.
    if (!this.#req.complete) res.shouldKeepAlive = false
    this.#send({ Error: { Code: this.code, Message: message }, RequestId: this.#requestId })
  }

  #send(response: Readonly<Record<string, unknown>>): void {
    const body = Buffer.from(JSON.stringify({ Response: response }))
    const trace = this.#req.headers['x-tc-traceid']
    this.#res.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...(typeof trace === 'string' && { 'X-TC-TraceId': trace.slice(0, maxTraceChars) }),
    })
    this.#res.end(body)
  }
}

const maxTraceChars = 64
const faultWords = {
  en: 'an internal error; the request id leads to it in the log',
  zh: '内部错误，可凭请求 ID 在日志中查找',
}

/** Tencent's SDKs say who they are in a header of their own. */
function agentOf(req: IncomingMessage): string | null {
  const client = req.headers['x-tc-requestclient']
  return (typeof client === 'string' ? client : req.headers['user-agent']) ?? null
}

function tooLarge(): ApiError {
  return new ApiError('REQUEST_TOO_LARGE', {
    message: {
      en: `a request has at most ${maxBodyBytes} bytes`,
      zh: `请求最大 ${maxBodyBytes} 字节`,
    },
  })
}
