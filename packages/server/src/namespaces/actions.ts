// The API's actions on namespaces.

import type { ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import { describeNamespaceStatistics } from '@entrepot/contract/entrepot/statistics.ts'
import type { InputEntry } from '@entrepot/contract/fields.ts'
import {
  createNamespace as createAction,
  deleteNamespace as deleteAction,
  describeInstanceAllNamespaces,
  describeNamespaces,
  modifyNamespace,
} from '@entrepot/contract/tcr/namespaces.ts'
import type { filter, tagSpecification } from '@entrepot/contract/tcr/parameters.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { type CloudTag, findCloudTags, setCloudTags } from '../cloud-tags/cloud-tags.ts'
import {
  createNamespace,
  deleteNamespace,
  type ScanSettings,
  updateNamespace,
} from './namespaces.ts'
import { type ListedNamespace, listAllNamespaces, listNamespaces } from './queries.ts'
import { listNamespaceNumbers } from './statistics.ts'

export const namespaceHandlers: readonly Handler[] = [
  change(createAction, async ({ tx, at, actor, origin, instance, input }) => {
    const made = await createNamespace(
      tx,
      instance,
      {
        name: input.NamespaceName,
        isPublic: input.IsPublic,
        scan: scanOf(input),
        createdBy: actor.uin,
        at,
      },
      origin,
    )
    const tags = tagsOf(input.TagSpecification)
    if (tags) await setCloudTags(tx, tagged(made, instance), tags, { uin: actor.uin, at })
    return {}
  }),

  change(modifyNamespace, async ({ tx, at, actor, origin, instance, input }) => {
    const { NamespaceName: name, IsPublic: isPublic } = input
    const changes = { isPublic, scan: scanOf(input), at, origin }
    const namespace = await updateNamespace(tx, instance, name, changes)
    const tags = tagsOf(input.TagSpecification)
    if (tags) await setCloudTags(tx, tagged(namespace, instance), tags, { uin: actor.uin, at })
    return {}
  }),

  change(deleteAction, async ({ tx, at, origin, instance, input }) => {
    await deleteNamespace(tx, instance, input.NamespaceName, { at, origin })
    return {}
  }),

  read(describeNamespaces, async (call) => {
    const { db, instance, input } = call
    const { permission, paging } = describeNamespaces
    const root = `repository/${instance.id}/`
    // Signing with KMS comes with signature policies: until then no namespace has one.
    if (input.KmsSignPolicy) return { NamespaceList: [], TotalCount: 0 }
    const { total, namespaces } = await listNamespaces(
      db,
      instance.id,
      {
        reach: await reachFor(call, permission, root),
        name: input.NamespaceName || undefined,
        ...filtersOf(input.Filters ?? []),
      },
      input.All ? undefined : pageRange(paging, input),
    )
    const ids = namespaces.map(({ id }) => id)
    const tags = await findCloudTags(db, 'namespace', ids)
    return {
      NamespaceList: namespaces.map((one) => toWire(one, tags.get(one.id) ?? [])),
      TotalCount: total,
    }
  }),

  read(describeInstanceAllNamespaces, async (call) => {
    const { db, actor, input } = call
    const { permission, paging } = describeInstanceAllNamespaces
    const reach = await reachFor(call, permission, 'repository/')
    const page = pageRange(paging, input)
    const { total, paths } = await listAllNamespaces(db, actor.ownerUin, reach, page)
    return { Items: paths.map((path) => ({ ResourceId: path })), TotalCount: total }
  }),

  read(describeNamespaceStatistics, async (call) => {
    const { ground, instance, input } = call
    const { permission, paging } = describeNamespaceStatistics
    const reach = await reachFor(call, permission, `repository/${instance.id}/`)
    const { total, namespaces } = await listNamespaceNumbers(
      ground.db.heavy,
      instance.id,
      { reach, names: input.NamespaceNames ?? [] },
      pageRange(paging, input),
    )
    return {
      Statistics: namespaces.map((one) => ({
        NamespaceName: one.name,
        IsPublic: one.isPublic,
        RepositoryCount: one.repositories,
        TagCount: one.tags,
        StoredBytes: one.bytes,
        LimitBytes: one.byteQuota,
        PullCount: one.pulls,
        LastPullTime: one.lastPulledAt === null ? null : isoUtc(one.lastPulledAt),
      })),
      TotalCount: total,
    }
  }),
]

function tagged(namespace: { readonly id: string }, instance: { readonly ownerUin: number }) {
  return { kind: 'namespace', id: namespace.id, ownerUin: instance.ownerUin } as const
}

type ScanInput = Pick<
  ActionInput<typeof modifyNamespace>,
  'IsAutoScan' | 'IsPreventVUL' | 'Severity' | 'CVEWhitelistItems'
>

function scanOf(input: ScanInput): Partial<ScanSettings> {
  const { IsAutoScan, IsPreventVUL, Severity, CVEWhitelistItems } = input
  return {
    ...(IsAutoScan !== undefined && { autoScan: IsAutoScan }),
    ...(IsPreventVUL !== undefined && { blocksVulnerable: IsPreventVUL }),
    ...(Severity !== undefined && { blockSeverity: Severity }),
    ...(CVEWhitelistItems !== undefined && {
      cveAllowList: CVEWhitelistItems.flatMap(({ CVEID }) => (CVEID ? [CVEID] : [])),
    }),
  }
}

function tagsOf(
  specification: InputEntry<typeof tagSpecification> | undefined,
): readonly CloudTag[] | undefined {
  return specification?.Tags.map(({ Key, Value }) => ({ key: Key, value: Value }))
}

/** Any of a filter's values, and each of the filters: `Tags` with `key:value`, `NamespaceName` with parts of names. */
function filtersOf(filters: readonly InputEntry<typeof filter>[]) {
  const tags: CloudTag[][] = []
  const parts: (readonly string[])[] = []
  for (const [index, { Name, Values }] of filters.entries()) {
    if (Name === 'Tags') tags.push(Values.map(tagOf))
    else if (Name === 'NamespaceName') parts.push(Values)
    else {
      const words = { en: 'must be Tags or NamespaceName', zh: '只能是 Tags 或 NamespaceName' }
      throw invalidValue(`Filters.${index}.Name`, words)
    }
  }
  return { tags, parts }
}

function tagOf(text: string): CloudTag {
  const colon = text.indexOf(':')
  return colon === -1
    ? { key: text, value: '' }
    : { key: text.slice(0, colon), value: text.slice(colon + 1) }
}

type WireNamespace = ActionReply<typeof describeNamespaces>['NamespaceList'][number]

function toWire(namespace: ListedNamespace, tags: readonly CloudTag[]): WireNamespace {
  return {
    Name: namespace.name,
    CreationTime: isoUtc(namespace.createdAt),
    Public: namespace.isPublic,
    NamespaceId: namespace.number,
    TagSpecification: {
      ResourceType: 'namespace',
      Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
    },
    Metadata: [],
    CVEWhitelistItems: namespace.cveAllowList.map((id) => ({ CVEID: id })),
    AutoScan: namespace.autoScan,
    PreventVUL: namespace.blocksVulnerable,
    Severity: namespace.blockSeverity,
  }
}
