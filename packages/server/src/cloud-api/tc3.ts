// TC3-HMAC-SHA256 (Tencent Cloud API 3.0, "Signature v3"). The service in the credential scope is whatever the client
// made of its endpoint; it is part of the key and of nothing else.

import { createHash, createHmac } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'
import { equalText } from '../crypto/secrets.ts'

const algorithm = 'TC3-HMAC-SHA256'
/** Of the payload hash, over TLS only: Go's SDK can be told so. */
const unsignedPayload = 'UNSIGNED-PAYLOAD'
const maxSignedHeaders = 32

export interface Tc3Authorization {
  readonly secretId: string
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

const pattern =
  /^TC3-HMAC-SHA256\s+Credential=([\w-]{1,1100})\/(\d{4}-\d\d-\d\d)\/([\w.-]{1,255})\/tc3_request,\s*SignedHeaders=([a-z0-9;_-]{1,1024}),\s*Signature=([0-9a-f]{64})$/

/** Throws AUTHORIZATION_INVALID. */
export function parseTc3Authorization(text: string): Tc3Authorization {
  const match = pattern.exec(text.trim())
  if (!match) throw new ApiError('AUTHORIZATION_INVALID')
  const [, secretId = '', date = '', service = '', names = '', signature = ''] = match
  const signedHeaders = names.split(';')
  const isComplete = signedHeaders.includes('content-type') && signedHeaders.includes('host')
  if (!isComplete || signedHeaders.length > maxSignedHeaders) {
    throw new ApiError('AUTHORIZATION_INVALID', {
      message: {
        en: 'SignedHeaders must name content-type and host',
        zh: 'SignedHeaders 必须包含 content-type 和 host',
      },
    })
  }
  return { secretId, date, service, signedHeaders, signature }
}

export interface Tc3Message {
  readonly method: string
  /** As it was sent, without `?`. */
  readonly query: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
  /** Seconds, as the client wrote it. */
  readonly timestamp: number
  /** Forms of the host that the client may have signed: with and without its port. */
  readonly hosts: readonly string[]
  readonly isEncrypted: boolean
}

/** True when the key signed the message, in one of the forms that clients have. */
export function verifyTc3(
  message: Tc3Message,
  authorization: Tc3Authorization,
  secretKey: string,
): boolean {
  const payload = payloadHash(message)
  if (payload === undefined) return false
  const { date, service, signature } = authorization
  const key = signingKey(secretKey, date, service)
  let isValid = false
  for (const headers of canonicalHeaders(message, authorization.signedHeaders)) {
    const canonical = [
      message.method,
      '/',
      message.query,
      headers,
      authorization.signedHeaders.join(';'),
      payload,
    ].join('\n')
    const scope = `${date}/${service}/tc3_request`
    const toSign = `${algorithm}\n${message.timestamp}\n${scope}\n${sha256(canonical)}`
    const expected = createHmac('sha256', key).update(toSign).digest('hex')
    // All forms are tried, whichever fits: what takes how long tells nothing.
    if (equalText(expected, signature)) isValid = true
  }
  return isValid
}

function payloadHash(message: Tc3Message): string | undefined {
  const announced = message.headers['x-tc-content-sha256']
  if (announced === unsignedPayload) {
    return message.isEncrypted ? sha256(unsignedPayload) : undefined
  }
  return sha256(message.method === 'GET' ? '' : message.body)
}

/** Each possible text, every line with its line feed. */
function canonicalHeaders(message: Tc3Message, names: readonly string[]): ReadonlySet<string> {
  const forms = new Set<string>()
  for (const host of message.hosts) {
    const lines = names.map((name) => {
      const value = name === 'host' ? host : message.headers[name]
      return `${name}:${String(value ?? '').trim()}\n`
    })
    forms.add(lines.join(''))
    forms.add(lines.join('').toLowerCase())
  }
  return forms
}

function signingKey(secretKey: string, date: string, service: string): Buffer {
  const ofDate = hmac(`TC3${secretKey}`, date)
  return hmac(hmac(ofDate, service), 'tc3_request')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
