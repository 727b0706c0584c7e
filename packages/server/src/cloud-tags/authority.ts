// What somebody may do with the tags of resources. Actions of `tag` are asked about the resources themselves, which are
// another product's: `tag:ModifyResourceTags` on `qcs::tcr:…:instance/tcr-a`.

import type { Account } from '../access/actor.ts'
import { decideByPolicy, type Question, reachByPolicy } from '../access/policy-request.ts'
import { notAllowed } from '../actions/authority.ts'
import type { Client } from '../http/client-address.ts'
import type { CloudTag } from './cloud-tags.ts'
import type { TaggedFilter } from './queries.ts'
import type { LocatedResource } from './resources.ts'

const service = 'tcr'

interface Asking {
  readonly actor: Account
  readonly client: Client
  readonly nowMs: number
  /** Where the resources lie. */
  readonly region: string
}

interface Asked {
  /** Of a call: `tag:TagResources`. */
  readonly permission: string
  readonly requestTags?: readonly CloudTag[]
}

function questionOf({ actor, client, nowMs }: Asking, asked: Asked): Question {
  return { actor, address: client.address, nowMs, ...asked }
}

/** The resource need not be there. A service account is no resource of policies: its instance is asked about. */
export function mayTag(
  call: Asking,
  asked: Asked,
  resource: Pick<LocatedResource, 'path' | 'region' | 'creatorUin'> & {
    readonly tags: readonly CloudTag[]
  },
): boolean {
  const { ownerUin } = call.actor
  const { creatorUin, ...known } = { ...resource, path: resource.path.replace(/#.*/, '') }
  const decision = decideByPolicy(questionOf(call, asked), [
    { service, ownerUin, ...known, ...(creatorUin !== undefined && { creatorUin }) },
  ])
  return decision.effect === 'allow'
}

export interface TagReach {
  readonly reach: TaggedFilter['reach']
  /** The reach lets too much through: each has to be asked about. */
  readonly isPerRow: boolean
}

/** What of the account's resources the caller sees tags of. Throws UNAUTHORIZED_OPERATION: of none. */
export function tagReach(call: Asking, permission: string): TagReach {
  const question = questionOf(call, { permission })
  const place = { service, region: call.region, ownerUin: call.actor.ownerUin }
  const instance = reachByPolicy(question, place, 'instance/')
  const repository = reachByPolicy(question, place, 'repository/')
  const both = [instance, repository]
  if (both.every(({ kind }) => kind === 'none')) throw notAllowed(permission, ['*'])
  const isPerRow = both.some((reach) => reach.kind === 'some' && reach.rows !== undefined)
  return { reach: { instance, repository }, isPerRow }
}

export function selectAllowed<R extends LocatedResource>(
  call: Asking,
  permission: string,
  resources: readonly R[],
  tags: ReadonlyMap<string, readonly CloudTag[]>,
): readonly R[] {
  return resources.filter(({ path, region, creatorUin }) =>
    mayTag(call, { permission }, { path, region, creatorUin, tags: tags.get(path) ?? [] }),
  )
}
