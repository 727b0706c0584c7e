// Signs calls as the official SDKs do, for tests.

import { createHash, createHmac } from 'node:crypto'
import { type Product, productVersions } from '@entrepot/contract/action.ts'

export interface TestKey {
  readonly secretId: string
  readonly secretKey: string
  /** Of a temporary key. */
  readonly token?: string
}

export interface ApiAnswer {
  readonly RequestId: string
  readonly Error?: { readonly Code: string; readonly Message: string }
  // Each test knows which fields it asked for.
  // biome-ignore lint/suspicious/noExplicitAny: the replies of two hundred actions
  readonly [field: string]: any
}

export interface CallOptions {
  /** Seconds. */
  readonly timestamp: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly service?: string
}

/** What is between the braces of `Response`. */
export async function callApi(
  url: string,
  key: TestKey,
  { product, action, input = {} }: { product: Product; action: string; input?: unknown },
  options: CallOptions,
): Promise<ApiAnswer> {
  const body = JSON.stringify(input)
  const { host, hostname } = new URL(url)
  const service = options.service ?? product
  const { timestamp } = options
  const authorization = sign({ key, host: hostname, service, timestamp, body })
  const response = await fetch(`${url}/`, {
    method: 'POST',
    body,
    headers: {
      Host: host,
      'Content-Type': 'application/json',
      'X-TC-Action': action,
      'X-TC-Version': productVersions[product],
      'X-TC-Timestamp': String(timestamp),
      ...(key.token && { 'X-TC-Token': key.token }),
      Authorization: authorization,
      ...options.headers,
    },
  })
  const { Response } = (await response.json()) as { Response: ApiAnswer }
  return Response
}

interface Signed {
  readonly key: TestKey
  readonly host: string
  readonly service: string
  readonly timestamp: number
  readonly body: string
}

export function sign({ key, host, service, timestamp, body }: Signed): string {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (by: string | Buffer, text: string) => createHmac('sha256', by).update(text).digest()
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10)
  const headers = `content-type:application/json\nhost:${host}\n`
  const canonical = `POST\n/\n\n${headers}\ncontent-type;host\n${hash(body)}`
  const scope = `${date}/${service}/tc3_request`
  const toSign = `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${hash(canonical)}`
  const signingKey = hmac(hmac(hmac(`TC3${key.secretKey}`, date), service), 'tc3_request')
  const signature = hmac(signingKey, toSign).toString('hex')
  return `TC3-HMAC-SHA256 Credential=${key.secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`
}
