import { prepare } from '../db/prepared.ts'
import { type PathKey, selectPath } from '../repositories/repositories.ts'

/**
 * A blob as one repository serves it, with where its bytes lie; one statement, also where nothing is
 * there. Several rows: several copies.
 */
export const findServedBlob = prepare<PathKey & { digest: string }>()((db, p) =>
  selectPath(db, p)
    .leftJoin('blobs as b', (join) =>
      join
        .onRef('b.instance_id', '=', 'n.instance_id')
        .on('b.digest', '=', p('digest'))
        .on('b.state', '=', 'present'),
    )
    .leftJoin('repository_blobs as rb', (join) =>
      join.onRef('rb.repository_id', '=', 'r.id').onRef('rb.blob_id', '=', 'b.id'),
    )
    .leftJoin('blob_copies as c', (join) =>
      join.onRef('c.blob_id', '=', 'rb.blob_id').on('c.state', '=', 'present'),
    )
    .select(['rb.blob_id', 'b.size_bytes', 'b.claimed_at', 'c.backend_id', 'c.key']),
)

/** The blob if that repository holds it: source of a mount. */
export const findMountSource = prepare<{ instance: string; path: string; digest: string }>()(
  (db, p) =>
    db
      .selectFrom('repositories as r')
      .innerJoin('repository_blobs as rb', 'rb.repository_id', 'r.id')
      .innerJoin('blobs as b', 'b.id', 'rb.blob_id')
      .select(['b.id', 'b.size_bytes', 'b.claimed_at'])
      .where('r.instance_id', '=', p('instance'))
      .where('r.path', '=', p('path'))
      .where('r.deleted_at', 'is', null)
      .where('b.digest', '=', p('digest'))
      .where('b.state', '=', 'present'),
)

export const findUpload = prepare<{ id: string; repository: string }>()((db, p) =>
  db
    .selectFrom('uploads')
    .selectAll()
    .where('id', '=', p('id'))
    .where('repository_id', '=', p('repository')),
)
