// How a registry wants to know who asks (distribution "Token Authentication"): its challenge names Basic, or where to get
// a token. Tokens are kept as long as they hold, one for each set of scopes.

import type { ClientClock } from '../clock.ts'
import { membersOf, readJson } from './limited-body.ts'
import { badAnswer, refusalOf } from './registry-error.ts'

export interface Login {
  readonly username: string
  readonly password: string
}

/** `repository:team/app:pull,push`. */
export type Scope = string

export interface AuthGround {
  readonly fetch: typeof globalThis.fetch
  readonly clock: Pick<ClientClock, 'nowMs'>
  readonly origin: string
  readonly login: Login | undefined
}

interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

interface Token {
  readonly header: string
  readonly endsMs: number
}

/** Where the answer doesn't say how long a token lives (the protocol's own default). */
const defaultTokenSeconds = 60
const maxTokenBytes = 256 * 1024
/** A request that begins must not outlive its token. */
const tokenMarginMs = 10_000

export class Authorization {
  readonly #ground: AuthGround
  readonly #tokens = new Map<string, Token>()
  #challenge: Challenge | undefined

  constructor(ground: AuthGround) {
    this.#ground = ground
  }

  /** What is known to be right for these scopes; undefined: ask without, the answer will say. */
  async header(scopes: readonly Scope[], signal?: AbortSignal): Promise<string | undefined> {
    const challenge = this.#challenge
    if (!challenge) return undefined
    if (challenge.scheme === 'basic') return this.#basic()
    const key = scopes.toSorted().join(' ')
    const known = this.#tokens.get(key)
    if (known && known.endsMs > this.#ground.clock.nowMs()) return known.header
    const token = await this.#getToken(challenge, scopes, signal)
    this.#tokens.set(key, token)
    return token.header
  }

  /** After a 401. False: what was sent is all there is, so asking again is no use. */
  learn(response: Response, scopes: readonly Scope[], sent: string | undefined): boolean {
    const challenge = parseChallenge(response.headers.get('www-authenticate') ?? '')
    if (!challenge) return false
    this.#challenge = challenge
    this.#tokens.delete(scopes.toSorted().join(' '))
    // A token that was refused may have ended; a password that was refused stays wrong.
    return challenge.scheme === 'bearer' || (sent === undefined && this.#basic() !== undefined)
  }

  #basic(): string | undefined {
    const { login } = this.#ground
    if (!login) return undefined
    return `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
  }

  async #getToken(
    { parameters }: Challenge,
    scopes: readonly Scope[],
    signal: AbortSignal | undefined,
  ): Promise<Token> {
    const { fetch, clock, origin } = this.#ground
    const { realm = '', service } = parameters
    if (!URL.canParse(realm)) throw badAnswer('UNAUTHORIZED', `${origin} names no place for tokens`)
    const url = new URL(realm)
    // The password goes nowhere in clear but to who asked for it in clear.
    if (url.protocol !== 'https:' && url.origin !== origin) {
      throw badAnswer('UNAUTHORIZED', `${origin} asks to log in at ${url.origin}, without TLS`)
    }
    if (service) url.searchParams.set('service', service)
    for (const scope of scopes) url.searchParams.append('scope', scope)
    const basic = this.#basic()
    const askedMs = clock.nowMs()
    const response = await fetch(url, {
      headers: basic ? { Authorization: basic } : {},
      redirect: 'error',
      signal: signal ?? null,
    })
    if (!response.ok) throw await refusalOf(response, `login at ${url.host}`)
    const members = membersOf(await readJson(response, maxTokenBytes))
    const bearer = members.token ?? members.access_token
    if (typeof bearer !== 'string') throw badAnswer('UNAUTHORIZED', `${url.host} gave no token`)
    const seconds =
      typeof members.expires_in === 'number' ? members.expires_in : defaultTokenSeconds
    return { header: `Bearer ${bearer}`, endsMs: askedMs + seconds * 1000 - tokenMarginMs }
  }
}

/** Undefined for schemes that are not ours. */
export function parseChallenge(header: string): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*(basic|bearer)\b\s*(.*)$/is.exec(header) ?? []
  if (scheme === '') return undefined
  const parameters = [...rest.matchAll(/([a-z_]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi)].map(
    ([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? ''] as const,
  )
  return { scheme: scheme.toLowerCase(), parameters: Object.fromEntries(parameters) }
}
