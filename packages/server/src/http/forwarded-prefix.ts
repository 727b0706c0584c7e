// The path below which a trusted proxy shows this server: it takes the path away and says so in `X-Forwarded-Prefix`.

import type { Connection, TrustedProxies } from './client-address.ts'

const maxPrefixChars = 128
/** What can stand in an address, an attribute and a cookie as it is. */
const prefixPattern = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/

/** Empty, or `/some/path`. */
export function forwardedPrefix(connection: Connection, trusted: TrustedProxies): string {
  const { remoteAddress, headers } = connection
  const text = headers['x-forwarded-prefix']
  if (trusted.header !== 'x-forwarded' || typeof text !== 'string') return ''
  if (!remoteAddress || !trusted.addresses.has(remoteAddress)) return ''
  const prefix = text.trim().replace(/\/+$/, '')
  return prefix.length <= maxPrefixChars && prefixPattern.test(prefix) ? prefix : ''
}
