// For tests: a client of the registry with one login and one host name, and nothing done behind its back.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
} from 'node:http'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { dockerConfig, dockerImage, ociConfig, ociImage } from '@entrepot/oci/media-types.ts'
import type { TestApp } from '../test-app.ts'

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  /** Sends the body without a length. */
  readonly isChunked?: boolean
  /** Sends `Expect: 100-continue`, and the body only when the server asks for it. */
  readonly waits?: boolean
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly bytes: Buffer
  /** Whether `100 Continue` came first. */
  readonly wasInvited: boolean
}

interface ErrorEntry {
  readonly code: string
  readonly message: string
  readonly detail?: unknown
}

/** The one entry of an answer in OCI's error form. */
export function errorOf(answer: Answer): ErrorEntry {
  const { errors } = JSON.parse(answer.text) as { errors: ErrorEntry[] }
  const [entry] = errors
  assert(entry && errors.length === 1)
  return entry
}

/** `404 NAME_UNKNOWN`, or `201`. */
export function outcome(answer: Answer): string {
  return answer.status < 400 ? String(answer.status) : `${answer.status} ${errorOf(answer).code}`
}

export function basic(username: string | number, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

export interface PushedImage {
  readonly digest: Digest
  readonly bytes: Buffer
  readonly config: Digest
  readonly layer: Digest
}

export class TestClient {
  readonly #url: string
  readonly #authorization: string | undefined
  readonly #host: string | undefined

  constructor(url: string, authorization?: string, host?: string) {
    this.#url = url
    this.#authorization = authorization
    this.#host = host
  }

  /** The same with another `Authorization`; undefined: anonymous. */
  as(authorization: string | undefined): TestClient {
    return new TestClient(this.#url, authorization, this.#host)
  }

  /** The same at another host name. */
  at(host: string): TestClient {
    return new TestClient(this.#url, this.#authorization, host)
  }

  /** The same at another process. */
  on(url: string): TestClient {
    return new TestClient(url, this.#authorization, this.#host)
  }

  /** The beginning of a request; the caller sends its body. */
  begin(method: string, path: string, headers: Ask['headers'] = {}): ClientRequest {
    return request(new URL(path, this.#url), {
      method,
      agent: false,
      headers: {
        ...(this.#authorization !== undefined && { Authorization: this.#authorization }),
        ...(this.#host !== undefined && { Host: this.#host }),
        ...headers,
      },
    })
  }

  async call(method: string, path: string, ask: Ask = {}): Promise<Answer> {
    const { body } = ask
    const length = body === undefined || ask.isChunked ? undefined : Buffer.byteLength(body)
    const req = this.begin(method, path, {
      ...(length !== undefined && { 'Content-Length': String(length) }),
      ...(ask.isChunked && { 'Transfer-Encoding': 'chunked' }),
      ...(ask.waits && { Expect: '100-continue' }),
      ...ask.headers,
    })
    if (!ask.waits) return sent(req, body)
    req.flushHeaders()
    let wasInvited = false
    req.once('continue', () => {
      wasInvited = true
      req.end(body)
    })
    const answer = await answerOf(req)
    req.destroy()
    return { ...answer, wasInvited }
  }

  /** Opens an upload and returns its path. */
  async startUpload(repository: string): Promise<string> {
    const answer = await this.call('POST', `/v2/${repository}/blobs/uploads/`)
    assert.equal(answer.status, 202, answer.text)
    return answer.headers.location ?? ''
  }

  async putBlob(repository: string, body: Uint8Array | string, ask: Ask = {}): Promise<Answer> {
    const digest = digestOf('sha256', Buffer.from(body))
    return this.call('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, { ...ask, body })
  }

  async pushBlob(repository: string, body: Uint8Array | string): Promise<Digest> {
    const answer = await this.putBlob(repository, body)
    assert.equal(answer.status, 201, answer.text)
    return digestOf('sha256', Buffer.from(body))
  }

  putManifest(repository: string, reference: string, bytes: Buffer, type: string = ociImage) {
    const headers = { 'Content-Type': type }
    return this.call('PUT', `/v2/${repository}/manifests/${reference}`, { headers, body: bytes })
  }

  /** An image of one layer with the given text. */
  async pushImage(repository: string, tag: string, text = `${repository}:${tag}`) {
    const config = await this.pushBlob(repository, '{}')
    const layer = await this.pushBlob(repository, text)
    const bytes = imageOf({ config, layers: [[layer, Buffer.byteLength(text)]] })
    const answer = await this.putManifest(repository, tag, bytes)
    assert.equal(answer.status, 201, answer.text)
    return { digest: digestOf('sha256', bytes), bytes, config, layer } satisfies PushedImage
  }

  /** A bearer header with a token of these scopes, given to this client's login. */
  async bearer(...scopes: readonly string[]): Promise<string> {
    const query = new URLSearchParams(scopes.map((scope) => ['scope', scope]))
    const answer = await this.call('GET', `/service/token?${query}`)
    assert.equal(answer.status, 200, answer.text)
    return `Bearer ${(JSON.parse(answer.text) as { token: string }).token}`
  }
}

/** The main account by the credential of the first start. */
export function ownerOf(app: Pick<TestApp, 'url' | 'username' | 'password'>): TestClient {
  return new TestClient(app.url, basic(app.username, app.password))
}

export function sent(req: ClientRequest, body?: Uint8Array | string): Promise<Answer> {
  req.end(body)
  return answerOf(req)
}

/** The answer, also when it comes before the body was sent. */
export async function answerOf(req: ClientRequest): Promise<Answer> {
  const [res] = (await once(req, 'response')) as [IncomingMessage]
  // The server closes behind an early answer; what the client still had to send is lost, and no matter.
  req.on('error', () => undefined)
  const chunks: Buffer[] = []
  for await (const chunk of res) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  const { headers, statusCode = 0 } = res
  return { status: statusCode, headers, bytes, text: bytes.toString('utf8'), wasInvited: false }
}

interface ImageParts {
  readonly config: Digest
  readonly configBytes?: number
  readonly layers: readonly (readonly [digest: Digest, sizeBytes: number])[]
  readonly isDocker?: boolean
  /** Fields beside the usual ones. */
  readonly more?: object
}

export function imageOf({ config, configBytes = 2, layers, isDocker, more }: ImageParts): Buffer {
  const mediaType = isDocker ? dockerImage : ociImage
  const layerType = 'application/vnd.oci.image.layer.v1.tar'
  const document = {
    schemaVersion: 2,
    mediaType,
    config: { mediaType: isDocker ? dockerConfig : ociConfig, digest: config, size: configBytes },
    layers: layers.map(([digest, size]) => ({ mediaType: layerType, digest, size })),
    ...more,
  }
  return Buffer.from(JSON.stringify(document))
}
