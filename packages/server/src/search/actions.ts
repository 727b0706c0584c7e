// Own action: one search over everything that has a name.

import type { ActionReply } from '@entrepot/contract/action.ts'
import { lookUpResources } from '@entrepot/contract/entrepot/search.ts'
import { reachFor } from '../actions/authority.ts'
import { type Handler, read } from '../actions/define.ts'
import {
  findDigests,
  findInstances,
  findNamespaces,
  findRepositories,
  findTags,
  type Hit,
  parseSearch,
} from './search.ts'

/** Of instances and of namespaces, where other kinds are found too. */
const fewHits = 5

export const searchHandlers: readonly Handler[] = [
  read(lookUpResources, async (call) => {
    const { ground, actor, input } = call
    const { heavy } = ground.db
    const { part, digest, tag } = parseSearch(input.Query)
    if (part === '') return { Hits: [] }
    const kinds = new Set(input.Kinds ?? [])
    const isWanted = (kind: Kind) => kinds.size === 0 || kinds.has(kind)
    const limit = input.Limit
    const wanted = {
      ownerUin: actor.ownerUin,
      instanceId: input.RegistryId || undefined,
      limit,
    }
    const few = { ...wanted, limit: kinds.size === 1 ? limit : Math.min(limit, fewHits) }
    const hits: WireHit[] = []
    const add = (kind: Kind, found: readonly Hit[]) =>
      hits.push(...found.map((hit) => toWire(kind, hit)))
    if (digest !== undefined && isWanted('Digest')) {
      const reach = await reachFor(call, 'tcr:DescribeImages', 'repository/')
      add('Digest', await findDigests(heavy, wanted, reach, digest))
    }
    if (tag && isWanted('Tag')) {
      const reach = await reachFor(call, 'tcr:DescribeImages', 'repository/')
      add('Tag', await findTags(heavy, wanted, reach, tag))
    }
    // No name has a colon.
    if (part.includes(':')) return { Hits: hits.slice(0, limit) }
    if (isWanted('Instance')) {
      const reach = await reachFor(call, 'tcr:DescribeInstances', 'instance/')
      add('Instance', await findInstances(heavy, few, reach, part))
    }
    if (isWanted('Namespace')) {
      const reach = await reachFor(call, 'tcr:DescribeNamespaces', 'repository/')
      add('Namespace', await findNamespaces(heavy, few, reach, part))
    }
    if (isWanted('Repository')) {
      const reach = await reachFor(call, 'tcr:DescribeRepositories', 'repository/')
      add('Repository', await findRepositories(heavy, wanted, reach, part))
    }
    return { Hits: hits.slice(0, limit) }
  }),
]

type WireHit = ActionReply<typeof lookUpResources>['Hits'][number]
type Kind = WireHit['Kind']

function toWire(kind: Kind, hit: Hit): WireHit {
  const { path, namespace } = hit
  const slash = path?.indexOf('/') ?? 0
  return {
    Kind: kind,
    RegistryId: hit.instanceId,
    RegistryName: hit.instanceName,
    NamespaceName: namespace ?? path?.slice(0, slash) ?? null,
    RepositoryName: path?.slice(slash + 1) ?? null,
    Tag: hit.tag ?? null,
    Digest: hit.digest ?? null,
  }
}
