// IP addresses as text in one spelling, and sets of address ranges. An IPv4 address that reached us through
// an IPv6 socket (`::ffff:192.0.2.1`) is the IPv4 address.

import { BlockList, isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The canonical spelling without zone, or undefined for what is no address (`127.1` and `0x7f.1` are none). */
export function parseAddress(text: string): string | undefined {
  const version = isIP(text)
  if (version === 0) return undefined
  // Node accepts only the canonical spelling of IPv4.
  if (version === 4) return text
  const zone = text.indexOf('%')
  return ipaddr.process(zone === -1 ? text : text.slice(0, zone)).toString()
}

/** As the settings hold it. */
export interface AddressRange {
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

/** `192.0.2.1`, `10.0.0.0/8`, `fd00::/8`; undefined for anything else. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [address = '', written, ...rest] = text.split('/')
  const version = isIP(address)
  const bits = version === 4 ? 32 : 128
  const prefix = written === undefined ? bits : Number(written)
  const isNumber = written === undefined || /^\d{1,3}$/.test(written)
  if (version === 0 || address.includes('%') || rest.length > 0) return undefined
  if (!isNumber || prefix > bits) return undefined
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' }
}

export interface AddressSet {
  /** False for what is no address. */
  has(address: string): boolean
}

const mappedPrefixBits = 96

export function addressSet(ranges: readonly AddressRange[]): AddressSet {
  const list = new BlockList()
  for (const range of ranges) {
    const address = parseAddress(range.address)
    assertAddress(address, range)
    // `::ffff:10.0.0.0/104` is `10.0.0.0/8`.
    const isMapped = range.family === 'ipv6' && family(address) === 'ipv4'
    const prefix = isMapped ? Math.max(range.prefix - mappedPrefixBits, 0) : range.prefix
    list.addSubnet(address, prefix, family(address))
  }
  return {
    has(address) {
      const plain = parseAddress(address)
      return plain !== undefined && list.check(plain, family(plain))
    },
  }
}

function assertAddress(address: string | undefined, range: AddressRange): asserts address {
  if (address === undefined) throw new Error(`"${range.address}" is no IP address`)
}

function family(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4'
}
