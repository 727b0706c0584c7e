import { sql } from 'kysely'
import { prepare } from '../db/prepared.ts'

interface ManifestKey {
  readonly instance: string
  readonly namespace: string
  readonly path: string
}

const columns = [
  'n.id as namespace_id',
  'n.name as namespace_name',
  'n.is_public',
  'r.id as repository_id',
  'r.born_at',
  'm.id as manifest_id',
  'm.digest',
  'm.media_type',
  'm.size_bytes',
] as const

/** A manifest by its tag; one statement, also where nothing is there. */
export const findTaggedManifest = prepare<ManifestKey & { tag: string }>()((db, p) =>
  db
    .selectFrom('namespaces as n')
    .leftJoin('repositories as r', (join) =>
      join
        .onRef('r.instance_id', '=', 'n.instance_id')
        .on('r.path', '=', p('path'))
        .on('r.deleted_at', 'is', null),
    )
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
    .select([...columns, 't.id as tag_id', 'b.bytes'])
    .where('n.instance_id', '=', p('instance'))
    .where('n.name', '=', p('namespace')),
)

/** The same by digest. */
export const findManifestByDigest = prepare<ManifestKey & { digest: string }>()((db, p) =>
  db
    .selectFrom('namespaces as n')
    .leftJoin('repositories as r', (join) =>
      join
        .onRef('r.instance_id', '=', 'n.instance_id')
        .on('r.path', '=', p('path'))
        .on('r.deleted_at', 'is', null),
    )
    .leftJoin('manifests as m', (join) =>
      join
        .onRef('m.repository_id', '=', 'r.id')
        .on('m.digest', '=', p('digest'))
        .on('m.deleted_at', 'is', null),
    )
    .leftJoin('manifest_bytes as b', (join) =>
      join.onRef('b.instance_id', '=', 'm.instance_id').onRef('b.digest', '=', 'm.digest'),
    )
    .select([...columns, sql<null>`null`.as('tag_id'), 'b.bytes'])
    .where('n.instance_id', '=', p('instance'))
    .where('n.name', '=', p('namespace')),
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
    .limit(p('limit')),
)
