// What a repository of the Personal edition says of itself.

import type { Origin } from '../audit/origin.ts'
import type { Tx } from '../db/database.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import type { PersonalRepository } from './own.ts'
import { repositoryMissing } from './refusals.ts'

/** Throws PERSONAL_REPOSITORY_UNKNOWN where its deletion came first. */
export async function describe(
  tx: Tx,
  { id, path }: Pick<PersonalRepository, 'id' | 'path'>,
  description: string,
  at: number,
): Promise<void> {
  const updated = await tx
    .updateTable('repositories')
    .set({ description, updated_at: at })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (updated.numUpdatedRows === 0n) throw repositoryMissing(path)
}

export interface AccessChange {
  readonly instance: Instance
  readonly repository: PersonalRepository
  readonly isPublic: boolean
  readonly origin: Origin
  readonly at: number
}

/** Holds for the next request on every process. Throws PERSONAL_REPOSITORY_UNKNOWN. */
export async function setPublic(tx: Tx, change: AccessChange): Promise<void> {
  const { instance, repository, isPublic, origin, at } = change
  const { id, path } = repository
  const updated = await tx
    .updateTable('repositories')
    .set({ is_public: isPublic ? 1 : 0, updated_at: at })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (updated.numUpdatedRows === 0n) throw repositoryMissing(path)
  if (isPublic === repository.isPublic) return
  await record(tx, {
    type: 'repository.access-changed',
    at,
    instanceId: instance.id,
    region: instance.region,
    repository: { id, path },
    origin,
    cause: 'user',
    payload: { isPublic },
  })
}
