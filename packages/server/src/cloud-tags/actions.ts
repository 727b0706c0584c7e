// The API's actions that list tags, and the resources that carry them.

import { createHash } from 'node:crypto'
import type { Action, ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import {
  describeResourceTags,
  describeResourceTagsByResourceIds,
  describeTagKeys,
  describeTags,
  describeTagValues,
  getResources,
} from '@entrepot/contract/tag/tags.ts'
import { type Handler, type ReadCall, read } from '../actions/define.ts'
import { type PageRange, pageRange } from '../actions/paging.ts'
import { selectAllowed, tagReach } from './authority.ts'
import { type CloudTag, findCloudTags, taggedKinds } from './cloud-tags.ts'
import {
  listKnownKeys,
  listKnownTags,
  listTaggedResources,
  listTagRows,
  type ResourceKey,
  type TaggedFilter,
  type TagRow,
} from './queries.ts'
import {
  findPolicyTags,
  type LocatedResource,
  locateResources,
  parseResourcePath,
} from './resources.ts'
import { parseTaggedResource, taggedService, toSixSegments } from './six-segments.ts'

const maxEntries = 1000

export const tagHandlers: readonly Handler[] = [
  read(describeResourceTagsByResourceIds, async (call) => {
    const { db, actor, input } = call
    const page = tagPage(input)
    const isElsewhere = input.ServiceType !== taggedService || isOfSystem(input)
    const paths = isElsewhere
      ? []
      : input.ResourceIds.flatMap((id) => parseResourcePath(`${input.ResourcePrefix}/${id}`) ?? [])
    const located = [...(await locateResources(db, actor.ownerUin, paths)).values()]
    const { permission } = describeResourceTagsByResourceIds
    const known = await findPolicyTags(db, located)
    const allowed = selectAllowed(call, permission, located, known)
    const rows = await rowsOf(call, allowed)
    return { TotalCount: rows.length, ...told(page), Tags: cut(rows, page).map(toWire) }
  }),

  read(describeResourceTags, async (call) => {
    const { input } = call
    const page = tagPage(input)
    const { total, rows } = await listRows(call, page)
    return { TotalCount: total, ...told(page), Rows: rows.map(toWire) }
  }),

  read(getResources, listResources),

  read(describeTags, async ({ db, actor, input }) => {
    const page = tagPage(input)
    const filter = {
      key: input.TagKey,
      value: input.TagValue,
      keys: input.TagKeys,
      createdBy: input.CreateUin,
    }
    const { total, tags } = await listKnownTags(db, actor.ownerUin, filter, page)
    return {
      TotalCount: total,
      ...told(page),
      Tags: tags.map((one) => ({ ...wireTag(one), CanDelete: one.isUsed ? 0 : 1 })),
    }
  }),

  read(describeTagKeys, async ({ db, actor, input }) => {
    const page = tagPage(input)
    if (isOfSystem(input)) return { TotalCount: 0, ...told(page), Tags: [] }
    const filter = { createdBy: input.CreateUin }
    const { total, keys } = await listKnownKeys(db, actor.ownerUin, filter, page)
    return { TotalCount: total, ...told(page), Tags: keys }
  }),

  read(describeTagValues, async ({ db, actor, input }) => {
    const page = tagPage(input)
    if (isOfSystem(input)) return { TotalCount: 0, ...told(page), Tags: [] }
    const filter = { keys: input.TagKeys, createdBy: input.CreateUin }
    const { total, tags } = await listKnownTags(db, actor.ownerUin, filter, page)
    return { TotalCount: total, ...told(page), Tags: tags.map(wireTag) }
  }),
]

/** Throws OFFSET_INVALID. */
function tagPage(input: { readonly Offset: number; readonly Limit: number }): PageRange {
  const page = pageRange('record', input, maxEntries)
  if (page.offset % page.limit !== 0) throw new ApiError('OFFSET_INVALID')
  return page
}

function told({ offset, limit }: PageRange) {
  return { Offset: offset, Limit: limit }
}

function cut<T>(all: readonly T[], { offset, limit }: PageRange): readonly T[] {
  return all.slice(offset, offset + limit)
}

/** There are only people's own here. */
function isOfSystem({ Category }: { readonly Category?: string | undefined }): boolean {
  return Category === 'System'
}

function wireTag({ key, value }: CloudTag) {
  return { TagKey: key, TagValue: value, Category: 'Custom' } as const
}

function toWire({ resource, ...tag }: TagRow) {
  return {
    ...wireTag(tag),
    ResourceId: resource.path.slice(resource.path.indexOf('/') + 1),
    TagKeyMd5: md5(tag.key),
    TagValueMd5: md5(tag.value),
    ServiceType: taggedService,
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

/** One row a tag, in the order of the resources and keys. */
async function rowsOf(
  { db }: Pick<ReadCall<Action>, 'db'>,
  resources: readonly LocatedResource[],
): Promise<readonly TagRow[]> {
  const tags = new Map<string, readonly CloudTag[]>()
  for (const kind of taggedKinds) {
    const ids = resources.filter((one) => one.kind === kind).map(({ id }) => id)
    for (const [id, found] of await findCloudTags(db, kind, ids)) tags.set(`${kind}/${id}`, found)
  }
  return resources.flatMap((resource) =>
    (tags.get(`${resource.kind}/${resource.id}`) ?? []).map((tag) => ({ ...tag, resource })),
  )
}

type RowsCall = ReadCall<typeof describeResourceTags>

async function listRows(call: RowsCall, page: PageRange) {
  const { ground, actor, input } = call
  const { ServiceType: service } = input
  const { permission } = describeResourceTags
  const { reach, isPerRow } = tagReach(call, permission)
  if ((service && service !== taggedService) || input.CosResourceId) return { total: 0, rows: [] }
  const filter: TaggedFilter = {
    reach,
    type: input.ResourcePrefix || undefined,
    region: input.ResourceRegion || undefined,
    resourceId: input.ResourceId || undefined,
    createdBy: input.CreateUin,
  }
  const { heavy } = ground.db
  if (!isPerRow) return listTagRows(heavy, actor.ownerUin, filter, page)
  const rows: TagRow[] = []
  let total = 0
  for (let offset = 0; ; offset += maxEntries) {
    const some = await listTagRows(heavy, actor.ownerUin, filter, { offset, limit: maxEntries })
    const resources = some.rows.map(({ resource }) => resource)
    const allowed = new Set(await selectSeen(call, permission, resources))
    for (const row of some.rows.filter(({ resource }) => allowed.has(resource))) {
      if (total >= page.offset && rows.length < page.limit) rows.push(row)
      total += 1
    }
    if (some.rows.length < maxEntries) return { total, rows }
  }
}

async function selectSeen(
  call: ReadCall<Action>,
  permission: string,
  resources: readonly LocatedResource[],
): Promise<readonly LocatedResource[]> {
  const tags = await findPolicyTags(call.ground.db.heavy, resources)
  return selectAllowed(call, permission, resources, tags)
}

async function listResources(
  call: ReadCall<typeof getResources>,
): Promise<ActionReply<typeof getResources>> {
  const { ground, actor, input } = call
  const { permission } = getResources
  const { reach, isPerRow } = tagReach(call, permission)
  const { heavy } = ground.db
  const filter: TaggedFilter = {
    reach,
    tags: (input.TagFilters ?? []).map(({ TagKey, TagValue }) => ({
      key: TagKey,
      values: TagValue ?? [],
    })),
    among: await namedResources(call),
  }
  const limit = input.MaxResults
  const found: LocatedResource[] = []
  let after = parseToken(input.PaginationToken)
  let isLast = false
  // One more than the page, to know whether another follows.
  while (!isLast && found.length <= limit) {
    const some = await listTaggedResources(heavy, actor.ownerUin, filter, {
      after,
      limit: limit + 1,
    })
    isLast = some.length <= limit
    after = some.at(-1) ?? after
    found.push(...(isPerRow ? await selectSeen(call, permission, some) : some))
  }
  const shown = found.slice(0, limit)
  const rows = Map.groupBy(await rowsOf({ db: heavy }, shown), ({ resource }) => resource)
  const last = found.length > limit ? shown.at(-1) : undefined
  return {
    PaginationToken: last ? formatToken(last) : '',
    ResourceTagMappingList: shown.map((resource) => ({
      Resource: toSixSegments(resource),
      Tags: (rows.get(resource) ?? []).map(wireTag),
    })),
  }
}

/** Undefined: all of them. */
async function namedResources({
  db,
  actor,
  input,
}: ReadCall<typeof getResources>): Promise<readonly ResourceKey[] | undefined> {
  const written: ActionInput<typeof getResources>['ResourceList'] = input.ResourceList
  if (!written || written.length === 0) return undefined
  const paths = written.flatMap((one) => parseTaggedResource(one, actor.ownerUin) ?? [])
  return [...(await locateResources(db, actor.ownerUin, paths)).values()]
}

function formatToken({ kind, id }: ResourceKey): string {
  return Buffer.from(`${kind}/${id}`).toString('base64url')
}

/** Throws PAGINATION_TOKEN_INVALID. */
function parseToken(token: string | undefined): ResourceKey | undefined {
  if (!token) return undefined
  const [written, id = ''] = Buffer.from(token, 'base64url').toString('utf8').split('/')
  const kind = taggedKinds.find((one) => one === written)
  if (!kind || !/^[a-z0-9-]{1,64}$/.test(id)) throw new ApiError('PAGINATION_TOKEN_INVALID')
  return { kind, id }
}
