// Who the client is, and which scheme and host it used, when proxies stand between. A forwarding header is
// believed only when the connection comes from a trusted proxy, and only as far as trusted proxies wrote it:
// entries are read from the right, because every proxy appends to what its own client sent.

import { type AddressSet, parseAddress } from './addresses.ts'

export interface TrustedProxies {
  readonly addresses: AddressSet
  /**
   * Which family of headers the proxies write. Only one is read: a proxy passes the other one through as
   * its client sent it, so believing whichever is there would believe a forged one.
   */
  readonly header: 'x-forwarded' | 'forwarded'
}

export interface Connection {
  /** Of the socket, or of the PROXY protocol's header. */
  readonly remoteAddress: string | undefined
  readonly encrypted: boolean
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface Client {
  /** Null once the socket has been closed. */
  readonly address: string | null
  readonly scheme: 'http' | 'https'
  /** As the client wrote it, lower case, with a port unless it is the scheme's; undefined when malformed. */
  readonly host: string | undefined
}

/** Proxies in a row; what stands further left is not looked at. */
export const maxForwardedHops = 32
const maxHostChars = 255

const hostPattern = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9.])?|\[[0-9a-f:.]{2,45}\])(?::(\d{1,5}))?$/

/** Lower case, or undefined when it is no `host[:port]`. */
export function parseHost(text: string): string | undefined {
  if (text.length > maxHostChars) return undefined
  const host = text.toLowerCase()
  const match = hostPattern.exec(host)
  const port = Number(match?.[1] ?? 1)
  if (match === null || port < 1 || port > 65_535) return undefined
  // A last label of digits makes the rest an IPv4 address (WHATWG URL), or nothing at all.
  return URL.canParse(`http://${host}`) ? host : undefined
}

/** `registry.example.com:8443` → `registry.example.com`; brackets stay on IPv6 addresses. */
export function hostName(host: string): string {
  const colon = host.lastIndexOf(':')
  return colon > host.lastIndexOf(']') ? host.slice(0, colon) : host
}

export function clientOf(connection: Connection, trusted: TrustedProxies): Client {
  const address = connection.remoteAddress && parseAddress(connection.remoteAddress)
  const direct = directClient(connection, address || null)
  if (!address || !trusted.addresses.has(address)) return direct
  const hops =
    trusted.header === 'forwarded' ? forwardedHops(connection) : xForwardedHops(connection)
  return hops === undefined ? direct : throughProxies(direct, hops, trusted.addresses)
}

function directClient(connection: Connection, address: string | null): Client {
  const scheme = connection.encrypted ? 'https' : 'http'
  const host = headerText(connection, 'host')
  return {
    address,
    scheme,
    host: host === undefined ? undefined : withoutDefaultPort(host, scheme),
  }
}

/** Each list from the right: the first entry was written by the proxy that is connected to us. */
interface Hops {
  readonly addresses: readonly string[]
  readonly schemes: readonly string[]
  readonly hosts: readonly string[]
  readonly ports: readonly string[]
}

function throughProxies(direct: Client, hops: Hops, proxies: AddressSet): Client {
  let address = direct.address
  let depth = 0
  for (const [index, text] of hops.addresses.entries()) {
    const hop = parseHopAddress(text)
    // `unknown`, an obfuscated name or nonsense: the last proxy that we know is the client.
    if (hop === undefined) break
    address = hop
    depth = index
    if (!proxies.has(hop)) break
  }
  const at = (list: readonly string[]) => list[Math.min(depth, list.length - 1)]
  const named = at(hops.schemes)?.toLowerCase()
  const scheme = named === 'http' || named === 'https' ? named : direct.scheme
  const host = withPort(parseHost(at(hops.hosts) ?? '') ?? direct.host, at(hops.ports))
  return { address, scheme, host: host && withoutDefaultPort(host, scheme) }
}

/** A port that stands in the host is what the client wrote; the header tells only where that is lost. */
function withPort(host: string | undefined, port: string | undefined): string | undefined {
  if (host === undefined || port === undefined || hostName(host) !== host) return host
  return parseHost(`${host}:${port}`) ?? host
}

function withoutDefaultPort(text: string, scheme: 'http' | 'https'): string | undefined {
  const host = parseHost(text)
  const port = scheme === 'https' ? ':443' : ':80'
  return host?.endsWith(port) ? host.slice(0, -port.length) : host
}

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`. */
function parseHopAddress(text: string): string | undefined {
  const bracketed = /^\[([^\]]{2,45})\](?::\d{1,5})?$/.exec(text)
  if (bracketed?.[1] !== undefined) return parseAddress(bracketed[1])
  const withPort = /^([\d.]{7,15}):\d{1,5}$/.exec(text)
  return parseAddress(withPort?.[1] ?? text)
}

function headerText(connection: Connection, name: string): string | undefined {
  const value = connection.headers[name]
  return typeof value === 'object' ? value.join(',') : value
}

function fromTheRight(text: string | undefined): string[] {
  if (text === undefined) return []
  const entries = text.split(',')
  return entries
    .slice(-maxForwardedHops)
    .map((entry) => entry.trim())
    .reverse()
}

function xForwardedHops(connection: Connection): Hops | undefined {
  const list = (name: string) => fromTheRight(headerText(connection, `x-forwarded-${name}`))
  return {
    addresses: list('for'),
    schemes: list('proto'),
    hosts: list('host'),
    ports: list('port'),
  }
}

/** RFC 7239. Quoted strings may hold commas and semicolons. */
function forwardedHops(connection: Connection): Hops | undefined {
  const text = headerText(connection, 'forwarded')
  if (text === undefined) return undefined
  const elements = splitQuoted(text, ',').slice(-maxForwardedHops).reverse()
  const pairs = elements.map((element) => new Map(splitQuoted(element, ';').map(parsePair)))
  const list = (name: string) => pairs.map((pair) => pair.get(name) ?? '')
  return { addresses: list('for'), schemes: list('proto'), hosts: list('host'), ports: [] }
}

function parsePair(text: string): [string, string] {
  const equals = text.indexOf('=')
  const value = text.slice(equals + 1).trim()
  const isQuoted = value.length >= 2 && value.startsWith('"') && value.endsWith('"')
  const plain = isQuoted ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value
  return [text.slice(0, Math.max(equals, 0)).trim().toLowerCase(), plain]
}

function splitQuoted(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (isQuoted && char === '\\') at += 1
    else if (char === '"') isQuoted = !isQuoted
    else if (char === separator && !isQuoted) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}
