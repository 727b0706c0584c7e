// AWS Signature Version 4 for GET and HEAD: in headers, and in an address that a client opens by itself.
// "Authenticating Requests (AWS Signature Version 4)" in the S3 API reference.

import { createHash, createHmac } from 'node:crypto'

export interface SigningIdentity {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
}

export interface SignedTarget {
  readonly method: 'GET' | 'HEAD'
  readonly host: string
  /** Already encoded by `encodePath`. */
  readonly path: string
}

const algorithm = 'AWS4-HMAC-SHA256'
const unsignedPayload = 'UNSIGNED-PAYLOAD'

/** Each byte but the unreserved ones and '/', as S3 wants it (encodeURIComponent leaves five more). */
export function encodePath(path: string): string {
  return path.split('/').map(encodeSegment).join('/')
}

function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

export class RequestSigner {
  readonly #identity: SigningIdentity
  #day = ''
  #key: Buffer | undefined

  constructor(identity: SigningIdentity) {
    this.#identity = identity
  }

  /** The headers that make the request count; others (`Range`) may be added unsigned. */
  headers(target: SignedTarget, nowMs: number): Record<string, string> {
    const time = stamp(nowMs)
    const names = 'host;x-amz-content-sha256;x-amz-date'
    const canonical = [
      target.method,
      target.path,
      '',
      `host:${target.host}`,
      `x-amz-content-sha256:${unsignedPayload}`,
      `x-amz-date:${time}`,
      '',
      names,
      unsignedPayload,
    ].join('\n')
    const credential = `${this.#identity.accessKeyId}/${this.#scope(time)}`
    const signature = this.#sign(canonical, time)
    return {
      host: target.host,
      'x-amz-content-sha256': unsignedPayload,
      'x-amz-date': time,
      authorization: `${algorithm} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
    }
  }

  /** The query of an address that is good for `validSeconds`. */
  query(target: SignedTarget, nowMs: number, validSeconds: number): string {
    const time = stamp(nowMs)
    const query = [
      ['X-Amz-Algorithm', algorithm],
      ['X-Amz-Credential', `${this.#identity.accessKeyId}/${this.#scope(time)}`],
      ['X-Amz-Date', time],
      ['X-Amz-Expires', String(validSeconds)],
      ['X-Amz-SignedHeaders', 'host'],
    ]
      .map(([name, value = '']) => `${name}=${encodeSegment(value)}`)
      .join('&')
    const canonical = [
      target.method,
      target.path,
      query,
      `host:${target.host}`,
      '',
      'host',
      unsignedPayload,
    ].join('\n')
    return `${query}&X-Amz-Signature=${this.#sign(canonical, time)}`
  }

  #scope(time: string): string {
    return `${time.slice(0, 8)}/${this.#identity.region}/s3/aws4_request`
  }

  #sign(canonicalRequest: string, time: string): string {
    const hashed = createHash('sha256').update(canonicalRequest).digest('hex')
    const text = [algorithm, time, this.#scope(time), hashed].join('\n')
    return createHmac('sha256', this.#keyOf(time.slice(0, 8)))
      .update(text)
      .digest('hex')
  }

  /** Derived once a day. */
  #keyOf(day: string): Buffer {
    if (this.#key && this.#day === day) return this.#key
    const { secretAccessKey, region } = this.#identity
    let key = hmac(`AWS4${secretAccessKey}`, day)
    for (const step of [region, 's3', 'aws4_request']) key = hmac(key, step)
    this.#day = day
    this.#key = key
    return key
  }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** 20130524T000000Z */
function stamp(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '')
}
