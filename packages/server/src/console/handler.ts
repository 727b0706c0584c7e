// The edge of the console: its page and files, logging in and out, and the management API by session.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createHelmChart, maxChartBytes } from '@entrepot/contract/entrepot/charts.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { DispatchGround } from '../cloud-api/dispatch.ts'
import { agentOf, Envelope, type EnvelopeGround, sendJson } from '../cloud-api/envelope.ts'
import { parseJsonPost } from '../cloud-api/signed-request.ts'
import { clientOf, type TrustedProxies } from '../http/client-address.ts'
import { forwardedPrefix } from '../http/forwarded-prefix.ts'
import { connectionOf } from '../http/proxy-protocol.ts'
import type { Rights } from '../policies/rights.ts'
import { callAction } from './api-endpoint.ts'
import type { ConsoleCall } from './call.ts'
import { readTokens } from './cookies.ts'
import { JobStreams, lineAfter } from './job-streams.ts'
import { failedLoginAddress, finishAtProvider, startAtProvider } from './oidc-endpoints.ts'
import { type PagesSettings, sendDoc, sendNothing, sendPage } from './pages.ts'
import { type ConsoleRoute, consolePath, parseConsoleRoute } from './routes.ts'
import { assertCsrfToken, assertSameOrigin, hasCsrfToken } from './same-page.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { describeLogin, logIn, logOut } from './session-endpoint.ts'
import { ConsoleSessions } from './sessions.ts'

export interface ConsoleOptions extends PagesSettings {
  readonly trusted: TrustedProxies
  /** Requests at once in this process. */
  readonly maxRequests: number
  readonly stallMs: number
  /** Of the server. */
  readonly version: string
  /** Of a call of the management API. */
  readonly observe: (action: string, code: string, ms: number) => void
}

export interface ConsoleGround {
  readonly dispatch: DispatchGround
  readonly rights: Rights
}

export interface ConsoleEdge {
  answer(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** What would never end by itself; nothing of that kind begins from then on. */
  endStreams(): Promise<void>
}

export function createConsole(
  { dispatch, rights }: ConsoleGround,
  options: ConsoleOptions,
): ConsoleEdge {
  const { db, clock, log } = dispatch.ground
  const sessions = new ConsoleSessions({ db, clock, rights })
  const envelope = { clock, log, stallMs: options.stallMs }
  const streams = new JobStreams(dispatch)
  const parts = { dispatch, sessions, streams, options, envelope }
  let running = 0
  return {
    async answer(req, res) {
      setSecurityHeaders(res)
      running += 1
      try {
        await answer(parts, req, res, running > options.maxRequests)
      } finally {
        running -= 1
      }
    },
    endStreams: () => streams.endAll(),
  }
}

/** A chart in base64, and what lies around it. */
const maxUploadBytes = (maxChartBytes * 4) / 3 + 1024 * 1024

interface Parts {
  readonly dispatch: DispatchGround
  readonly sessions: ConsoleSessions
  readonly streams: JobStreams
  readonly options: ConsoleOptions
  readonly envelope: EnvelopeGround
}

async function answer(
  parts: Parts,
  req: IncomingMessage,
  res: ServerResponse,
  isTooMuch: boolean,
): Promise<void> {
  const { clock } = parts.envelope
  const startedMs = clock.monotonicMs()
  const route = parseConsoleRoute(req)
  const envelope = new Envelope(parts.envelope, req, res)
  let actionName = 'other'
  try {
    if (isTooMuch) throw new ApiError('REQUEST_LIMIT_EXCEEDED')
    const exchange = new Exchange(parts, envelope, req, res)
    actionName = (await exchange.answer(route)) ?? actionName
  } catch (error) {
    if (isForPrograms(route)) envelope.fail(error)
    else failPage(envelope, res, error)
  } finally {
    const ms = clock.monotonicMs() - startedMs
    if (route.kind === 'api') parts.options.observe(actionName, envelope.code, ms)
  }
}

/** Asked by our page's code, and not by a browser that shows what comes. */
function isForPrograms({ kind }: ConsoleRoute): boolean {
  return kind === 'api' || kind === 'session'
}

function failPage(envelope: Envelope, res: ServerResponse, error: unknown): void {
  if (res.destroyed || res.headersSent) {
    res.destroy()
    return
  }
  const { status, message } = envelope.tell(error)
  res.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
  })
  res.end(`${message}\n${envelope.requestId}\n`)
}

/** The life of one request. */
class Exchange {
  readonly #parts: Parts
  readonly #envelope: Envelope
  readonly #req: IncomingMessage
  readonly #res: ServerResponse
  readonly #client: ConsoleCall['client']
  readonly #place: ConsoleCall['place']

  constructor(parts: Parts, envelope: Envelope, req: IncomingMessage, res: ServerResponse) {
    this.#parts = parts
    this.#envelope = envelope
    this.#req = req
    this.#res = res
    const connection = connectionOf(req)
    const { trusted } = parts.options
    this.#client = clientOf(connection, trusted)
    const prefix = forwardedPrefix(connection, trusted)
    this.#place = { prefix, isEncrypted: this.#client.scheme === 'https' }
  }

  /** Gives the action's name where one was called. */
  async answer(route: ConsoleRoute): Promise<string | undefined> {
    const method = this.#req.method === 'HEAD' ? 'GET' : this.#req.method
    switch (`${method} ${route.kind}`) {
      case 'GET session':
        sendJson(this.#res, await describeLogin(await this.#call()))
        return undefined
      case 'POST session':
        this.#envelope.reply(await this.#logIn())
        return undefined
      case 'DELETE session':
        this.#envelope.reply(await this.#logOut())
        return undefined
      case 'POST api':
        return this.#callAction()
    }
    const isStream = route.kind === 'job-events'
    if (method !== 'GET' || route.kind === 'api' || (isStream && this.#req.method === 'HEAD')) {
      return this.#refuseMethod()
    }
    await this.#read(route)
    return undefined
  }

  async #read(route: ConsoleRoute): Promise<void> {
    const exchange = { req: this.#req, res: this.#res, place: this.#place }
    const { options } = this.#parts
    switch (route.kind) {
      case 'redirect':
        return redirect(this.#res, `${this.#place.prefix}${consolePath}/`)
      case 'docs':
        return sendDoc(options, route.page, exchange)
      case 'page':
        return sendPage(options, route.path, exchange)
      case 'oidc-start':
        return this.#atProvider(startAtProvider)
      case 'oidc-callback':
        return this.#atProvider(finishAtProvider)
      case 'job-events':
        return this.#followJob(route.jobId)
      default:
        return sendNothing(this.#req, this.#res)
    }
  }

  async #atProvider(go: typeof startAtProvider): Promise<void> {
    try {
      redirect(this.#res, await go(await this.#call()))
    } catch (error) {
      this.#envelope.tell(error)
      const { code, requestId } = this.#envelope
      redirect(this.#res, failedLoginAddress(this.#place, code, requestId))
    }
  }

  /** Nobody sits there: a stream does not keep its login alive. */
  async #followJob(jobId: string): Promise<void> {
    assertSameOrigin(this.#req.headers, this.#client)
    const { sessions, streams } = this.#parts
    const call = await this.#call(true)
    const renew = () => sessions.find(call.token, true)
    const after = lineAfter(this.#req.headers['last-event-id'], this.#req.url ?? '')
    await streams.open({ call, renew, jobId, after })
  }

  async #call(
    isBackground = this.#req.headers['x-entrepot-background'] === '1',
  ): Promise<ConsoleCall> {
    const req = this.#req
    const isOwn = (token: string) => hasCsrfToken(req.headers, token)
    const tokens = readTokens(req)
    const { token, open } = await this.#parts.sessions.choose(tokens, { isOwn, isBackground })
    return {
      ground: this.#parts.dispatch.ground,
      req,
      res: this.#res,
      client: this.#client,
      place: this.#place,
      agent: agentOf(req),
      requestId: this.#envelope.requestId,
      token,
      open,
      version: this.#parts.options.version,
    }
  }

  async #logIn(): ReturnType<typeof logIn> {
    assertSameOrigin(this.#req.headers, this.#client)
    const body = parseJsonPost(this.#req, await this.#envelope.readBody())
    const call = await this.#call()
    assertCsrfToken(this.#req.headers, call.token)
    return logIn(call, body)
  }

  async #logOut(): ReturnType<typeof logOut> {
    assertSameOrigin(this.#req.headers, this.#client)
    const call = await this.#call()
    assertCsrfToken(this.#req.headers, call.token)
    return logOut(call)
  }

  async #callAction(): Promise<string> {
    assertSameOrigin(this.#req.headers, this.#client)
    const isUpload = this.#req.headers['x-tc-action'] === createHelmChart.name
    // A body of many bytes is read of nobody who isn't logged in.
    const early = isUpload ? await this.#loggedInCall() : undefined
    const body = await this.#envelope.readBody(isUpload ? maxUploadBytes : undefined)
    const call = early ?? (await this.#loggedInCall())
    const { action, reply } = await callAction(this.#parts.dispatch, call, body)
    this.#envelope.reply(reply)
    return action
  }

  async #loggedInCall(): Promise<ConsoleCall> {
    const call = await this.#call()
    if (!call.open) throw new ApiError('SESSION_ENDED')
    assertCsrfToken(this.#req.headers, call.token)
    return call
  }

  #refuseMethod(): undefined {
    this.#res.setHeader('Allow', 'GET, HEAD')
    this.#res.writeHead(405, { 'Content-Type': 'text/plain' }).end('not by this method\n')
    return undefined
  }
}

function redirect(res: ServerResponse, location: string): void {
  res.writeHead(302, { Location: location, 'Cache-Control': 'no-store' }).end()
}
