// A repository exists from its first upload on, but is *unborn* (not listed, not counted) until its first
// manifest.

import { ApiError } from '@entrepot/contract/errors.ts'
import { maxRepositoryPathChars, parseHandMadeName } from '@entrepot/oci/reference.ts'
import type { Origin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { boundLimit, forKeyShare } from '../db/forms.ts'
import { newId } from '../db/ids.ts'
import { type Param, prepare, run } from '../db/prepared.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import { holdNamespace, type Namespace } from '../namespaces/namespaces.ts'
import { accountScope, giveTagQuota } from '../quotas/account-scope.ts'
import { Bill } from '../quotas/quotas.ts'

export interface Repository {
  readonly id: string
  readonly path: string
}

export interface PathKey {
  readonly instance: string
  readonly namespace: string
  readonly path: string
}

/**
 * What a path of an instance stands for: the beginning of every endpoint's one statement. One row, also where
 * the repository isn't; none where the namespace isn't. It is public as the repository says, else as its namespace.
 */
export function selectPath(db: Queryable, p: Param<PathKey>) {
  return db
    .selectFrom('namespaces as n')
    .leftJoin('repositories as r', (join) =>
      join
        .onRef('r.instance_id', '=', 'n.instance_id')
        .on('r.path', '=', p('path'))
        .on('r.deleted_at', 'is', null),
    )
    .where('n.instance_id', '=', p('instance'))
    .where('n.name', '=', p('namespace'))
    .where('n.deleted_at', 'is', null)
    .select([
      'n.id as namespace_id',
      'n.name as namespace_name',
      'n.owner_uin as namespace_owner',
      'r.id as repository_id',
      'r.born_at',
    ])
    .select((eb) => eb.fn.coalesce('r.is_public', 'n.is_public').as('is_public'))
}

export const locate = prepare<PathKey>()((db, p) => selectPath(db, p))

/** As `locate` saw it, before the transaction. */
export interface LocatedRepository extends Repository {
  readonly isBorn: boolean
}

export interface PushTarget {
  readonly instance: Instance
  readonly namespace: Namespace
  readonly path: string
  /** Where it was located: an unborn one is held, for it may have been swept since. */
  readonly located?: LocatedRepository | undefined
}

const holdUnborn = prepare<{ id: string }>()((db, p) =>
  db
    .selectFrom('repositories')
    .select('id')
    .where('id', '=', p('id'))
    .where('deleted_at', 'is', null)
    .$call((query) => forKeyShare(db, query)),
)

/** Finds the repository or makes it, unborn. */
export async function ensureRepository(
  tx: Tx,
  target: PushTarget,
  by: { readonly actor: string; readonly at: number },
): Promise<Repository> {
  const { located } = target
  if (located?.isBorn) return located
  if (located && (await run(tx, holdUnborn, { id: located.id })).rows.length > 0) return located
  const inserted = await tx
    .insertInto('repositories')
    .values({
      id: newId(),
      instance_id: target.instance.id,
      namespace_id: target.namespace.id,
      path: target.path,
      kind: 'local',
      born_at: null,
      created_at: by.at,
      created_by: by.actor,
      pull_count: 0,
      last_pulled_at: null,
      deleted_at: null,
      deleted_by: null,
      delete_cause: null,
    })
    .onConflict((oc) =>
      oc.columns(['instance_id', 'path']).where('deleted_at', 'is', null).doNothing(),
    )
    .returning(['id', 'path'])
    .executeTakeFirst()
  if (inserted) return inserted
  const found = await tx
    .selectFrom('repositories')
    .select(['id', 'path'])
    .where('instance_id', '=', target.instance.id)
    .where('path', '=', target.path)
    .where('deleted_at', 'is', null)
    .$call((query) => forKeyShare(tx, query))
    .executeTakeFirst()
  // Deleted, or swept as unborn, between the two statements.
  return found ?? ensureRepository(tx, target, by)
}

interface BornRepository {
  readonly instance: Instance
  readonly repository: Repository
  /** What its first manifest makes of it; left out: made by hand. */
  readonly metric?: RepositoryMetric
}

export type RepositoryMetric = 'repositories' | 'chart-repositories'

/** By its first manifest for ever; made by hand, it was counted as one of images until then. */
async function countAs(
  tx: Tx,
  bill: Bill,
  { instance, repository }: BornRepository,
  metric: RepositoryMetric,
): Promise<void> {
  const counted = await tx
    .updateTable('repositories')
    .set({ counted_as: metric })
    .where('id', '=', repository.id)
    .where('counted_as', 'is', null)
    .returning('born_at')
    .executeTakeFirst()
  if (!counted || counted.born_at === null || metric === 'repositories') return
  bill.add(instance.id, 'repositories', -1)
  bill.add(instance.id, metric, 1)
}

/**
 * With its first manifest, or made by hand, the repository is listed and counted. Holds it against its deletion until
 * the transaction ends; throws NAME_UNKNOWN where that came first.
 */
export async function bearRepository(
  tx: Tx,
  bill: Bill,
  target: BornRepository,
  by: { readonly origin: Origin; readonly at: number },
): Promise<void> {
  const { instance, repository, metric } = target
  const held = await tx
    .selectFrom('repositories')
    .select(['namespace_id', 'born_at', 'counted_as', 'has_charts'])
    .where('id', '=', repository.id)
    .where('deleted_at', 'is', null)
    .$call((query) => forKeyShare(tx, query))
    .executeTakeFirst()
  if (!held) throw repositoryUnknown(repository.path)
  if (metric === 'chart-repositories' && held.has_charts === 0) {
    await tx
      .updateTable('repositories')
      .set({ has_charts: 1 })
      .where('id', '=', repository.id)
      .execute()
  }
  if (metric && held.counted_as === null) await countAs(tx, bill, target, metric)
  if (held.born_at !== null) return
  const ownerUin = await holdNamespace(tx, held.namespace_id)
  const born = await tx
    .updateTable('repositories')
    .set({ born_at: by.at })
    .where('id', '=', repository.id)
    .where('born_at', 'is', null)
    .returning('counted_as')
    .executeTakeFirst()
  if (!born) return
  bill.add(instance.id, born.counted_as ?? 'repositories', 1)
  if (ownerUin !== null) {
    bill.add(accountScope(ownerUin), 'repositories', 1)
    await giveTagQuota(tx, ownerUin, repository.id)
  }
  await record(tx, {
    type: 'repository.created',
    at: by.at,
    instanceId: instance.id,
    region: instance.region,
    repository,
    origin: by.origin,
    cause: 'user',
    payload: {},
  })
}

export interface NewRepository {
  readonly namespace: Namespace
  /** Without its namespace. */
  readonly name: string
  readonly briefDescription: string
  readonly description: string
  /** Undefined: as its namespace is. */
  readonly isPublic?: boolean
  readonly origin: Origin
  readonly at: number
}

/** Made by hand, by the narrower grammar. Throws NAME_INVALID, REPOSITORY_EXISTS, QUOTA_EXCEEDED. */
export async function createRepository(
  tx: Tx,
  instance: Instance,
  input: NewRepository,
): Promise<void> {
  const { namespace, name, origin, at } = input
  const path = `${namespace.name}/${name}`
  if (parseHandMadeName(name) === undefined || path.length > maxRepositoryPathChars) {
    throw nameInvalid(name)
  }
  const by = { actor: origin.actor, at }
  const repository = await ensureRepository(tx, { instance, namespace, path }, by)
  const described = await tx
    .updateTable('repositories')
    .set({
      brief_description: input.briefDescription,
      description: input.description,
      ...(input.isPublic !== undefined && { is_public: input.isPublic ? 1 : 0 }),
    })
    .where('id', '=', repository.id)
    .where('born_at', 'is', null)
    .executeTakeFirst()
  if (described.numUpdatedRows === 0n) throw repositoryExists(path)
  const bill = new Bill()
  await bearRepository(tx, bill, { instance, repository }, { origin, at })
  await bill.settle(tx)
}

/** Throws NAME_UNKNOWN. */
export async function describeRepository(
  tx: Tx,
  instance: Instance,
  path: string,
  words: { readonly brief: string; readonly whole: string; readonly at: number },
): Promise<void> {
  const changed = await tx
    .updateTable('repositories')
    .set({ brief_description: words.brief, description: words.whole, updated_at: words.at })
    .where('instance_id', '=', instance.id)
    .where('path', '=', path)
    .where('deleted_at', 'is', null)
    .where('born_at', 'is not', null)
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) throw repositoryUnknown(path)
}

export function repositoryUnknown(path: string): ApiError {
  return new ApiError('NAME_UNKNOWN', {
    message: { en: `repository ${path} not found`, zh: `没有仓库 ${path}` },
    detail: { repository: path },
  })
}

function repositoryExists(path: string): ApiError {
  return new ApiError('REPOSITORY_EXISTS', {
    message: { en: `a repository ${path} exists`, zh: `仓库 ${path} 已存在` },
    detail: { repository: path },
  })
}

function nameInvalid(name: string): ApiError {
  return new ApiError('NAME_INVALID', {
    message: {
      en: 'RepositoryName: must have 2 to 200 characters of a-z and 0-9, single . _ - inside, / between segments',
      zh: 'RepositoryName：应为 2 到 200 个字符的小写字母和数字，中间可有单个 . _ -，用 / 分段',
    },
    detail: { parameter: 'RepositoryName', name: name.slice(0, maxRepositoryPathChars) },
  })
}

/** Paths greater than `last`, ascending by byte; born ones only. */
export const listCatalog = prepare<{ instance: string; last: string; limit: number }>()((db, p) =>
  db
    .selectFrom('repositories')
    .select('path')
    .where('instance_id', '=', p('instance'))
    .where('path', '>', p('last'))
    .where('deleted_at', 'is', null)
    .where('born_at', 'is not', null)
    .orderBy('path')
    .limit(boundLimit(p('limit'))),
)

/** The same below one namespace: how a filtered catalog is put together. */
export const listCatalogBetween = prepare<{
  instance: string
  after: string
  before: string
  limit: number
}>()((db, p) =>
  db
    .selectFrom('repositories')
    .select('path')
    .where('instance_id', '=', p('instance'))
    .where('path', '>', p('after'))
    .where('path', '<', p('before'))
    .where('deleted_at', 'is', null)
    .where('born_at', 'is not', null)
    .orderBy('path')
    .limit(boundLimit(p('limit'))),
)
