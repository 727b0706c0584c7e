// What can be seen to be wrong before anything is touched: TLS files, taken ports.

import { createServer } from 'node:net'
import { readTlsFiles } from '../config/tls-files.ts'
import type { Address, Config } from '../config.ts'
import { StartError } from '../start-error.ts'

export async function preflight(config: Config): Promise<void> {
  if (config.tls.kind === 'files') readTlsFiles(config.tls)
  const metrics = config.metricsListen === 'off' ? [] : [config.metricsListen]
  for (const address of config.listen) await tryAddress('ENTREPOT_LISTEN', address)
  for (const address of metrics) await tryAddress('ENTREPOT_METRICS_LISTEN', address)
}

function tryAddress(setting: string, address: Address): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const server = createServer()
  server.once('error', (error) => reject(cannotListen(setting, address, error)))
  server.listen({ host: address.host, port: address.port, exclusive: true }, () => {
    server.close(() => resolve())
  })
  return promise
}

export function cannotListen(setting: string, { host, port }: Address, error: Error): StartError {
  const code = 'code' in error ? error.code : undefined
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there. Stop it, or choose another port',
    EACCES: 'this user may not. Choose a port from 1024 up, or grant the right',
    EADDRNOTAVAIL: 'this machine has no such address. Correct it',
    ENOTFOUND: 'the name is unknown. Correct it',
  }
  const reason = reasons[String(code)] ?? error.message
  return new StartError(`can't listen on ${address} (${setting}): ${reason}.`, error)
}
