// Where clients reach an instance: its host, and the port and scheme by which this page came.

import { useRead } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import type { Address } from '../../patterns/registry-commands.ts'

export interface NamedAddress extends Address {
  readonly kind: 'default' | 'vpc' | 'here'
}

/** The default one first; empty until it is known, and where no host leads to the instance. */
export function useRegistryAddresses(instanceId: string): readonly NamedAddress[] {
  const { data: deployment } = useRead('DescribeDeployment', {})
  const { instance } = useInstance(instanceId)
  if (!deployment || !instance) return []
  const isPlain = deployment.Scheme === 'http'
  // Without a base domain the instance's host is the one that this page used, with its port.
  const port = deployment.BaseDomain && deployment.Port ? `:${deployment.Port}` : ''
  // The default instance answers at any other host as well: at the one that this page came from.
  const isHere = deployment.BaseDomain !== null && deployment.DefaultRegistryId === instanceId
  const hosts = [
    ['default', instance.PublicDomain],
    ['vpc', instance.InternalEndpoint],
    ['here', isHere && deployment.Host !== instance.PublicDomain ? deployment.Host : ''],
  ] as const
  return hosts.flatMap(([kind, host]) => (host ? [{ kind, host: `${host}${port}`, isPlain }] : []))
}

/** Docker and nerdctl take plain HTTP from this machine without being told. */
export function isLocal({ host }: Address): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|$)/.test(host)
}
