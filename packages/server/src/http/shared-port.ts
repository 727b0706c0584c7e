import cluster from 'node:cluster'
import type { ListenOptions } from 'node:net'

/**
 * How a process listens so that all workers share a port. Linux gives each its own socket of the port and
 * deals the connections out itself: no hop through the primary, and a worker that is killed takes only the
 * connections it had (the cluster module's round robin leaves one that was just being handed to it open and
 * unanswered for ever). Elsewhere, and for a port that the system chooses, the cluster module deals them out.
 */
export function sharedPort({
  host,
  port,
}: {
  readonly host: string
  readonly port: number
}): ListenOptions {
  const reusePort = cluster.isWorker && port !== 0 && process.platform === 'linux'
  return reusePort ? { host, port, reusePort } : { host, port }
}
