// Own action: may somebody do this, and which statement decides?

import type { ActionReply } from '@entrepot/contract/action.ts'
import { simulatePolicy } from '@entrepot/contract/entrepot/policies.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { type FactsByPath, factsFor, findFacts } from '../access/resource-facts.ts'
import { findUser, unknownUser } from '../accounts/users.ts'
import { type Handler, type ReadCall, read } from '../actions/define.ts'
import { listAttachments } from '../attachments/attachments.ts'
import { rightsHolderOf, selectPeople } from '../credentials/people.ts'
import type { Queryable } from '../db/database.ts'
import { listGroupsOf } from '../groups/groups.ts'
import { findRole, unknownRole } from '../roles/roles.ts'
import type { CompiledPolicy } from './compiled.ts'
import { checkedPolicy, checkedResource } from './documents.ts'
import { asksOfResource, operationLevel, type PolicyDecision, type PolicySets } from './evaluate.ts'
import { findPolicies, type PolicyRecord } from './queries.ts'
import type { Resource } from './resources.ts'
import { Rights, type RightsHolder } from './rights.ts'
import { type Considered, simulate } from './simulate.ts'

type Reply = ActionReply<typeof simulatePolicy>

export const simulationHandlers: readonly Handler[] = [
  read(simulatePolicy, async (call): Promise<Reply> => {
    const { db, ground, actor, client, nowMs, input } = call
    const { ownerUin } = actor
    const holder = await holderOf(call)
    // Rights of its own: nothing that is remembered is asked.
    const rights = await new Rights(ground.db).of(holder)
    const tried = input.PolicyDocument
      ? withDraft(rights, {
          draft: checkedPolicy(input.PolicyDocument, { id: triedId, authorUin: ownerUin }),
          replaced: input.PolicyId,
        })
      : rights
    const context = {
      uin: holder.id,
      ownerUin,
      appId: actor.appId,
      address: input.Address ?? client.address,
      nowMs: input.Time === undefined ? nowMs : timeOf(input.Time),
      hasMfa: input.MfaUsed ?? false,
      requestTags: (input.RequestTags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value })),
    }
    const resources = input.Resources?.map((written, n) =>
      checkedResource(written, ownerUin, `Resources.${n}`),
    )
    const facts = asksOfResource(tried)
      ? await findFacts(
          ground.db,
          ownerUin,
          (resources ?? []).filter((one) => one.ownerUin === ownerUin).map(({ path }) => path),
        )
      : undefined
    const { decision, considered } = simulate(tried, {
      action: input.Action,
      resources:
        resources?.map((one) => withFacts(one, facts, input.Action, holder.id)) ?? operationLevel,
      context,
    })
    const names = await findPolicies(
      db,
      ownerUin,
      considered.map(({ policyId }) => policyId),
    )
    const groups = holder.kind === 'user' ? await groupsOfPolicies(db, holder) : new Map()
    const isMain = holder.kind === 'user' && holder.id === ownerUin
    const show = (one: Considered) => toWire(one, names, groups)
    const decider = considered.find((one) => isDecider(one, decision))
    return {
      Allowed: decision.effect === 'allow',
      Decision: isMain && decision.effect === 'allow' ? 'Root' : wordOf(decision),
      DecidedBy: decider && !isMain ? show(decider) : null,
      Considered: isMain ? [] : considered.map(show),
    }
  }),
]

/** No policy of a row or of the program has it. */
const triedId = 0

function withFacts(
  resource: Resource,
  facts: FactsByPath | undefined,
  permission: string,
  uin: number,
): Resource {
  return { ...resource, ...factsFor(facts?.get(resource.path), permission, uin) }
}

interface Draft {
  readonly draft: CompiledPolicy
  /** By its number. */
  readonly replaced: number | undefined
}

/** Wherever the one that it replaces stands, else beside what is attached. */
function withDraft(rights: PolicySets, { draft, replaced }: Draft): PolicySets {
  const { identity, boundary } = rights
  const isBoundary = boundary !== undefined && boundary.id === replaced
  const others = identity.filter(({ id }) => id !== replaced)
  const isOnlyBoundary = isBoundary && others.length === identity.length
  return {
    ...rights,
    identity: isOnlyBoundary ? others : [...others, draft],
    ...(isBoundary && { boundary: draft }),
  }
}

async function holderOf({
  db,
  actor,
  input,
}: ReadCall<typeof simulatePolicy>): Promise<RightsHolder> {
  const { ownerUin } = actor
  const { TargetUin: uin, RoleId: id } = input
  if ((uin === undefined) === (id === undefined)) {
    throw invalidValue('TargetUin', {
      en: 'either TargetUin or RoleId must be given',
      zh: 'TargetUin 与 RoleId 须且只能传入一个',
    })
  }
  if (uin !== undefined) {
    if (!(await findUser(db, ownerUin, uin))) throw unknownUser(uin)
    const row = await selectPeople(db).where('a.uin', '=', uin).executeTakeFirstOrThrow()
    return rightsHolderOf(row)
  }
  const role = await findRole(db, ownerUin, { id })
  if (!role) throw unknownRole({ id })
  const { boundaryPolicyId } = role
  return { kind: 'role', id: role.id, ownerUin, boundaryPolicyId, revision: 0 }
}

function timeOf(text: string): number {
  const ms = Date.parse(text)
  if (Number.isFinite(ms)) return ms
  throw invalidValue('Time', { en: 'must be a time as ISO 8601', zh: '应为 ISO 8601 时间' })
}

/** By policy, the group that brings it; those that are attached directly are missing. */
async function groupsOfPolicies(
  db: Queryable,
  { id: uin, ownerUin }: RightsHolder,
): Promise<ReadonlyMap<number, number>> {
  const groups = new Map<number, number>()
  for (const { id } of await listGroupsOf(db, ownerUin, uin)) {
    for (const { policyId } of await listAttachments(db, { kind: 'group', id })) {
      groups.set(policyId, id)
    }
  }
  for (const { policyId } of await listAttachments(db, { kind: 'user', id: uin })) {
    groups.delete(policyId)
  }
  return groups
}

const sets = { identity: 'Identity', boundary: 'Boundary', session: 'Session' } as const
const lacking = {
  identity: 'DefaultDeny',
  boundary: 'BoundaryDeny',
  session: 'SessionDeny',
  account: 'OtherAccount',
} as const

function wordOf(decision: PolicyDecision): Reply['Decision'] {
  if (decision.effect === 'allow') return 'Allow'
  return decision.effect === 'deny' ? 'ExplicitDeny' : lacking[decision.lacks]
}

function isDecider(one: Considered, { by }: PolicyDecision): boolean {
  return by?.set === one.set && by.policyId === one.policyId && by.statement === one.statement
}

function toWire(
  one: Considered,
  names: ReadonlyMap<number, PolicyRecord>,
  groups: ReadonlyMap<number, number>,
): Reply['Considered'][number] {
  const isTried = one.policyId === triedId
  return {
    Set: sets[one.set],
    PolicyId: isTried ? null : one.policyId,
    PolicyName: names.get(one.policyId)?.name ?? null,
    GroupId: one.set === 'identity' ? (groups.get(one.policyId) ?? null) : null,
    StatementIndex: one.statement,
    Effect: one.effect,
    CoversResource: one.coversResource,
    ConditionsHold: one.conditionsHold,
  }
}
