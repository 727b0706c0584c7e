// What conditions of policies ask about a resource: its cloud tags, and who made it. Looked up only for those whose
// policies ask.

import {
  creatorOf,
  findResourceTags,
  parseResourcePath,
  type ResourcePath,
} from '../cloud-tags/resources.ts'
import type { Database, Tx } from '../db/database.ts'
import { fetchFrom, type Prepared, prepare } from '../db/prepared.ts'
import { asksOfResource } from '../policies/evaluate.ts'
import type { Resource, ResourceTag } from '../policies/resources.ts'
import { pushRepository } from './actions.ts'
import type { Account, Actor } from './actor.ts'

export interface ResourceFacts {
  readonly isThere: boolean
  /** Also of what is not there: those of what it would lie in. */
  readonly tags: readonly ResourceTag[]
  /** Undefined: no person of the account, or it is not known. */
  readonly creatorUin?: number | undefined
}

/** By the last of six segments: `repository/tcr-a/team/app`. */
export type FactsByPath = ReadonlyMap<string, ResourceFacts>

export function asksForFacts(actor: Actor): actor is Account {
  return actor.kind === 'account' && asksOfResource(actor.rights)
}

export async function findFacts(
  from: Database | Tx,
  ownerUin: number,
  paths: readonly string[],
): Promise<FactsByPath> {
  const found = new Map<string, ResourceFacts>()
  for (const path of paths) {
    const parsed = parseResourcePath(path)
    if (!parsed || found.has(path)) continue
    const tags = await findResourceTags(from, ownerUin, path)
    const row = await findCreator(from, ownerUin, parsed)
    found.set(path, { isThere: row !== undefined, tags, creatorUin: creatorOf(row?.creator) })
  }
  return found
}

interface Created {
  readonly creator: number | string | null
}

interface PathParts {
  readonly owner: number
  readonly instance: string
  readonly name: string
}

const ofInstance = prepare<PathParts>()((db, p) =>
  db
    .selectFrom('instances as i')
    .select('i.created_by as creator')
    .where('i.id', '=', p('instance'))
    .where('i.owner_uin', '=', p('owner')),
)

const ofNamespace = prepare<PathParts>()((db, p) =>
  db
    .selectFrom('namespaces as n')
    .innerJoin('instances as i', 'i.id', 'n.instance_id')
    .select('n.created_by as creator')
    .where('n.instance_id', '=', p('instance'))
    .where('n.name', '=', p('name'))
    .where('n.deleted_at', 'is', null)
    .where('i.owner_uin', '=', p('owner')),
)

const ofRepository = prepare<PathParts>()((db, p) =>
  db
    .selectFrom('repositories as r')
    .innerJoin('instances as i', 'i.id', 'r.instance_id')
    .select('r.created_by as creator')
    .where('r.instance_id', '=', p('instance'))
    .where('r.path', '=', p('name'))
    .where('r.deleted_at', 'is', null)
    .where('i.owner_uin', '=', p('owner')),
)

const creators = {
  instance: ofInstance,
  namespace: ofNamespace,
  repository: ofRepository,
  // Policies are asked about its instance.
  'service-account': ofInstance,
}

async function findCreator(
  from: Database | Tx,
  owner: number,
  { kind, instanceId: instance, name }: ResourcePath,
): Promise<Created | undefined> {
  const query: Prepared<PathParts, Created> = creators[kind]
  const [row] = await fetchFrom(from, query, { owner, instance, name })
  return row
}

/** What the request makes, or is there to make, is the caller's own while it is not there. */
export function factsFor(
  facts: ResourceFacts | undefined,
  permission: string,
  uin: number,
): Pick<Resource, 'tags' | 'creatorUin'> {
  if (!facts) return {}
  const { tags, isThere } = facts
  const isMaking = permission === pushRepository || permission.startsWith('tcr:Create')
  const creatorUin = isThere ? facts.creatorUin : isMaking ? uin : undefined
  return { tags, ...(creatorUin !== undefined && { creatorUin }) }
}
