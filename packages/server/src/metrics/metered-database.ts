import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Prepared } from '../db/prepared.ts'
import type { ServerMetrics } from './server-metrics.ts'

/** Times what requests wait for: transactions, waiting for their turn included, and prepared reads. */
export function meteredDatabase(
  inner: Database,
  clock: Pick<Clock, 'monotonicMs'>,
  metrics: Pick<ServerMetrics, 'databaseSeconds'>,
): Database {
  const writes = metrics.databaseSeconds('write')
  const reads = metrics.databaseSeconds('read')
  const secondsSince = (startMs: number) => (clock.monotonicMs() - startMs) / 1000
  return {
    dialect: inner.dialect,
    read: inner.read,
    heavy: inner.heavy,
    async write(work, options) {
      const startMs = clock.monotonicMs()
      try {
        return await inner.write(work, options)
      } finally {
        writes.observe(secondsSince(startMs))
      }
    },
    fetch<P extends object, R>(query: Prepared<P, R>, params: P): R[] | Promise<R[]> {
      const startMs = clock.monotonicMs()
      const rows = inner.fetch(query, params)
      // SQLite has answered; a promise would cost its requests a turn for nothing.
      if (Array.isArray(rows)) {
        reads.observe(secondsSince(startMs))
        return rows
      }
      return rows.finally(() => reads.observe(secondsSince(startMs)))
    },
    ping: () => inner.ping(),
    close: () => inner.close(),
  }
}
