// Calls of the management API, for programs (signed) and for pages of the console (with what their session needs in
// `headers`). A call that the server refused because there were too many is repeated: it did nothing.

import type { Action, ActionReply, ActionRequest } from '@entrepot/contract/action.ts'
import type { Fields } from '@entrepot/contract/fields.ts'
import { type ClientClock, systemClock } from './clock.ts'
import { CallError, clientCodes } from './errors.ts'
import { readReply } from './reply.ts'
import { signTc3, type Tc3Key } from './tc3.ts'

export type Language = 'zh-CN' | 'en-US'

export interface Credential extends Tc3Key {
  /** Of a temporary key. */
  readonly token?: string | undefined
}

export interface ClientSettings {
  /** `https://registry.example.com`, without a path; a bare host means https. */
  readonly endpoint: string
  /** Asked for each call, so that temporary keys can be renewed; without one, calls are not signed. */
  readonly credential?: Credential | (() => Promise<Credential>) | undefined
  readonly region?: string | undefined
  /** Of messages; English when left out. */
  readonly language?: Language | undefined
  /** For one attempt, until the whole reply is there. */
  readonly timeoutMs?: number | undefined
  /** Who calls, for the audit: `ENTREPOT_CLI_0.1.0`. */
  readonly agent?: string | undefined
  readonly headers?: (() => Readonly<Record<string, string>>) | undefined
  readonly fetch?: typeof globalThis.fetch
  readonly clock?: ClientClock
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

export type Reply<A> = ActionReply<A> & { readonly RequestId: string }
/** Of an action that is known at run time only. */
export type AnyReply = Readonly<Record<string, unknown>> & { readonly RequestId: string }

export interface Client {
  /** Throws CallError; an abort throws the signal's reason. */
  call<const A extends Action<Fields, Fields>>(
    action: A,
    request: ActionRequest<A>,
    options?: CallOptions,
  ): Promise<Reply<A>>
  send(action: Action, request: object, options?: CallOptions): Promise<AnyReply>
}

const defaultTimeoutMs = 60_000
const contentType = 'application/json'
/** After a refusal for overload: a quarter of a second, then twice as long each time. */
const maxAttempts = 6
const firstBackOffMs = 250

export function createClient(settings: ClientSettings): Client {
  const { origin, hostname } = parseEndpoint(settings.endpoint)
  const { clock = systemClock, fetch = globalThis.fetch } = settings

  async function attempt(action: Action, body: string, signal: AbortSignal | undefined) {
    const timeout = AbortSignal.timeout(settings.timeoutMs ?? defaultTimeoutMs)
    const headers = await headersOf(action, body)
    try {
      const response = await fetch(`${origin}/`, {
        method: 'POST',
        body,
        headers,
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      })
      return await readReply(response)
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      if (error instanceof CallError) throw error
      throw unreached(origin, error, timeout.aborted)
    }
  }

  async function headersOf(action: Action, body: string): Promise<Record<string, string>> {
    const { credential } = settings
    const key = typeof credential === 'function' ? await credential() : credential
    const timestamp = Math.floor(clock.nowMs() / 1000)
    // The host without its port, as Node's SDK signs it: proxies drop ports.
    const call = { method: 'POST', query: '', contentType, host: hostname, body } as const
    const service = action.product
    return {
      'Content-Type': contentType,
      'X-TC-Action': action.name,
      'X-TC-Version': action.version,
      'X-TC-Timestamp': String(timestamp),
      'X-TC-Language': settings.language ?? 'en-US',
      ...(settings.region && { 'X-TC-Region': settings.region }),
      ...(key?.token && { 'X-TC-Token': key.token }),
      ...(settings.agent && { 'X-TC-RequestClient': settings.agent }),
      Authorization: key ? await signTc3(key, { ...call, service, timestamp }) : 'SKIP',
      ...settings.headers?.(),
    }
  }

  async function send(action: Action, request: object, { signal }: CallOptions = {}) {
    const body = JSON.stringify(request)
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt(action, body, signal)
      } catch (error) {
        const isOverload = error instanceof CallError && error.is('RequestLimitExceeded')
        if (!isOverload || attempts === maxAttempts) throw error
      }
      await clock.sleep(firstBackOffMs * 2 ** (attempts - 1), signal)
    }
  }

  return {
    send,
    // The server answers what its declaration says.
    call: async (action, request, options) => (await send(action, request, options)) as never,
  }
}

/** Throws TypeError when it is no address, or has a path. */
export function parseEndpoint(text: string): URL {
  const url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`)
  const isPlain = url.pathname === '/' && url.search === '' && url.hash === '' && !url.username
  if (isPlain && (url.protocol === 'https:' || url.protocol === 'http:')) return url
  throw new TypeError(`${text} is no endpoint: write http://host:port or https://host:port`)
}

function unreached(origin: string, error: unknown, isTimeout: boolean): CallError {
  if (isTimeout) {
    return new CallError(clientCodes.timeout, `${origin} did not answer in time`, { cause: error })
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error
  // Of a host with several addresses, all of which failed.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause
  const why = first instanceof Error ? first.message : String(first)
  return new CallError(clientCodes.network, `${origin} can't be reached: ${why}`, { cause: error })
}
