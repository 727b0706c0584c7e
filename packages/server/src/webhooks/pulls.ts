// Pulls become events only in namespaces where a trigger asks for them: elsewhere they cost one statement for all pulls
// of a second.

import type { PulledEntry } from '../audit/batch.ts'
import type { Tx } from '../db/database.ts'
import { record } from '../events/record.ts'

/** In the transaction that writes the pulls to the audit log. */
export async function recordPulls(
  tx: Tx,
  pulls: readonly PulledEntry[],
  offsetMs: number,
): Promise<void> {
  const ids = [...new Set(pulls.map(({ repositoryId }) => repositoryId))]
  const rows = await tx
    .selectFrom('repositories as r')
    .innerJoin('webhook_triggers as t', 't.namespace_id', 'r.namespace_id')
    .innerJoin('instances as i', 'i.id', 'r.instance_id')
    .select(['r.id', 'r.path', 'i.id as instance_id', 'i.region'])
    .distinct()
    .where('r.id', 'in', ids)
    .where('t.wants_pulls', '=', 1)
    .where('t.is_on', '=', 1)
    .execute()
  if (rows.length === 0) return
  const asked = new Map(rows.map((row) => [row.id, row]))
  for (const { repositoryId, digest, tag, count, origin, at } of pulls) {
    const repository = asked.get(repositoryId)
    if (!repository) continue
    await record(tx, {
      type: 'image.pulled',
      at: at + offsetMs,
      instanceId: repository.instance_id,
      region: repository.region,
      repository: { id: repositoryId, path: repository.path },
      origin,
      cause: 'user',
      payload: { digest, tag, count },
    })
  }
}
