// How a client proves who it is: Basic on every request, or the token dance of the challenge.
import { type Reply, send } from './http-client.ts'
import type { Authentication } from './settings.ts'

export interface Challenge {
  readonly scheme: 'basic' | 'bearer'
  readonly parameters: ReadonlyMap<string, string>
}

export function parseChallenge(text: string): Challenge | undefined {
  const match = /^\s*(basic|bearer)\s+(.*)$/i.exec(text)
  if (match === null) return undefined
  const parameters = new Map<string, string>()
  for (const [, name = '', value = ''] of (match[2] ?? '').matchAll(/([a-z_]+)="([^"]*)"/gi)) {
    parameters.set(name.toLowerCase(), value)
  }
  return { scheme: match[1]?.toLowerCase() === 'basic' ? 'basic' : 'bearer', parameters }
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

export class Credentials {
  readonly username: string
  readonly password: string
  readonly authentication: Authentication | undefined
  readonly #known = new Map<string, string>()

  constructor(username: string, password: string, authentication: Authentication | undefined) {
    this.username = username
    this.password = password
    this.authentication = authentication
  }

  /** The header for a request of this kind, if one is known already. */
  known(key: string): string | undefined {
    if (this.authentication === 'none') return undefined
    if (this.authentication === 'basic') return basic(this.username, this.password)
    return this.#known.get(key)
  }

  /** Answers the challenge of a 401; undefined when it can't be answered. */
  async answer(key: string, reply: Reply): Promise<string | undefined> {
    const text = reply.header('WWW-Authenticate')
    const challenge = text === undefined ? undefined : parseChallenge(text)
    if (challenge === undefined || this.authentication === 'none') return undefined
    const header =
      challenge.scheme === 'basic'
        ? basic(this.username, this.password)
        : `Bearer ${await this.token(challenge, reply.call.url)}`
    this.#known.set(key, header)
    return header
  }

  async token(challenge: Challenge, base: URL): Promise<string> {
    const realm = new URL(challenge.parameters.get('realm') ?? '', base)
    for (const name of ['service', 'scope']) {
      const value = challenge.parameters.get(name)
      if (value !== undefined) realm.searchParams.append(name, value)
    }
    const headers: Record<string, string> = { Accept: 'application/json' }
    if (this.username !== '') headers.Authorization = basic(this.username, this.password)
    const reply = await send({ method: 'GET', url: realm, headers })
    if (reply.status !== 200) throw new Error(`no token: ${reply.describe()}`)
    const body = reply.json()
    if (typeof body === 'object' && body !== null) {
      if ('access_token' in body && typeof body.access_token === 'string') return body.access_token
      if ('token' in body && typeof body.token === 'string') return body.token
    }
    throw new Error(`no token in the answer: ${reply.describe()}`)
  }
}

/** Requests that need the same rights share a token: the repository, and pull, push or delete. */
export function credentialKey(method: string, url: URL): string {
  const name = /^\/v2\/(.+?)\/(?:blobs|manifests|tags|referrers)\//.exec(url.pathname)?.[1] ?? ''
  const kind =
    method === 'GET' || method === 'HEAD' ? 'pull' : method === 'DELETE' ? 'delete' : 'push'
  return `${url.host} ${name} ${kind}`
}
