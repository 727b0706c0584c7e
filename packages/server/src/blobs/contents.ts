// Which distinct blobs and manifests a namespace holds: each counts once, however many of its repositories
// hold it. The upsert's own row lock settles who was first and who is last.

import { sql } from 'kysely'
import type { Tx } from '../db/database.ts'
import { isOneOfPairs } from '../db/forms.ts'
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

export interface Content {
  readonly namespaceId: string
  readonly digest: string
}

/** `removeContent` of many at once; one that is listed twice is taken twice. */
export async function removeContents(
  tx: Tx,
  bill: Bill,
  contents: readonly Content[],
): Promise<void> {
  const byPair = Map.groupBy(contents, ({ namespaceId, digest }) => `${namespaceId} ${digest}`)
  const byUses = Map.groupBy(byPair.values(), (same) => same.length)
  for (const [uses, groups] of byUses) {
    const pairs = groups.flatMap(([first]) =>
      first ? [[first.namespaceId, first.digest] as const] : [],
    )
    const isListed = isOneOfPairs(tx, [sql.ref('namespace_id'), sql.ref('digest')], pairs)
    await tx
      .updateTable('namespace_contents')
      .set((eb) => ({ uses: eb('uses', '-', uses) }))
      .where(isListed)
      .execute()
    const gone = await tx
      .deleteFrom('namespace_contents')
      .where(isListed)
      .where('uses', '<=', 0)
      .returning(['namespace_id', 'size_bytes'])
      .execute()
    for (const row of gone) bill.add(row.namespace_id, 'bytes', -row.size_bytes)
  }
}
