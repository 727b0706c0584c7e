// Which distinct blobs and manifests a namespace holds: each counts once, however many of its repositories
// hold it. The upsert's own row lock settles who was first and who is last.

import type { Tx } from '../db/database.ts'
import { columns, prepare, run } from '../db/prepared.ts'
import type { Bill } from '../quotas/quotas.ts'

const upsertContent = prepare<{ namespace_id: string; digest: string; size_bytes: number }>()(
  (db, p) =>
    db
      .insertInto('namespace_contents')
      .values({ ...columns(p, ['namespace_id', 'digest', 'size_bytes']), uses: 1 })
      .onConflict((oc) =>
        oc
          .columns(['namespace_id', 'digest'])
          .doUpdateSet((eb) => ({ uses: eb('namespace_contents.uses', '+', 1) })),
      )
      .returning('uses'),
)

export async function addContent(
  tx: Tx,
  bill: Bill,
  namespaceId: string,
  digest: string,
  sizeBytes: number,
): Promise<void> {
  const { rows } = await run(tx, upsertContent, {
    namespace_id: namespaceId,
    digest,
    size_bytes: sizeBytes,
  })
  if (rows[0]?.uses === 1) bill.add(namespaceId, 'bytes', sizeBytes)
}

export async function removeContent(
  tx: Tx,
  bill: Bill,
  namespaceId: string,
  digest: string,
  sizeBytes: number,
): Promise<void> {
  const left = await tx
    .updateTable('namespace_contents')
    .set((eb) => ({ uses: eb('uses', '-', 1) }))
    .where('namespace_id', '=', namespaceId)
    .where('digest', '=', digest)
    .returning('uses')
    .executeTakeFirst()
  if (!left || left.uses > 0) return
  await tx
    .deleteFrom('namespace_contents')
    .where('namespace_id', '=', namespaceId)
    .where('digest', '=', digest)
    .where('uses', '<=', 0)
    .execute()
  bill.add(namespaceId, 'bytes', -sizeBytes)
}
