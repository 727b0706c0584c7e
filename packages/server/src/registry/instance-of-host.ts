// Which instance a request is for: that of its host.

import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { ApiError } from '@entrepot/contract/errors.ts'
import { type Client, hostName } from '../http/client-address.ts'
import type { InstanceDirectory } from '../instances/directory.ts'
import type { Instance } from '../instances/instances.ts'

/** Throws INSTANCE_UNKNOWN, HOST_MISMATCH. */
export function instanceOfHost(
  directory: InstanceDirectory,
  req: IncomingMessage,
  client: Client,
): Instance | Promise<Instance> {
  if (client.host === undefined) return refuseHost()
  const found = directory.find(hostName(client.host))
  const serverName = isEncrypted(req) && (req.socket as TLSSocket).servername
  if (serverName) return findByServerName(directory, found, serverName)
  if (found instanceof Promise) return found.then((instance) => instance ?? refuseHost())
  return found ?? refuseHost()
}

/** The connection was opened for one host; another instance's may not be asked through it (RFC 9110, 15.5.20). */
async function findByServerName(
  directory: InstanceDirectory,
  found: Instance | undefined | Promise<Instance | undefined>,
  serverName: string,
): Promise<Instance> {
  const instance = (await found) ?? refuseHost()
  const named = await directory.find(serverName.toLowerCase())
  if (named && named.id !== instance.id) throw new ApiError('HOST_MISMATCH')
  return instance
}

function refuseHost(): never {
  throw new ApiError('INSTANCE_UNKNOWN')
}

function isEncrypted(req: IncomingMessage): boolean {
  return 'encrypted' in req.socket && req.socket.encrypted === true
}
