// Requests to one registry: with its login, and again where it could not answer just now.

import { type ClientClock, systemClock } from '../clock.ts'
import { CallError, clientCodes } from '../errors.ts'
import { Authorization, type Login, type Scope } from './auth.ts'
import { RegistryError, refusalOf } from './registry-error.ts'

export interface RegistrySettings {
  /** `https://registry.example.com`. */
  readonly origin: string
  readonly login?: Login | undefined
  readonly fetch?: typeof globalThis.fetch
  readonly clock?: ClientClock
}

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT'
  /** Below the registry's origin, or where an answer led to. */
  readonly path: string
  readonly scopes: readonly Scope[]
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | ReadableStream<Uint8Array>
  readonly signal?: AbortSignal | undefined
}

const maxAttempts = 5
const firstBackOffMs = 250
const maxPauseMs = 30_000
/** The registry, or a proxy before it, can not answer now. */
const passingStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504])

export class Transport {
  readonly origin: string
  readonly #fetch: typeof globalThis.fetch
  readonly #clock: ClientClock
  readonly #authorization: Authorization

  constructor({ origin, login, fetch = globalThis.fetch, clock = systemClock }: RegistrySettings) {
    this.origin = origin
    this.#fetch = fetch
    this.#clock = clock
    this.#authorization = new Authorization({ fetch, clock, origin, login })
  }

  /** An answer that is no refusal, or one of `accepted`. Throws RegistryError, CallError, the signal's reason. */
  async send(request: RegistryRequest, accepted: readonly number[] = []): Promise<Response> {
    // A stream is gone once it was sent: whoever has the bytes begins anew.
    const attempts = request.body instanceof ReadableStream ? 1 : maxAttempts
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#authorized(request)
      if (response.ok || accepted.includes(response.status)) return response
      if (attempt >= attempts || !passingStatuses.has(response.status)) {
        const { method, path } = request
        throw await refusalOf(response, `${method} ${new URL(path, this.origin)}`)
      }
      await response.body?.cancel()
      await this.#clock.sleep(pauseMs(response, attempt), request.signal)
    }
  }

  async #authorized(request: RegistryRequest): Promise<Response> {
    const { scopes, signal } = request
    const url = new URL(request.path, this.origin)
    // Where the registry leads elsewhere, its token is nobody's business.
    const isOwn = url.origin === this.origin
    const sent = isOwn
      ? await this.#reached(this.#authorization.header(scopes, signal), signal)
      : undefined
    const response = await this.#fetchOnce(url, request, sent)
    if (response.status !== 401 || !isOwn || request.body instanceof ReadableStream) return response
    if (!this.#authorization.learn(response, scopes, sent)) return response
    await response.body?.cancel()
    const again = await this.#reached(this.#authorization.header(scopes, signal), signal)
    return this.#fetchOnce(url, request, again)
  }

  #fetchOnce(url: URL, request: RegistryRequest, authorization: string | undefined) {
    const { method, headers, body, signal } = request
    const answer = this.#fetch(url, {
      method,
      headers: { ...headers, ...(authorization && { Authorization: authorization }) },
      signal: signal ?? null,
      ...(body !== undefined && { body, duplex: 'half' }),
    } as RequestInit)
    return this.#reached(answer, signal)
  }

  async #reached<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await answer
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      // What `fetch` throws where nobody answered, and where the body that it sent broke.
      if (!(error instanceof TypeError)) throw error
      if (error.cause instanceof RegistryError || error.cause instanceof CallError)
        throw error.cause
      const why = error.cause instanceof Error ? error.cause.message : error.message
      const message = `${this.origin} can't be reached: ${why}`
      throw new CallError(clientCodes.network, message, { cause: error })
    }
  }
}

function pauseMs(response: Response, attempt: number): number {
  const asked = Number(response.headers.get('retry-after') ?? 0) * 1000
  const own = firstBackOffMs * 2 ** (attempt - 1)
  return Math.min(Math.max(Number.isFinite(asked) ? asked : 0, own), maxPauseMs)
}
