// Whether our own page sent a request that changes something: its origin as the browser tells it, and a token that only
// pages of this origin can read. Together with `application/json`, which no page of another origin may send unasked.

import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { ApiError } from '@entrepot/contract/errors.ts'
import { equalText } from '../crypto/secrets.ts'
import { type Client, hostName } from '../http/client-address.ts'

/** Bound to the cookie's token, from which nobody else can make it; every process makes the same. */
export function csrfTokenOf(token: string): string {
  return createHmac('sha256', token).update('console csrf token').digest('base64url')
}

/** Whether the page that asks was given this token. */
export function hasCsrfToken(headers: IncomingHttpHeaders, token: string): boolean {
  const given = headers['x-csrf-token']
  return typeof given === 'string' && equalText(given, csrfTokenOf(token))
}

/** Throws CSRF_TOKEN_INVALID. */
export function assertCsrfToken(headers: IncomingHttpHeaders, token: string | undefined): void {
  if (token === undefined || !hasCsrfToken(headers, token)) throw new ApiError('CSRF_TOKEN_INVALID')
}

/**
 * `Sec-Fetch-Site` decides where the browser sends it (over HTTPS and to loopback); else `Origin`, of which the host
 * must be the one that was asked. Its scheme may say more than ours: a proxy that nobody declared may have ended TLS.
 * Throws CROSS_ORIGIN.
 */
export function assertSameOrigin(headers: IncomingHttpHeaders, client: Client): void {
  const site = headers['sec-fetch-site']
  const { origin } = headers
  if (site !== undefined) {
    if (site !== 'same-origin') throw new ApiError('CROSS_ORIGIN')
  } else if (origin !== undefined && !isOwnOrigin(origin, client)) {
    throw new ApiError('CROSS_ORIGIN')
  }
}

function isOwnOrigin(origin: string, { scheme, host }: Client): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (!url || !host) return false
  if (url.protocol === `${scheme}:`) return url.host === host
  return url.protocol === 'https:' && url.host === withoutPort(host, url.port)
}

/** `host:443` of a proxy that passes on what it was asked for. */
function withoutPort(host: string, port: string): string {
  return port === '' && host === `${hostName(host)}:443` ? hostName(host) : host
}
