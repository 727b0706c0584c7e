// What a request says of itself beside its body. The signature is over time and body, so that neither can be changed and an
// old request can't be passed off as a new one: `HMAC-SHA256(secret, "<timestamp>.<body>")`, in hex.

import { createHmac } from 'node:crypto'
import { maskedHeader } from '@entrepot/contract/entrepot/webhooks.ts'
import type { Header } from './webhooks.ts'

export interface Sent {
  readonly deliveryId: number
  readonly eventId: string
  readonly sequence: number
  readonly eventType: string
  readonly contentType: string
  readonly body: string
  readonly attempt: number
  readonly atMs: number
}

export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
}

export function requestHeaders(
  sent: Sent,
  own: readonly Header[],
  secret: string | undefined,
): Record<string, string> {
  const timestamp = String(Math.floor(sent.atMs / 1000))
  return {
    ...Object.fromEntries(own.map(({ Key, Values }) => [Key, Values.join(', ')])),
    'Content-Type': sent.contentType,
    'Content-Length': String(Buffer.byteLength(sent.body)),
    'User-Agent': 'Entrepot-Webhook',
    'X-Entrepot-Event': sent.eventType,
    'X-Entrepot-Event-Id': sent.eventId,
    'X-Entrepot-Sequence': String(sent.sequence),
    'X-Entrepot-Delivery': String(sent.deliveryId),
    'X-Entrepot-Attempt': String(sent.attempt),
    'X-Entrepot-Timestamp': timestamp,
    ...(secret !== undefined && {
      'X-Entrepot-Signature': signatureOf(secret, timestamp, sent.body),
    }),
  }
}

/** For the log, a line each: whoever may read it need not know what the receiver knows us by. */
export function maskedLines(headers: Readonly<Record<string, string>>, own: readonly Header[]) {
  const secrets = new Set(['x-entrepot-signature', ...own.map(({ Key }) => Key.toLowerCase())])
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${secrets.has(name.toLowerCase()) ? maskedHeader : value}`)
    .join('\n')
}

/** Ours, and those that belong to the connection or to the body. */
const reserved =
  /^(?:x-entrepot-.*|host|content-(?:length|type|encoding)|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*|accept-encoding|user-agent)$/i
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** RFC 9110 §5.5, without what lies beyond ASCII: Node sends it as Latin-1. */
const headerValue = /^[\t\x20-\x7e]*$/

/** Undefined: it may be sent. */
export function headerProblem({ Key, Values }: Header): { en: string; zh: string } | undefined {
  if (!headerName.test(Key))
    return { en: `${Key} is no name of a header`, zh: `${Key} 不是合法的请求头名称` }
  if (reserved.test(Key)) {
    return { en: `${Key} is set by the registry`, zh: `${Key} 由系统设置，不能自定义` }
  }
  if (Values.length === 0) return { en: `${Key} has no value`, zh: `${Key} 没有值` }
  if (!Values.every((value) => headerValue.test(value))) {
    return {
      en: `${Key} has a value that is not plain ASCII`,
      zh: `${Key} 的值只能是可见 ASCII 字符`,
    }
  }
  return undefined
}
