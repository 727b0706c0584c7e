// What of the Personal edition an account has. Another's isn't there, whoever asks.

import type { Queryable } from '../db/database.ts'
import type { Instance } from '../instances/instances.ts'
import { findNamespace, type Namespace } from '../namespaces/namespaces.ts'
import { namespaceMissing, repositoryMissing } from './refusals.ts'

/** Throws PERSONAL_NAMESPACE_UNKNOWN. */
export async function getOwnNamespace(
  db: Queryable,
  instance: Pick<Instance, 'id'>,
  ownerUin: number,
  name: string,
): Promise<Namespace> {
  const namespace = await findNamespace(db, instance.id, name)
  if (namespace?.ownerUin !== ownerUin) throw namespaceMissing(name)
  return namespace
}

export interface PersonalRepository {
  readonly id: string
  readonly instanceId: string
  readonly namespaceId: string
  readonly path: string
  readonly isPublic: boolean
  readonly ownerUin: number
}

/** Of any account; born ones. */
export async function findPersonalRepository(
  db: Queryable,
  instance: Pick<Instance, 'id'>,
  path: string,
): Promise<PersonalRepository | undefined> {
  const row = await db
    .selectFrom('repositories as r')
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .select(['r.id', 'r.instance_id', 'r.namespace_id', 'r.path', 'r.is_public', 'n.owner_uin'])
    .where('r.instance_id', '=', instance.id)
    .where('r.path', '=', path)
    .where('r.deleted_at', 'is', null)
    .where('r.born_at', 'is not', null)
    .executeTakeFirst()
  if (!row || row.owner_uin === null) return undefined
  return {
    id: row.id,
    instanceId: row.instance_id,
    namespaceId: row.namespace_id,
    path: row.path,
    isPublic: row.is_public === 1,
    ownerUin: row.owner_uin,
  }
}

/** Throws PERSONAL_REPOSITORY_UNKNOWN. */
export async function getOwnRepository(
  db: Queryable,
  instance: Pick<Instance, 'id'>,
  ownerUin: number,
  path: string,
): Promise<PersonalRepository> {
  const repository = await findPersonalRepository(db, instance, path)
  if (repository?.ownerUin !== ownerUin) throw repositoryMissing(path)
  return repository
}
