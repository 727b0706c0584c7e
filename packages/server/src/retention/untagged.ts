// Manifests that nothing names, in namespaces that want them gone after some days. What names a manifest: a tag, an index
// that lists it, what it is about while that is here. What lies in the bin counts as here, so that what is restored is
// whole. The days begin when the last of these let go of it.

import type { Digest } from '@entrepot/oci/digest.ts'
import { sql } from 'kysely'
import { systemOrigin } from '../audit/origin.ts'
import type { Clock } from '../clock.ts'
import { batches } from '../db/batches.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { isOneOf, lockForUpdate } from '../db/forms.ts'
import { type Instance, fromRow as instanceFromRow } from '../instances/instances.ts'
import { isReadOnly } from '../instances/prepaid.ts'
import { defineReconciler, type JobContext, type JobDefinition } from '../jobs/jobs.ts'
import { deleteManifest } from '../manifests/delete.ts'
import { clockPause } from './pause.ts'
import { dayMs } from './retention.ts'
import { type FoundRepository, listRepositories } from './walk.ts'

export const untaggedJob = 'retention.untagged'
const everyMs = 6 * 3_600_000
const manifestsAtOnce = 500
/** Of one transaction: each takes some statements. */
const removedAtOnce = 50

interface Ground {
  readonly clock: Clock
  readonly isPaused: () => Promise<boolean>
}

export function untaggedReconciler(ground: Ground): JobDefinition {
  return defineReconciler({
    kind: untaggedJob,
    everyMs,
    async run(job) {
      if (await ground.isPaused()) return job.log(clockPause)
      const removed = await removeUntagged(ground.clock, job)
      if (removed > 0) job.log(`${removed} manifests that nothing names removed`)
    },
  })
}

type Removing = Pick<JobContext, 'signal' | 'write'> & {
  readonly db: Pick<JobContext['db'], 'read' | 'heavy'>
}

/** Returns how many went. */
export async function removeUntagged(clock: Clock, job: Removing): Promise<number> {
  const now = await clock.deployment(job.db.read)
  let removed = 0
  for (const { instance, namespaceId, days } of await listAsking(job.db.read)) {
    if (isReadOnly(instance, now)) continue
    const before = now - days * dayMs
    for (let last = ''; ; ) {
      const found = await listRepositories(job.db.read, namespaceId, last)
      for (const repository of found) {
        removed += await removeFrom(job, { instance, repository, before, clock })
      }
      if (found.length === 0) break
      last = found.at(-1)?.path ?? last
    }
  }
  return removed
}

async function listAsking(db: Queryable) {
  const rows = await db
    .selectFrom('namespaces as n')
    .innerJoin('instances as i', 'i.id', 'n.instance_id')
    .selectAll('i')
    .select(['n.id as namespace_id', 'n.untagged_days'])
    .where('n.untagged_days', 'is not', null)
    .where('n.deleted_at', 'is', null)
    .where('i.state', '=', 'running')
    .orderBy('n.id')
    .execute()
  return rows.map((row) => ({
    instance: instanceFromRow(row),
    namespaceId: row.namespace_id,
    // Not null: asked for above.
    days: row.untagged_days ?? 0,
  }))
}

interface Place {
  readonly instance: Instance
  readonly repository: FoundRepository
  readonly before: number
  readonly clock: Clock
}

async function removeFrom(job: Removing, place: Place): Promise<number> {
  let removed = 0
  for (let after = ''; ; ) {
    job.signal.throwIfAborted()
    const found = await selectLoose(job.db.heavy, place.repository.id, place.before)
      .where('m.id', '>', after)
      .orderBy('m.id')
      .limit(manifestsAtOnce)
      .execute()
    const ids = found.map(({ id }) => id)
    for (let at = 0; at < ids.length; at += removedAtOnce) {
      const some = ids.slice(at, at + removedAtOnce)
      removed += await job.write((tx) => removeLoose(tx, place, some))
    }
    if (found.length < manifestsAtOnce) return removed
    after = ids.at(-1) ?? after
  }
}

/** Asked once more under the lock of each: who pushes a tag or an index holds what it names. */
async function removeLoose(tx: Tx, place: Place, ids: readonly string[]): Promise<number> {
  const { instance, repository, before, clock } = place
  await lockForUpdate(tx, 'manifests', ids)
  const at = await clock.deployment(tx)
  let removed = 0
  for (const batch of batches(ids)) {
    const rows = await selectLoose(tx, repository.id, before)
      .where(isOneOf(tx, sql.ref<string>('m.id'), batch))
      .execute()
    for (const { digest } of rows) {
      await deleteManifest(tx, {
        instance,
        repository,
        // Written by pushes only, which have parsed it.
        digest: digest as Digest,
        origin: systemOrigin('retention'),
        cause: 'retention',
        at,
      })
    }
    removed += rows.length
  }
  return removed
}

function selectLoose(db: Queryable, repositoryId: string, before: number) {
  return db
    .selectFrom('manifests as m')
    .select(['m.id', 'm.digest'])
    .where('m.repository_id', '=', repositoryId)
    .where('m.deleted_at', 'is', null)
    .where('m.created_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('tags as t').select('t.id').whereRef('t.manifest_id', '=', 'm.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('tag_history as h')
            .select('h.id')
            .where('h.repository_id', '=', repositoryId)
            .whereRef('h.previous_digest', '=', 'm.digest')
            .where('h.at', '>=', before),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('manifest_refs as ref')
            .select('ref.manifest_id')
            .where('ref.repository_id', '=', repositoryId)
            .whereRef('ref.digest', '=', 'm.digest'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('manifests as s')
            .select('s.id')
            .where('s.repository_id', '=', repositoryId)
            .whereRef('s.digest', '=', 'm.subject_digest'),
        ),
      ),
    )
}
