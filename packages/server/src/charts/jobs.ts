// Configs of charts that were not at hand when their manifests came: copies between registries, charts from before this
// release, a store that did not answer.

import { parseManifest } from '@entrepot/oci/manifest.ts'
import type { Database } from '../db/database.ts'
import { defineReconciler, type JobContext, type JobDefinition } from '../jobs/jobs.ts'
import type { Stores } from '../storage/stores.ts'
import { getFacts } from './config.ts'
import { chartReading, updateChart } from './record.ts'

const everyMs = 10 * 60_000
const batchSize = 100

export function chartJobs(ground: {
  readonly db: Database
  readonly stores: Stores
}): readonly JobDefinition[] {
  return [
    defineReconciler({
      kind: chartReading,
      everyMs,
      run: (context) => readWaiting(ground, context),
    }),
  ]
}

async function readWaiting(
  ground: { readonly db: Database; readonly stores: Stores },
  context: JobContext,
): Promise<void> {
  let after = { instanceId: '', digest: '' }
  for (;;) {
    const rows = await listWaiting(context.db.read, after)
    for (const row of rows) {
      context.signal.throwIfAborted()
      await readOne(ground, context, row)
    }
    const last = rows.at(-1)
    if (!last || rows.length < batchSize) return
    after = { instanceId: last.instance_id, digest: last.digest }
  }
}

type Waiting = Awaited<ReturnType<typeof listWaiting>>[number]

/** Each once, with one repository that holds it. */
function listWaiting(
  db: Database['read'],
  after: { readonly instanceId: string; readonly digest: string },
) {
  return db
    .selectFrom('charts as c')
    .innerJoin('manifest_bytes as b', (join) =>
      join.onRef('b.instance_id', '=', 'c.instance_id').onRef('b.digest', '=', 'c.digest'),
    )
    .select(['c.instance_id', 'c.digest', 'c.created_at', 'b.bytes'])
    .select((eb) =>
      eb
        .selectFrom('manifests as m')
        .select((inner) => inner.fn.min('m.repository_id').as('repository_id'))
        .whereRef('m.instance_id', '=', 'c.instance_id')
        .whereRef('m.digest', '=', 'c.digest')
        .as('repository_id'),
    )
    .where('c.state', '=', 'waiting')
    .where((eb) =>
      eb.or([
        eb('c.instance_id', '>', after.instanceId),
        eb.and([eb('c.instance_id', '=', after.instanceId), eb('c.digest', '>', after.digest)]),
      ]),
    )
    .orderBy('c.instance_id')
    .orderBy('c.digest')
    .limit(batchSize)
    .execute()
}

async function readOne(
  ground: { readonly db: Database; readonly stores: Stores },
  context: JobContext,
  row: Waiting,
): Promise<void> {
  if (row.repository_id === null) return
  const facts = await getFacts(ground, row.repository_id, parseManifest(row.bytes, undefined))
  if (!facts) return
  const key = { instanceId: row.instance_id, digest: row.digest }
  await context.write((tx) => updateChart(tx, key, facts, row.created_at))
}
