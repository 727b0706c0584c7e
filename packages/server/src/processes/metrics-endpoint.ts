import { createServer } from 'node:http'
import type { Address } from '../config.ts'
import type { Log } from '../log.ts'
import { mergeSnapshots, type ProcessSnapshot } from '../metrics/snapshot.ts'
import { metricsContentType, metricsText } from '../metrics/text.ts'
import { cannotListen } from './preflight.ts'

export interface MetricsEndpoint {
  readonly port: number
  close(): void
}

/** Serves `/metrics` of all processes together. */
export async function serveMetrics(
  address: Address,
  snapshots: () => Promise<readonly ProcessSnapshot[]>,
  log: Log,
): Promise<MetricsEndpoint> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404).end()
      return
    }
    snapshots().then(
      (all) => {
        response.writeHead(200, { 'content-type': metricsContentType })
        response.end(metricsText(mergeSnapshots(all)))
      },
      (error) => {
        log.error('the metrics could not be read', { error })
        response.writeHead(500).end()
      },
    )
  })
  const listening = Promise.withResolvers<void>()
  server.once('error', (error) => {
    listening.reject(cannotListen('ENTREPOT_METRICS_LISTEN', address, error))
  })
  server.listen({ host: address.host, port: address.port, exclusive: true }, listening.resolve)
  await listening.promise
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
