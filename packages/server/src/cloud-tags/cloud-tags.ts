// Cloud tags: pairs that people put on instances, namespaces, repositories and service accounts, to find them, to pay
// for them and to decide by them in policies. (What the registry calls a tag is in `tags/`.)

import { ApiError } from '@entrepot/contract/errors.ts'
import { lockMainAccount } from '../accounts/accounts.ts'
import { batches } from '../db/batches.ts'
import type { Queryable, Tx } from '../db/database.ts'
import type { TaggedResourcesTable } from '../db/schema.ts'

export type TaggedKind = TaggedResourcesTable['kind']

export const taggedKinds = [
  'instance',
  'namespace',
  'repository',
  'service-account',
] as const satisfies readonly TaggedKind[]

export interface CloudTag {
  readonly key: string
  readonly value: string
}

export interface TaggedResource {
  readonly kind: TaggedKind
  readonly id: string
  readonly ownerUin: number
}

/** spec "Instances": ten tags per resource. */
export const maxTagsPerResource = 10
/** Different pairs; each is listed to choose from. */
export const maxTagsPerAccount = 10_000

/** The resource carries exactly these. Throws TAGS_OVER_LIMIT, INVALID_PARAMETER_VALUE. */
export async function setCloudTags(
  tx: Tx,
  resource: TaggedResource,
  tags: readonly CloudTag[],
  by: { readonly uin: number; readonly at: number },
): Promise<void> {
  assertTags(tags)
  await deleteCloudTags(tx, resource)
  if (tags.length === 0) return
  const { kind, id, ownerUin } = resource
  await knowTags(tx, ownerUin, tags, by)
  await tx
    .insertInto('tagged_resources')
    .values(
      tags.map(({ key, value }) => ({ kind, resource_id: id, key, value, owner_uin: ownerUin })),
    )
    .execute()
}

/**
 * Those that may be put on something; returns how many are new. Holds the account against others who do the same, or
 * forget one. Throws CLOUD_TAG_LIMIT.
 */
export async function knowTags(
  tx: Tx,
  ownerUin: number,
  tags: readonly CloudTag[],
  by: { readonly uin: number; readonly at: number },
): Promise<number> {
  await lockMainAccount(tx, ownerUin)
  const added = await tx
    .insertInto('cloud_tags')
    .values(
      tags.map(({ key, value }) => ({
        owner_uin: ownerUin,
        key,
        value,
        created_by: by.uin,
        created_at: by.at,
      })),
    )
    .onConflict((oc) => oc.columns(['owner_uin', 'key', 'value']).doNothing())
    .returning('key')
    .execute()
  if (added.length > 0) await assertBelowLimit(tx, ownerUin)
  return added.length
}

async function assertBelowLimit(tx: Tx, ownerUin: number): Promise<void> {
  const { count } = await tx
    .selectFrom('cloud_tags')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .executeTakeFirstOrThrow()
  if (Number(count) > maxTagsPerAccount) throw new ApiError('CLOUD_TAG_LIMIT')
}

/** Throws CLOUD_TAG_NOT_FOUND, CLOUD_TAG_ATTACHED. */
export async function forgetTag(tx: Tx, ownerUin: number, { key, value }: CloudTag): Promise<void> {
  await lockMainAccount(tx, ownerUin)
  const attached = await tx
    .selectFrom('tagged_resources')
    .select('resource_id')
    .where('owner_uin', '=', ownerUin)
    .where('key', '=', key)
    .where('value', '=', value)
    .limit(1)
    .executeTakeFirst()
  if (attached) throw new ApiError('CLOUD_TAG_ATTACHED')
  const deleted = await tx
    .deleteFrom('cloud_tags')
    .where('owner_uin', '=', ownerUin)
    .where('key', '=', key)
    .where('value', '=', value)
    .returning('key')
    .executeTakeFirst()
  if (!deleted) throw new ApiError('CLOUD_TAG_NOT_FOUND')
}

function assertTags(tags: readonly CloudTag[]): void {
  if (tags.length > maxTagsPerResource) {
    throw new ApiError('TAGS_OVER_LIMIT', {
      message: {
        en: `a resource has at most ${maxTagsPerResource} tags`,
        zh: `一个资源最多 ${maxTagsPerResource} 个标签`,
      },
    })
  }
  const keys = new Set(tags.map(({ key }) => key))
  if (keys.size === tags.length) return
  throw new ApiError('INVALID_PARAMETER_VALUE', {
    message: { en: 'a tag key may be there only once', zh: '标签键不能重复' },
  })
}

/** For a resource that goes. */
export async function deleteCloudTags(
  tx: Tx,
  { kind, id }: Pick<TaggedResource, 'kind' | 'id'>,
): Promise<void> {
  await tx
    .deleteFrom('tagged_resources')
    .where('kind', '=', kind)
    .where('resource_id', '=', id)
    .execute()
}

/** By resource id, ordered by key; nothing for those without. */
export async function findCloudTags(
  db: Queryable,
  kind: TaggedKind,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly CloudTag[]>> {
  const found = new Map<string, CloudTag[]>()
  for (const batch of batches(ids)) {
    const rows = await db
      .selectFrom('tagged_resources')
      .select(['resource_id', 'key', 'value'])
      .where('kind', '=', kind)
      .where('resource_id', 'in', batch)
      .orderBy('key')
      .execute()
    for (const { resource_id: id, key, value } of rows) {
      const tags = found.get(id)
      if (tags) tags.push({ key, value })
      else found.set(id, [{ key, value }])
    }
  }
  return found
}
