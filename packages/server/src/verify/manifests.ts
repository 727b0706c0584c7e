// Compares the bytes of every manifest with its digest. Bytes that are not its own go, under their lock: a
// manifest without bytes is answered as unknown, so that clients push it again, and that push brings them back.

import { type Digest, digestAlgorithm, digestOf } from '@entrepot/oci/digest.ts'
import type { Database, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import { Bill } from '../quotas/quotas.ts'
import type { RecordFinding } from './records.ts'

/** Manifests are up to 4 MiB. */
const batchSize = 20

interface Place {
  readonly instance_id: string
  readonly digest: string
}

export async function verifyManifests(
  db: Pick<Database, 'heavy' | 'write'>,
  signal: AbortSignal,
): Promise<readonly RecordFinding[]> {
  const found: RecordFinding[] = []
  for (let after: Place = { instance_id: '', digest: '' }; ; ) {
    signal.throwIfAborted()
    const rows = await db.heavy
      .selectFrom('manifest_bytes')
      .selectAll()
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('instance_id', 'digest'), '>', tuple(after.instance_id, after.digest)),
      )
      .orderBy('instance_id')
      .orderBy('digest')
      .limit(batchSize)
      .execute()
    const last = rows.at(-1)
    if (!last) return found
    after = last
    for (const row of rows) {
      if (isItself(row) || !(await db.write((tx) => dropDamaged(tx, row)))) continue
      found.push({ kind: 'manifest bytes damaged', place: row.instance_id, detail: row.digest })
    }
  }
}

/** The row's digest was parsed when it was written. */
function isItself({ digest, bytes }: { readonly digest: string; readonly bytes: Uint8Array }) {
  return digestOf(digestAlgorithm(digest as Digest), bytes) === digest
}

/** False: they are gone or good by now. */
async function dropDamaged(tx: Tx, { instance_id: instanceId, digest }: Place): Promise<boolean> {
  const row = await tx
    .selectFrom('manifest_bytes')
    .select(['digest', 'bytes'])
    .where('instance_id', '=', instanceId)
    .where('digest', '=', digest)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  if (!row || isItself(row)) return false
  // What was counted is the size that was pushed, not that of what is left.
  const manifest = await tx
    .selectFrom('manifests')
    .select('size_bytes')
    .where('instance_id', '=', instanceId)
    .where('digest', '=', digest)
    .limit(1)
    .executeTakeFirst()
  await tx
    .deleteFrom('manifest_bytes')
    .where('instance_id', '=', instanceId)
    .where('digest', '=', digest)
    .execute()
  const bill = new Bill()
  bill.add(instanceId, 'bytes', -(manifest?.size_bytes ?? row.bytes.byteLength))
  await bill.settle(tx)
  return true
}
