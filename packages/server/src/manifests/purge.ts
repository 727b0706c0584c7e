// The end of a manifest that was deleted: its rows go, and with the last manifest of a digest its bytes.

import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { type Content, removeContents } from '../blobs/contents.ts'
import type { Tx } from '../db/database.ts'
import { forUpdate, isOneOf, isOneOfPairs } from '../db/forms.ts'
import { Bill } from '../quotas/quotas.ts'
import { dropEmptyDeletions } from '../recycle-bin/deletions.ts'

/** Of what can't come back any more, or lies in such a repository. False: it went, or was left, before. */
export async function purgeManifest(tx: Tx, id: string): Promise<boolean> {
  return (await purgeManifests(tx, [id])).length > 0
}

interface Going {
  readonly id: string
  readonly instance_id: string
  readonly repository_id: string
  readonly digest: string
  readonly size_bytes: number
}

/** Many at once; returns the ids of those that went. */
export async function purgeManifests(tx: Tx, ids: readonly string[]): Promise<readonly string[]> {
  const going = await lockGoing(tx, ids)
  if (going.length === 0) return []
  // A push of the same bytes holds these rows or waits for them; either way one of us sees what the other did.
  const held = await tx
    .selectFrom('manifest_bytes')
    .select(['instance_id', 'digest'])
    .where(isBytesOf(tx, going))
    .orderBy('digest')
    .orderBy('instance_id')
    .$call((query) => forUpdate(tx, query))
    .execute()
  const gone = going.map(({ id }) => id)
  await tx
    .deleteFrom('manifest_refs')
    .where(isOneOf(tx, sql.ref('manifest_id'), gone))
    .execute()
  await tx
    .deleteFrom('manifests')
    .where(isOneOf(tx, sql.ref('id'), gone))
    .execute()
  const bill = new Bill()
  await removeContents(tx, bill, await contentsOf(tx, going))
  await removeBytes(tx, bill, going, held)
  await bill.settle(tx)
  return gone
}

/** Locked, in the order of their ids. A manifest whose tag is still kept waits for it. */
async function lockGoing(tx: Tx, ids: readonly string[]): Promise<readonly Going[]> {
  const rows = await tx
    .selectFrom('manifests')
    .select(['id', 'instance_id', 'repository_id', 'digest', 'size_bytes'])
    .select(['deleted_at', 'deletion_id'])
    .where(isOneOf(tx, sql.ref('id'), ids))
    .orderBy('id')
    .$call((query) => forUpdate(tx, query))
    .execute()
  if (rows.length === 0) return []
  const repositories = await tx
    .selectFrom('repositories')
    .select(['id', 'deleted_at', 'deletion_id'])
    .where(isOneOf(tx, sql.ref('id'), repositoriesOf(rows)))
    .execute()
  const over = new Set(repositories.filter(isGoing).map(({ id }) => id))
  const tags = await tx
    .selectFrom('tags')
    .select('manifest_id')
    .distinct()
    .where(isOneOf(tx, sql.ref('manifest_id'), ids))
    .execute()
  const tagged = new Set(tags.map((tag) => tag.manifest_id))
  return rows.filter((row) => (isGoing(row) || over.has(row.repository_id)) && !tagged.has(row.id))
}

function repositoriesOf(rows: readonly Pick<Going, 'repository_id'>[]): readonly string[] {
  return [...new Set(rows.map((row) => row.repository_id))]
}

function isGoing(row: { readonly deleted_at: number | null; readonly deletion_id: string | null }) {
  return row.deleted_at !== null && row.deletion_id === null
}

interface BytesKey {
  readonly instance_id: string
  readonly digest: string
}

function isBytesOf(tx: Tx, keys: readonly BytesKey[]) {
  const pairs = keys.map((key) => [key.instance_id, key.digest] as const)
  return isOneOfPairs(tx, [sql.ref('instance_id'), sql.ref('digest')], pairs)
}

async function contentsOf(tx: Tx, going: readonly Going[]): Promise<readonly Content[]> {
  const rows = await tx
    .selectFrom('repositories')
    .select(['id', 'namespace_id'])
    .where(isOneOf(tx, sql.ref('id'), repositoriesOf(going)))
    .execute()
  const namespaces = new Map(rows.map((row) => [row.id, row.namespace_id]))
  return going.map(({ repository_id: repository, digest }) => {
    const namespaceId = namespaces.get(repository)
    assert(namespaceId !== undefined, 'a manifest holds its repository')
    return { namespaceId, digest }
  })
}

/** Of digests that no manifest of the instance has any more. */
async function removeBytes(
  tx: Tx,
  bill: Bill,
  going: readonly Going[],
  held: readonly BytesKey[],
): Promise<void> {
  const nameOf = ({ instance_id: instance, digest }: BytesKey) => `${instance} ${digest}`
  const others = await tx
    .selectFrom('manifests')
    .select(['instance_id', 'digest'])
    .distinct()
    .where(isBytesOf(tx, going))
    .execute()
  const needed = new Set(others.map(nameOf))
  const sizes = new Map(going.map((row) => [nameOf(row), row.size_bytes]))
  const unneeded = held.filter((key) => !needed.has(nameOf(key)))
  if (unneeded.length === 0) return
  await tx.deleteFrom('manifest_bytes').where(isBytesOf(tx, unneeded)).execute()
  for (const key of unneeded) bill.add(key.instance_id, 'bytes', -(sizes.get(nameOf(key)) ?? 0))
}

/** Everything deleted of a digest goes at once, its tags in the recycle bin included, whatever it lay there with. */
export async function purgeDigest(tx: Tx, repositoryId: string, digest: string): Promise<void> {
  const rows = await tx
    .selectFrom('manifests')
    .select(['id', 'deletion_id'])
    .where('repository_id', '=', repositoryId)
    .where('digest', '=', digest)
    .where('deleted_at', 'is not', null)
    .orderBy('id')
    .$call((query) => forUpdate(tx, query))
    .execute()
  const touched: string[] = []
  for (const { id, deletion_id: deletionId } of rows) {
    const tags = await tx
      .deleteFrom('tags')
      .where('manifest_id', '=', id)
      .where('deleted_at', 'is not', null)
      .returning('deletion_id')
      .execute()
    await tx.updateTable('manifests').set({ deletion_id: null }).where('id', '=', id).execute()
    await purgeManifest(tx, id)
    for (const touch of [deletionId, ...tags.map((tag) => tag.deletion_id)]) {
      if (touch !== null) touched.push(touch)
    }
  }
  await dropEmptyDeletions(tx, touched)
}
