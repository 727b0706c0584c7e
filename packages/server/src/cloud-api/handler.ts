// The edge of the management API for programs: signed calls in, `envelope.ts` out, refusals and overload too. Clients
// take any status but 200 for a broken network.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Origin } from '../audit/origin.ts'
import type { ApiKeys } from '../credentials/api-keys.ts'
import { type Client, clientOf, type TrustedProxies } from '../http/client-address.ts'
import { connectionOf } from '../http/proxy-protocol.ts'
import type { TemporaryKeys } from '../sts/standing.ts'
import {
  type ApiCaller,
  authenticateSigner,
  type SignerGround,
  signedHosts,
} from './authenticate.ts'
import { type DispatchGround, dispatchAction } from './dispatch.ts'
import { agentOf, Envelope } from './envelope.ts'
import { parseSignedRequest, queryOf } from './signed-request.ts'

export interface CloudApiOptions {
  readonly trusted: TrustedProxies
  /** Requests at once in this process. */
  readonly maxRequests: number
  readonly stallMs: number
  readonly observe: (action: string, code: string, ms: number) => void
}

export interface CloudApiGround {
  readonly dispatch: DispatchGround
  readonly apiKeys: ApiKeys
  readonly temporaryKeys: TemporaryKeys
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
  { dispatch, apiKeys, temporaryKeys }: CloudApiGround,
  options: CloudApiOptions,
): CloudApiHandler {
  const { clock, log } = dispatch.ground
  const signer = { clock, apiKeys, temporaryKeys }
  const { stallMs } = options
  let running = 0
  return async (req, res) => {
    const startedMs = clock.monotonicMs()
    const envelope = new Envelope({ clock, log, stallMs }, req, res)
    const exchange = new Exchange(dispatch, signer, options, req, envelope)
    running += 1
    try {
      if (running > options.maxRequests) throw new ApiError('REQUEST_LIMIT_EXCEEDED')
      await exchange.answer()
    } catch (error) {
      envelope.fail(error)
    } finally {
      running -= 1
      options.observe(exchange.actionName, envelope.code, clock.monotonicMs() - startedMs)
    }
  }
}

/** The life of one call. */
class Exchange {
  readonly #parts: DispatchGround
  readonly #signer: SignerGround
  readonly #options: CloudApiOptions
  readonly #req: IncomingMessage
  readonly #envelope: Envelope
  /** For the metrics: only declared names, since callers choose the rest. */
  actionName = 'other'

  constructor(
    parts: DispatchGround,
    signer: SignerGround,
    options: CloudApiOptions,
    req: IncomingMessage,
    envelope: Envelope,
  ) {
    this.#parts = parts
    this.#signer = signer
    this.#options = options
    this.#req = req
    this.#envelope = envelope
  }

  async answer(): Promise<void> {
    const req = this.#req
    const body = await this.#envelope.readBody()
    const request = parseSignedRequest(req, body)
    this.#envelope.language = request.language
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
    const reply = await dispatchAction(this.#parts, request, { caller, origin, client })
    this.actionName = request.action
    this.#envelope.reply(reply)
  }

  #originOf(caller: ApiCaller | undefined, client: Client): Origin {
    return {
      actor: caller?.name ?? 'anonymous',
      credential: caller?.credentialLabel ?? null,
      address: client.address,
      agent: agentOf(this.#req),
      requestId: this.#envelope.requestId,
    }
  }
}
