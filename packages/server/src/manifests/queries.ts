import { sql } from 'kysely'
import { boundLimit } from '../db/forms.ts'
import { prepare } from '../db/prepared.ts'
import { type PathKey, selectPath } from '../repositories/repositories.ts'

const columns = ['m.id as manifest_id', 'm.digest', 'm.media_type', 'm.size_bytes'] as const

/** A manifest by its tag; one statement, also where nothing is there. */
export const findTaggedManifest = prepare<PathKey & { tag: string }>()((db, p) =>
  selectPath(db, p)
    .leftJoin('tags as t', (join) =>
      join
        .onRef('t.repository_id', '=', 'r.id')
        .on('t.name', '=', p('tag'))
        .on('t.deleted_at', 'is', null),
    )
    .leftJoin('manifests as m', 'm.id', 't.manifest_id')
    .leftJoin('manifest_bytes as b', (join) =>
      join.onRef('b.instance_id', '=', 'm.instance_id').onRef('b.digest', '=', 'm.digest'),
    )
    .select([...columns, 't.id as tag_id', 'b.bytes']),
)

/** The same by digest. */
export const findManifestByDigest = prepare<PathKey & { digest: string }>()((db, p) =>
  selectPath(db, p)
    .leftJoin('manifests as m', (join) =>
      join
        .onRef('m.repository_id', '=', 'r.id')
        .on('m.digest', '=', p('digest'))
        .on('m.deleted_at', 'is', null),
    )
    .leftJoin('manifest_bytes as b', (join) =>
      join.onRef('b.instance_id', '=', 'm.instance_id').onRef('b.digest', '=', 'm.digest'),
    )
    .select([...columns, sql<null>`null`.as('tag_id'), 'b.bytes']),
)

/** Referrers of a subject in the order of their digests; all artifact types when `artifactType` is ''. */
export const listReferrers = prepare<{
  repository: string
  subject: string
  artifactType: string
  last: string
  limit: number
}>()((db, p) =>
  db
    .selectFrom('manifests')
    .select(['digest', 'media_type', 'artifact_type', 'size_bytes', 'annotations'])
    .where('repository_id', '=', p('repository'))
    .where('subject_digest', '=', p('subject'))
    .where('deleted_at', 'is', null)
    .where('digest', '>', p('last'))
    .where((eb) =>
      eb.or([eb('artifact_type', '=', p('artifactType')), eb(p('artifactType'), '=', '')]),
    )
    .orderBy('digest')
    .limit(boundLimit(p('limit'))),
)
