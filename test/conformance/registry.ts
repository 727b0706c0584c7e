// The registry under test as a client sees it: calls with credentials, and a list of uploads to clean up.
import { randomBytes } from 'node:crypto'
import { type Credentials, credentialKey } from './authentication.ts'
import { type Call, closeConnections, type Reply, send } from './http-client.ts'
import type { Feature } from './settings.ts'

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly query?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: Uint8Array
  readonly framing?: 'length' | 'chunked'
  readonly expectContinue?: boolean
  /** Instead of the credentials' own: a header's value, or `none` for an anonymous call. */
  readonly authorization?: string
}

interface RegistryOptions {
  readonly origin: URL
  readonly credentials: Credentials
  readonly repository1: string
  readonly repository2: string
  readonly features: ReadonlySet<Feature>
  readonly stop: () => Promise<void>
  /** Our own server, in this process. */
  readonly isOwn?: boolean
}

export class Registry {
  readonly origin: URL
  readonly credentials: Credentials
  readonly features: ReadonlySet<Feature>
  readonly #options: RegistryOptions
  readonly #openUploads = new Set<string>()

  constructor(options: RegistryOptions) {
    this.#options = options
    this.origin = options.origin
    this.credentials = options.credentials
    this.features = options.features
  }

  get isOwn(): boolean {
    return this.#options.isOwn === true
  }

  has(feature: Feature): boolean {
    return this.features.has(feature)
  }

  /** A name nobody has used, so that tests neither meet nor depend on what was there before. */
  freshRepository(): string {
    return `${this.#options.repository1}-${randomBytes(5).toString('hex')}`
  }

  /** As `freshRepository`, in the second place (another namespace, where there is one). */
  otherRepository(): string {
    return `${this.#options.repository2}-${randomBytes(5).toString('hex')}`
  }

  async call(method: string, target: string, options: CallOptions = {}): Promise<Reply> {
    const url = new URL(target, this.origin)
    for (const [name, value] of Object.entries(options.query ?? {})) {
      for (const one of typeof value === 'string' ? [value] : value) {
        url.searchParams.append(name, one)
      }
    }
    const reply = await this.#authorised({ method, url, ...options }, options.authorization)
    this.#follow(reply)
    return reply
  }

  async #authorised(call: Call, given: string | undefined): Promise<Reply> {
    if (given !== undefined) return send(given === 'none' ? call : withHeader(call, given))
    const key = credentialKey(call.method, call.url)
    const known = this.credentials.known(key)
    const reply = await send(known === undefined ? call : withHeader(call, known))
    if (reply.status !== 401) return reply
    const header = await this.credentials.answer(key, reply)
    return header === undefined ? reply : send(withHeader(call, header))
  }

  #follow(reply: Reply): void {
    const { method, url } = reply.call
    const location = reply.header('Location')
    if (method === 'POST' && reply.status === 202 && location !== undefined) {
      this.#openUploads.add(new URL(location, url).pathname)
    }
    if (method === 'PUT' && reply.status === 201) this.#openUploads.delete(url.pathname)
    if (method === 'DELETE' && reply.status === 204) this.#openUploads.delete(url.pathname)
  }

  /** Cancels what the tests left open: a polite client does, and our own server counts it. */
  async close(): Promise<void> {
    try {
      for (const path of this.#openUploads) await this.call('DELETE', path)
    } finally {
      closeConnections()
      await this.#options.stop()
    }
  }
}

function withHeader(call: Call, authorization: string): Call {
  return { ...call, headers: { ...call.headers, Authorization: authorization } }
}
