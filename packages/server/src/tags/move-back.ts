// Pointing a tag at what it pointed to before.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Digest } from '@entrepot/oci/digest.ts'
import type { Tx } from '../db/database.ts'
import { forKeyShare } from '../db/forms.ts'
import { Bill } from '../quotas/quotas.ts'
import { moveTag, type TagChange } from './tags.ts'

/** Throws MANIFEST_UNKNOWN, TAG_IMMUTABLE, QUOTA_EXCEEDED. */
export async function moveTagBack(
  tx: Tx,
  change: Omit<TagChange, 'cause'>,
  digest: Digest,
): Promise<void> {
  const { repository, name } = change
  const moves = await tx
    .selectFrom('tag_history')
    .select('id')
    .where('repository_id', '=', repository.id)
    .where('name', '=', name)
    .where('digest', '=', digest)
    .limit(1)
    .executeTakeFirst()
  if (!moves) throw neverThere(change, digest)
  const manifest = await tx
    .selectFrom('manifests')
    .select('id')
    .where('repository_id', '=', repository.id)
    .where('digest', '=', digest)
    .where('deleted_at', 'is', null)
    .$call((query) => forKeyShare(tx, query))
    .executeTakeFirst()
  if (!manifest) throw await whereItIs(tx, change, digest)
  const bill = new Bill()
  const target = { manifestId: manifest.id, digest }
  await moveTag(tx, bill, { ...change, cause: 'restore' }, target)
  await bill.settle(tx)
}

type Change = Pick<TagChange, 'repository' | 'name'>

function neverThere({ repository, name }: Change, digest: Digest): ApiError {
  return new ApiError('MANIFEST_UNKNOWN', {
    message: {
      en: `the tag ${name} of ${repository.path} never pointed to ${digest}`,
      zh: `${repository.path} 的版本 ${name} 从未指向 ${digest}`,
    },
    detail: { tag: name, digest },
  })
}

async function whereItIs(tx: Tx, { repository }: Change, digest: Digest): Promise<ApiError> {
  const binned = await tx
    .selectFrom('manifests')
    .select('deletion_id')
    .where('repository_id', '=', repository.id)
    .where('digest', '=', digest)
    .where('deletion_id', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return new ApiError('MANIFEST_UNKNOWN', {
    message: binned
      ? {
          en: `the image ${digest} lies in the recycle bin: restore it first`,
          zh: `镜像 ${digest} 在回收站中，请先恢复`,
        }
      : {
          en: `the image ${digest} is gone for good`,
          zh: `镜像 ${digest} 已被彻底删除`,
        },
    detail: { digest, ...(binned && { deletion: binned.deletion_id }) },
  })
}
