// Deleting a repository hides all of it at once, and bringing it back shows it at once: what it holds (manifests, tags)
// stays as it is, so that one with a million tags stops nobody. When its time in the recycle bin is over, the purge takes
// its content in batches, and the sweeps its row.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Origin } from '../audit/origin.ts'
import { deleteCloudTags } from '../cloud-tags/cloud-tags.ts'
import type { Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import type { EventCause } from '../events/catalogue.ts'
import { record } from '../events/record.ts'
import { assertAllMutable } from '../immutability/queries.ts'
import type { Instance } from '../instances/instances.ts'
import { nudge } from '../jobs/jobs.ts'
import { accountScope } from '../quotas/account-scope.ts'
import { Bill } from '../quotas/quotas.ts'
import { insertDeletions } from '../recycle-bin/deletions.ts'
import { binPurge, binWeighing } from '../recycle-bin/job-kinds.ts'
import { repositoryUnknown } from './repositories.ts'

export interface DeleteRepository {
  readonly instance: Instance
  readonly path: string
  /** False: only when it holds no manifest. */
  readonly withImages: boolean
  readonly origin: Origin
  readonly at: number
  /** Left out: by hand. */
  readonly cause?: EventCause
  /** Past the recycle bin, and what lies there of it with it. */
  readonly isFinal?: boolean
}

/** Throws NAME_UNKNOWN, REPOSITORY_NOT_EMPTY, TAG_IMMUTABLE. */
export async function deleteRepository(tx: Tx, change: DeleteRepository): Promise<void> {
  const { instance, path, origin, at, cause = 'user', isFinal = false } = change
  const repository = await tx
    .selectFrom('repositories')
    .select(['id', 'path', 'namespace_id', 'counted_as'])
    .where('instance_id', '=', instance.id)
    .where('path', '=', path)
    .where('deleted_at', 'is', null)
    .where('born_at', 'is not', null)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  if (!repository) throw repositoryUnknown(path)
  if (change.withImages) await assertAllMutable(tx, repository)
  else await assertEmpty(tx, repository)
  const counted = { tags: null, manifests: null, sizeBytes: null }
  const deletion = { kind: 'repository', name: path, digest: null, ...counted } as const
  const deletions = isFinal
    ? []
    : await insertDeletions(tx, { instance, repository, origin, at, cause }, [deletion])
  await tx
    .updateTable('repositories')
    .set({ deleted_at: at, deleted_by: origin.actor, delete_cause: cause })
    .set({ deletion_id: deletions[0] ?? null })
    .where('id', '=', repository.id)
    .execute()
  await deleteCloudTags(tx, { kind: 'repository', id: repository.id })
  await record(tx, {
    type: 'repository.deleted',
    at,
    instanceId: instance.id,
    region: instance.region,
    repository,
    origin,
    cause,
    payload: {},
  })
  await nudge(tx, isFinal ? binPurge : binWeighing)
  const bill = new Bill()
  bill.add(instance.id, repository.counted_as ?? 'repositories', -1)
  const { owner_uin: ownerUin } = await tx
    .selectFrom('namespaces')
    .select('owner_uin')
    .where('id', '=', repository.namespace_id)
    .executeTakeFirstOrThrow()
  if (ownerUin !== null) bill.add(accountScope(ownerUin), 'repositories', -1)
  await bill.settle(tx)
}

async function assertEmpty(tx: Tx, repository: { id: string; path: string }): Promise<void> {
  const manifest = await tx
    .selectFrom('manifests')
    .select('digest')
    .where('repository_id', '=', repository.id)
    .where('deleted_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (!manifest) return
  throw new ApiError('REPOSITORY_NOT_EMPTY', {
    message: {
      en: `repository ${repository.path} still has images: delete them first, or set ForceDelete`,
      zh: `仓库 ${repository.path} 中还有镜像，请先删除镜像，或设置 ForceDelete`,
    },
    detail: { repository: repository.path },
  })
}
