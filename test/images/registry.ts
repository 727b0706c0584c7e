// A small registry client for storms, loads and measurements: it pushes and pulls images over kept
// connections, logs in as the challenge asks, and repeats what is answered 429.

import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import { type Content, digestOf, type Image, ociManifest } from './image.ts'

export interface RegistryAddress {
  readonly url: string
  readonly username?: string
  readonly password?: string
  /** PEM of a private authority. */
  readonly ca?: string
  readonly maxSockets?: number
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Call {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Where a repository's name goes in the token that the call needs. */
  readonly repository?: string
}

/** More than any test's server needs to come to rest; each waits as long as `Retry-After` says. */
const maxAttempts = 60

export class Registry {
  readonly address: RegistryAddress
  #agent: Agent
  #authorizations = new Map<string, Promise<string | undefined>>()

  constructor(address: RegistryAddress) {
    this.address = address
    const options = { keepAlive: true, maxSockets: address.maxSockets ?? 64 }
    this.#agent = address.url.startsWith('https:')
      ? new TlsAgent({ ...options, ca: address.ca })
      : new Agent(options)
  }

  close(): void {
    this.#agent.destroy()
  }

  /** Forgets tokens: they may be older than their life, or the server may be another. */
  forgetTokens(): void {
    this.#authorizations.clear()
  }

  async call(path: string, call: Call = {}): Promise<Reply> {
    for (let attempt = 1; ; attempt++) {
      const authorization = await this.authorization(call.repository)
      const headers = { ...(authorization && { authorization }), ...call.headers }
      const reply = await this.send(path, { ...call, headers })
      if (reply.status !== 429 || attempt === maxAttempts) return reply
      await delay(1000 * Number(reply.headers['retry-after'] ?? 1))
    }
  }

  /** The `Authorization` header for a repository, made once. */
  authorization(repository: string | undefined): Promise<string | undefined> {
    const key = repository ?? ''
    const known = this.#authorizations.get(key)
    if (known) return known
    const made = this.#login(repository)
    this.#authorizations.set(key, made)
    made.catch(() => this.#authorizations.delete(key))
    return made
  }

  async #login(repository: string | undefined): Promise<string | undefined> {
    const { username, password } = this.address
    if (username === undefined) return undefined
    const answer = await this.send('/v2/')
    if (answer.status >= 500) throw unexpected('GET /v2/', answer)
    const challenge = answer.headers['www-authenticate']
    if (!challenge) return undefined
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    if (!challenge.startsWith('Bearer ')) return basic
    const fields = Object.fromEntries(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    )
    const query = new URLSearchParams({ service: fields.service ?? '' })
    query.append('scope', repository ? `repository:${repository}:*` : 'registry:catalog:*')
    const realm = new URL(fields.realm ?? '')
    for (let attempt = 1; ; attempt++) {
      const path = `${realm.pathname}?${query}`
      const reply = await this.send(path, { headers: { authorization: basic } })
      if (reply.status === 200) return `Bearer ${JSON.parse(reply.body.toString()).token}`
      if (reply.status !== 429 || attempt === maxAttempts) throw unexpected('login', reply)
      await delay(1000 * Number(reply.headers['retry-after'] ?? 1))
    }
  }

  /** One request, no login, no repetition. */
  send(path: string, call: Call = {}): Promise<Reply> {
    const url = new URL(path, this.address.url)
    const headers: Record<string, string> = { ...call.headers }
    if (call.body) headers['content-length'] = String(call.body.length)
    return new Promise((resolve, reject) => {
      const options = { method: call.method ?? 'GET', headers, agent: this.#agent }
      const sent = (url.protocol === 'https:' ? tlsRequest : request)(url, options, (response) => {
        collect(response).then(
          (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          reject,
        )
      })
      sent.once('error', reject)
      sent.end(call.body)
    })
  }

  /** POST and one PUT. */
  async pushBlob(repository: string, blob: Content): Promise<void> {
    const uploads = `/v2/${repository}/blobs/uploads/`
    const begun = await this.call(uploads, { method: 'POST', repository })
    if (begun.status !== 202) throw unexpected(`POST ${uploads}`, begun)
    const location = new URL(begun.headers.location ?? '', this.address.url)
    location.searchParams.set('digest', blob.digest)
    const path = `${location.pathname}${location.search}`
    const headers = { 'content-type': 'application/octet-stream' }
    const put = await this.call(path, { method: 'PUT', headers, body: blob.bytes, repository })
    if (put.status !== 201) throw unexpected(`PUT ${path}`, put)
  }

  async pushManifest(repository: string, reference: string, manifest: Content): Promise<void> {
    const path = `/v2/${repository}/manifests/${reference}`
    const headers = { 'content-type': manifest.mediaType }
    const put = await this.call(path, { method: 'PUT', headers, body: manifest.bytes, repository })
    if (put.status !== 201) throw unexpected(`PUT ${path}`, put)
  }

  async pushImage(repository: string, reference: string, image: Image): Promise<void> {
    for (const blob of [...image.layers, image.config]) await this.pushBlob(repository, blob)
    await this.pushManifest(repository, reference, image.manifest)
  }

  /** Fetches by digest and checks every byte of it. */
  async pullBlob(repository: string, digest: string): Promise<Buffer> {
    const path = `/v2/${repository}/blobs/${digest}`
    const got = await this.call(path, { repository })
    if (got.status !== 200) throw unexpected(`GET ${path}`, got)
    if (digestOf(got.body) !== digest) throw new Error(`GET ${path}: other bytes`)
    return got.body
  }

  async pullManifest(repository: string, reference: string): Promise<Buffer> {
    const path = `/v2/${repository}/manifests/${reference}`
    const got = await this.call(path, { repository, headers: { accept: ociManifest } })
    if (got.status !== 200) throw unexpected(`GET ${path}`, got)
    const digest = digestOf(got.body)
    if (got.headers['docker-content-digest'] !== digest) throw new Error(`GET ${path}: other bytes`)
    return got.body
  }

  /** A whole image, each digest checked. */
  async pullImage(repository: string, reference: string): Promise<Buffer> {
    const manifest = await this.pullManifest(repository, reference)
    const { config, layers } = JSON.parse(manifest.toString())
    for (const { digest } of [config, ...layers]) await this.pullBlob(repository, digest)
    return manifest
  }
}

async function collect(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export class UnexpectedReply extends Error {
  readonly reply: Reply
  constructor(message: string, reply: Reply) {
    super(message)
    this.reply = reply
  }
}

function unexpected(what: string, reply: Reply): UnexpectedReply {
  return new UnexpectedReply(`${what}: ${reply.status} ${reply.body.toString()}`, reply)
}
