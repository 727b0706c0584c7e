// The API's actions that put tags on resources and take them off.

import type { Action } from '@entrepot/contract/action.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { InputEntry } from '@entrepot/contract/fields.ts'
import {
  createTag,
  deleteTag,
  modifyResourceTags,
  type tag,
  tagResources,
  unTagResources,
} from '@entrepot/contract/tag/tags.ts'
import { lockMainAccount } from '../accounts/accounts.ts'
import { notAllowed } from '../actions/authority.ts'
import { type ChangeCall, change, type Handler } from '../actions/define.ts'
import { mayTag } from './authority.ts'
import {
  type CloudTag,
  findCloudTags,
  forgetTag,
  knowTags,
  maxTagsPerResource,
  setCloudTags,
} from './cloud-tags.ts'
import { findPolicyTags, holdResource, type LocatedResource, locateResources } from './resources.ts'
import { parseTaggedResource } from './six-segments.ts'

export const tagChangeHandlers: readonly Handler[] = [
  change(
    modifyResourceTags,
    async (call) => {
      const { ReplaceTags = [], DeleteTags = [], Resource } = call.input
      const taken = new Set(DeleteTags.map(({ TagKey }) => TagKey))
      if (ReplaceTags.length + taken.size === 0) throw nothingToDo()
      if (ReplaceTags.some(({ TagKey }) => taken.has(TagKey))) {
        throw new ApiError('DELETED_TAGS_INVALID')
      }
      const changes = { set: ReplaceTags.map(toTag), taken }
      const [failed] = await changeTags(call, modifyResourceTags, [Resource], changes)
      if (failed) throw failed.error
      return {}
    },
    undefined,
    ({ Resource }) => ({ resource: Resource }),
  ),

  change(
    tagResources,
    async (call) => {
      const changes = { set: call.input.Tags.map(toTag), taken: new Set<string>() }
      const failed = await changeTags(call, tagResources, call.input.ResourceList, changes)
      return { FailedResources: failed.map(toWire) }
    },
    undefined,
    ({ ResourceList }) => ({ resource: ResourceList.join(' ') }),
  ),

  change(
    unTagResources,
    async (call) => {
      const changes = { set: [], taken: new Set(call.input.TagKeys) }
      const failed = await changeTags(call, unTagResources, call.input.ResourceList, changes)
      return { FailedResources: failed.map(toWire) }
    },
    undefined,
    ({ ResourceList }) => ({ resource: ResourceList.join(' ') }),
  ),

  change(
    createTag,
    async ({ tx, at, actor, input: { TagKey: key, TagValue: value } }) => {
      const by = { uin: actor.uin, at }
      const added = await knowTags(tx, actor.ownerUin, [{ key, value }], by)
      if (added === 0) throw new ApiError('CLOUD_TAG_EXISTS')
      return {}
    },
    undefined,
    tagInAudit,
  ),

  change(
    deleteTag,
    async ({ tx, actor, input: { TagKey: key, TagValue: value } }) => {
      await forgetTag(tx, actor.ownerUin, { key, value })
      return {}
    },
    undefined,
    tagInAudit,
  ),
]

function tagInAudit({ TagKey: key, TagValue: value }: Pick<CloudTagInput, 'TagKey' | 'TagValue'>) {
  return { reference: `${key}&${value}` }
}

type CloudTagInput = InputEntry<typeof tag>

function toTag({ TagKey: key, TagValue: value }: CloudTagInput): CloudTag {
  return { key, value }
}

interface Changes {
  readonly set: readonly CloudTag[]
  /** Keys. */
  readonly taken: ReadonlySet<string>
}

interface Failed {
  /** As the caller wrote it. */
  readonly written: string
  readonly error: ApiError
}

function toWire({ written, error }: Failed) {
  return { Resource: written, Code: error.cloudCode, Message: error.message }
}

type Changing = Pick<ChangeCall<Action>, 'tx' | 'at' | 'actor' | 'client' | 'nowMs' | 'region'>

/** Each for itself; returns those that failed. */
async function changeTags(
  call: Changing,
  { permission }: Action,
  resources: readonly string[],
  changes: Changes,
): Promise<readonly Failed[]> {
  const { tx, actor } = call
  const { ownerUin } = actor
  // So that two who add to one resource count each other's.
  await lockMainAccount(tx, ownerUin)
  const asked = resources.map((written) => ({
    written,
    path: parseTaggedResource(written, ownerUin),
  }))
  const paths = asked.flatMap(({ path }) => path ?? [])
  const located = await locateResources(tx, ownerUin, paths)
  const tags = await findPolicyTags(tx, located.values())
  const failed: Failed[] = []
  for (const { written, path } of asked) {
    const resource = path && located.get(path.path)
    const region = resource?.region ?? call.region
    const known = {
      path: path?.path ?? '',
      region,
      creatorUin: resource?.creatorUin,
      tags: tags.get(path?.path ?? '') ?? [],
    }
    const isAllowed = path && mayTag(call, { permission, requestTags: changes.set }, known)
    // What is nobody's, or another account's, is not there; before that, nobody is told what is.
    if (path && !isAllowed) failed.push({ written, error: notAllowed(permission, [path.path]) })
    else if (!resource) failed.push({ written, error: notThere(written) })
    else {
      const error = await changeOne(call, resource, changes)
      if (error) failed.push({ written, error })
    }
  }
  return failed
}

async function changeOne(
  { tx, at, actor }: Changing,
  resource: LocatedResource,
  { set, taken }: Changes,
): Promise<ApiError | undefined> {
  if (!(await holdResource(tx, resource))) return notThere(resource.path)
  const { kind, id } = resource
  const present = (await findCloudTags(tx, kind, [id])).get(id) ?? []
  const replaced = new Set(set.map(({ key }) => key))
  const kept = present.filter(({ key }) => !taken.has(key) && !replaced.has(key))
  const next = [...kept, ...set]
  if (next.length > maxTagsPerResource) return tooMany()
  await setCloudTags(tx, resource, next, { uin: actor.uin, at })
  return undefined
}

function notThere(resource: string): ApiError {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: {
      en: `there is no resource ${resource} in this account`,
      zh: `该账号下没有资源 ${resource}`,
    },
  })
}

function tooMany(): ApiError {
  return new ApiError('RESOURCE_TAGS_FULL', {
    message: {
      en: `a resource has at most ${maxTagsPerResource} tags`,
      zh: `一个资源最多 ${maxTagsPerResource} 个标签`,
    },
  })
}

function nothingToDo(): ApiError {
  return new ApiError('MISSING_PARAMETER', {
    message: {
      en: 'ReplaceTags: ReplaceTags or DeleteTags is required',
      zh: 'ReplaceTags：ReplaceTags 和 DeleteTags 至少填写一个',
    },
    detail: { parameter: 'ReplaceTags' },
  })
}
