import ipaddr from 'ipaddr.js'

const ipv6HostBits = 64

/**
 * What counts as one client: an IPv4 address (also when it is written as IPv6), or the /64 that one IPv6 client
 * picks its addresses from.
 */
export function networkOf(address: string | null): string {
  if (address === null || !ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const bytes = parsed.toByteArray()
  const network = bytes.map((byte, index) => (index < ipv6HostBits / 8 ? byte : 0))
  return `${ipaddr.fromByteArray(network).toString()}/${ipv6HostBits}`
}
