// What of an account lies in the Personal edition, in the order in which it is copied.

import type { Queryable } from '../db/database.ts'

export interface SourceRepository {
  readonly id: string
  readonly instanceId: string
  readonly path: string
}

interface Scope {
  readonly ownerUin: number
  readonly namespaces: readonly string[]
}

function selectRepositories(db: Queryable, { ownerUin, namespaces }: Scope) {
  return db
    .selectFrom('repositories as r')
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .where('n.owner_uin', '=', ownerUin)
    .where('n.name', 'in', namespaces)
    .where('n.deleted_at', 'is', null)
    .where('r.deleted_at', 'is', null)
    .where('r.born_at', 'is not', null)
}

export async function countSources(
  db: Queryable,
  scope: Scope,
): Promise<{ readonly repositories: number; readonly tags: number }> {
  if (scope.namespaces.length === 0) return { repositories: 0, tags: 0 }
  const { repositories } = await selectRepositories(db, scope)
    .select((eb) => eb.fn.countAll<number>().as('repositories'))
    .executeTakeFirstOrThrow()
  const { tags } = await selectRepositories(db, scope)
    .innerJoin('tags as t', 't.repository_id', 'r.id')
    .where('t.deleted_at', 'is', null)
    .select((eb) => eb.fn.countAll<number>().as('tags'))
    .executeTakeFirstOrThrow()
  return { repositories: Number(repositories), tags: Number(tags) }
}

/** By path. */
export async function nextRepository(
  db: Queryable,
  scope: Scope,
  after: string,
): Promise<SourceRepository | undefined> {
  if (scope.namespaces.length === 0) return undefined
  return selectRepositories(db, scope)
    .select(['r.id', 'r.instance_id as instanceId', 'r.path'])
    .where('r.path', '>', after)
    .orderBy('r.path')
    .limit(1)
    .executeTakeFirst()
}

const pageSize = 100

/** In the order of their pushes, so that what an index names mostly comes before it. */
export async function listDigests(
  db: Queryable,
  repositoryId: string,
  after: string,
): Promise<readonly { readonly id: string; readonly digest: string }[]> {
  return db
    .selectFrom('manifests')
    .select(['id', 'digest'])
    .where('repository_id', '=', repositoryId)
    .where('deleted_at', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(pageSize)
    .execute()
}

/** By name. */
export async function listTagsAfter(
  db: Queryable,
  repositoryId: string,
  after: string,
): Promise<readonly { readonly name: string; readonly digest: string }[]> {
  return db
    .selectFrom('tags')
    .select(['name', 'digest'])
    .where('repository_id', '=', repositoryId)
    .where('deleted_at', 'is', null)
    .where('name', '>', after)
    .orderBy('name')
    .limit(pageSize)
    .execute()
}

export interface SourceBlob {
  readonly digest: string
  readonly sizeBytes: number
  readonly backendId: string
  readonly key: string
}

/** What a manifest names and the repository holds; one copy of each. */
export async function listBlobs(
  db: Queryable,
  repositoryId: string,
  digests: readonly string[],
): Promise<readonly SourceBlob[]> {
  const rows = await db
    .selectFrom('blobs as b')
    .innerJoin('repository_blobs as rb', 'rb.blob_id', 'b.id')
    .innerJoin('blob_copies as c', 'c.blob_id', 'b.id')
    .select(['b.digest', 'b.size_bytes as sizeBytes', 'c.backend_id as backendId', 'c.key'])
    .where('rb.repository_id', '=', repositoryId)
    .where('b.digest', 'in', digests)
    .where('b.state', '=', 'present')
    .where('c.state', '=', 'present')
    .orderBy('b.digest')
    .execute()
  const byDigest = new Map(rows.map((row) => [row.digest, row]))
  return [...byDigest.values()]
}
