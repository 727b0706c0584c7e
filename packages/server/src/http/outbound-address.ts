// Which addresses an outgoing request may go to. What a tenant can name (a webhook, an identity provider, a
// registry to import from) must not reach what only this machine or its network can reach.

import ipaddr from 'ipaddr.js'
import { type AddressSet, parseAddress } from './addresses.ts'

/** All of the assigned public IPv6 space lies here; ipaddr.js calls much beyond it "unicast" too. */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/** Azure's host agent: inside every virtual machine, at an address that is public elsewhere. */
const azureHostAgent = '168.63.129.16'

/**
 * True for public addresses, and for those that the operator named. Loopback, private, link-local (with the
 * clouds' metadata), CGNAT, multicast, documentation, v4-mapped, NAT64, 6to4 and Teredo addresses are not.
 */
export function mayReach(text: string, allowed: AddressSet): boolean {
  // A zone names an interface of this machine, which no public address needs.
  if (parseAddress(text) === undefined || text.includes('%')) return false
  if (allowed.has(text)) return true
  if (text === azureHostAgent) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  return address instanceof ipaddr.IPv4 || address.match(globalUnicast)
}
