// How deep indexes lie in one another. An index may come before or after those that it names and those that
// name it, so both directions are looked at, and a child counts from when it is named. Digests make no
// circles; whoever walks the graph may rely on `maxIndexNesting`, but for two pushes at the same moment.

import { ApiError } from '@entrepot/contract/errors.ts'
import { dockerList, ociIndex } from '@entrepot/oci/media-types.ts'
import { batches } from '../db/batches.ts'
import type { Tx } from '../db/database.ts'
import type { CheckedManifest } from './put.ts'

/** Indexes in one another, the outermost included. */
export const maxIndexNesting = 8

const indexTypes = [ociIndex, dockerList]

/** One statement for an index that stands alone, none for an image. Throws MANIFEST_INVALID. */
export async function refuseDeepNesting(
  tx: Tx,
  repositoryId: string,
  { digest, parsed }: CheckedManifest,
): Promise<void> {
  if (parsed.kind !== 'index') return
  const children = parsed.refs.filter((ref) => indexTypes.includes(ref.mediaType))
  const inner = new Set<string>(children.map((ref) => ref.digest))
  const below = await countLevels(inner, (digests) => listInner(tx, repositoryId, digests))
  const outer = new Set(await listOuter(tx, repositoryId, [digest]))
  const above = await countLevels(outer, (digests) => listOuter(tx, repositoryId, digests))
  if (above + 1 + below <= maxIndexNesting) return
  throw new ApiError('MANIFEST_INVALID', {
    message: `indexes nest more than ${maxIndexNesting} levels with this one`,
    detail: { limit: maxIndexNesting },
  })
}

type ListNext = (digests: readonly string[]) => Promise<readonly string[]>

/** The longest way from the first level on; counts no further than the limit. */
async function countLevels(first: ReadonlySet<string>, listNext: ListNext): Promise<number> {
  let level = first
  let levels = 0
  while (level.size > 0 && levels < maxIndexNesting) {
    levels += 1
    const next = new Set<string>()
    for (const batch of batches([...level])) {
      for (const found of await listNext(batch)) next.add(found)
    }
    level = next
  }
  return levels
}

/** Indexes that any of these indexes names. */
async function listInner(tx: Tx, repositoryId: string, digests: readonly string[]) {
  const rows = await tx
    .selectFrom('manifests as m')
    .innerJoin('manifest_refs as ref', 'ref.manifest_id', 'm.id')
    .select('ref.digest')
    .distinct()
    .where('m.repository_id', '=', repositoryId)
    .where('m.digest', 'in', digests)
    .where('m.deleted_at', 'is', null)
    .where('ref.media_type', 'in', indexTypes)
    .execute()
  return rows.map((row) => row.digest)
}

/** Indexes that name any of these. */
async function listOuter(tx: Tx, repositoryId: string, digests: readonly string[]) {
  const rows = await tx
    .selectFrom('manifest_refs as ref')
    .innerJoin('manifests as m', 'm.id', 'ref.manifest_id')
    .select('m.digest')
    .distinct()
    .where('ref.repository_id', '=', repositoryId)
    .where('ref.digest', 'in', digests)
    .where('ref.role', '=', 'child')
    .where('m.deleted_at', 'is', null)
    .execute()
  return rows.map((row) => row.digest)
}
