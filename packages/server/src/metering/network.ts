// Which network a client came by: the private one at an instance's private twin, or from an address that is nobody's
// on the internet.

import type { Client } from '../http/client-address.ts'

const privateAddress =
  /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/

export function isPrivateNetwork({ host, address }: Pick<Client, 'host' | 'address'>): boolean {
  if (host?.includes('-vpc.')) return true
  return address !== null && privateAddress.test(address)
}
