// The API's actions on which users, groups and roles have which policies.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  attachGroupPolicy,
  attachRolePolicy,
  attachUserPolicy,
  detachGroupPolicy,
  detachRolePolicy,
  detachUserPolicy,
  listAttachedGroupPolicies,
  listAttachedRolePolicies,
  listAttachedUserAllPolicies,
  listAttachedUserPolicies,
  listEntitiesForPolicy,
} from '@entrepot/contract/cam/attachments.ts'
import { findUser, getSubAccount } from '../accounts/users.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { chinaTime } from '../actions/times.ts'
import type { Queryable } from '../db/database.ts'
import { getGroup, listGroupsOf } from '../groups/groups.ts'
import { askForPolicy } from '../policies/asked-policy.ts'
import { unknownPolicy } from '../policies/policies.ts'
import { findPolicies, findPolicy, type PolicyRecord } from '../policies/queries.ts'
import { askForRole } from '../roles/asked-role.ts'
import { findRole } from '../roles/roles.ts'
import {
  type Attachment,
  attachPolicy,
  countTargets,
  detachPolicy,
  listAttachments,
  listTargets,
  type Target,
  type TargetKind,
} from './attachments.ts'

/** Written as a policy; nothing else makes one here. */
const createMode = 2

export const attachmentHandlers: readonly Handler[] = [
  change(attachUserPolicy, async ({ tx, at, actor, input }) => {
    const target = { kind: 'user', id: input.AttachUin, ownerUin: actor.ownerUin } as const
    await attachPolicy(tx, target, input.PolicyId, { by: actor.uin, at })
    return {}
  }),

  change(detachUserPolicy, async ({ tx, actor, input }) => {
    const target = { kind: 'user', id: input.DetachUin, ownerUin: actor.ownerUin } as const
    await detachPolicy(tx, target, input.PolicyId)
    return {}
  }),

  change(attachGroupPolicy, async ({ tx, at, actor, input }) => {
    const target = { kind: 'group', id: input.AttachGroupId, ownerUin: actor.ownerUin } as const
    await attachPolicy(tx, target, input.PolicyId, { by: actor.uin, at })
    return {}
  }),

  change(detachGroupPolicy, async ({ tx, actor, input }) => {
    const target = { kind: 'group', id: input.DetachGroupId, ownerUin: actor.ownerUin } as const
    await detachPolicy(tx, target, input.PolicyId)
    return {}
  }),

  change(attachRolePolicy, async (call) => {
    const { tx, at, actor, input } = call
    const { permission } = attachRolePolicy
    const key = { id: input.AttachRoleId, name: input.AttachRoleName }
    const { id } = await askForRole(tx, call, permission, key)
    const policy = await askForPolicy(tx, call, permission, input.PolicyId ?? input.PolicyName)
    const target = { kind: 'role', id, ownerUin: actor.ownerUin } as const
    await attachPolicy(tx, target, policy.id, { by: actor.uin, at })
    return {}
  }),

  change(detachRolePolicy, async (call) => {
    const { tx, actor, input } = call
    const { permission } = detachRolePolicy
    const key = { id: input.DetachRoleId, name: input.DetachRoleName }
    const { id } = await askForRole(tx, call, permission, key)
    const policy = await askForPolicy(tx, call, permission, input.PolicyId ?? input.PolicyName)
    await detachPolicy(tx, { kind: 'role', id, ownerUin: actor.ownerUin }, policy.id)
    return {}
  }),

  read(listAttachedUserPolicies, async ({ db, actor, input }) => {
    const { ownerUin } = actor
    await getSubAccount(db, ownerUin, input.TargetUin)
    const attached = await attachedTo(db, { kind: 'user', id: input.TargetUin, ownerUin })
    return page(attached, input, ownerUin)
  }),

  read(listAttachedUserAllPolicies, async ({ db, actor: { ownerUin }, input }) => {
    const { TargetUin: uin, AttachType: type, StrategyType, Keyword = '' } = input
    await getSubAccount(db, ownerUin, uin)
    const all = await attachedEveryWay(db, { uin, ownerUin, type })
    const wanted = all.filter(
      ({ policy }) =>
        (StrategyType === undefined || StrategyType === (policy.isPreset ? 2 : 1)) &&
        includes(policy, Keyword),
    )
    const { offset, limit } = pageRange('page-size', input)
    return {
      PolicyList: wanted.slice(offset, offset + limit).map(({ policy, attachedAt, groups }) => ({
        PolicyId: String(policy.id),
        PolicyName: policy.name,
        Description: policy.description,
        AddTime: chinaTime(attachedAt),
        StrategyType: policy.isPreset ? '2' : '1',
        CreateMode: String(createMode),
        Groups: groups.map(({ id, name }) => ({ GroupId: id, GroupName: name })),
        Deactived: 0,
        DeactivedDetail: [],
      })),
      TotalNum: wanted.length,
    }
  }),

  read(listAttachedGroupPolicies, async ({ db, actor, input }) => {
    const { ownerUin } = actor
    const { id } = await getGroup(db, ownerUin, input.TargetGroupId)
    const attached = await attachedTo(db, { kind: 'group', id, ownerUin })
    const { Keyword = '' } = input
    return page(
      attached.filter(({ policy }) => includes(policy, Keyword)),
      input,
      ownerUin,
    )
  }),

  read(listAttachedRolePolicies, async (call) => {
    const { db, actor, input } = call
    const { ownerUin } = actor
    const { PolicyType: type, Keyword = '', RoleId, RoleName } = input
    const key = { id: RoleId, name: RoleName }
    const { id } = await askForRole(db, call, listAttachedRolePolicies.permission, key)
    const attached = (await attachedTo(db, { kind: 'role', id, ownerUin })).filter(
      ({ policy }) => (!type || type === typeOf(policy)) && includes(policy, Keyword),
    )
    const { offset, limit } = pageRange('page-size', input)
    return {
      List: attached.slice(offset, offset + limit).map(({ policy, attachedAt }) => ({
        PolicyId: policy.id,
        PolicyName: policy.name,
        AddTime: chinaTime(attachedAt),
        PolicyType: typeOf(policy),
        CreateMode: createMode,
        Deactived: 0,
        DeactivedDetail: [],
        Description: policy.description,
      })),
      TotalNum: attached.length,
    }
  }),

  read(listEntitiesForPolicy, async ({ db, actor: { ownerUin }, input }) => {
    const policy = await findPolicy(db, ownerUin, input.PolicyId)
    if (!policy) throw unknownPolicy(input.PolicyId)
    const kinds = kindsOf[input.EntityFilter]
    const counts = await countTargets(db, ownerUin, [policy.id])
    const count = counts.get(policy.id)
    const range = pageRange('page-size', input)
    const targets = await listTargets(db, ownerUin, policy.id, { kinds, ...range })
    const names = await Promise.all(targets.map((target) => nameOf(db, { ...target, ownerUin })))
    return {
      TotalNum: kinds.reduce((sum, kind) => sum + (count?.[kind] ?? 0), 0),
      List: targets.map(({ kind, id, attachedAt }, position) => ({
        Id: String(id),
        Name: names[position] ?? '',
        Uin: kind === 'user' ? id : 0,
        RelatedType: relatedTypes[kind],
        AttachmentTime: chinaTime(attachedAt),
      })),
    }
  }),
]

const kindsOf: Readonly<Record<'All' | 'User' | 'Group' | 'Role', readonly TargetKind[]>> = {
  All: ['user', 'group', 'role'],
  User: ['user'],
  Group: ['group'],
  Role: ['role'],
}

const relatedTypes = { user: 1, group: 2, role: 3 } as const

async function nameOf(db: Queryable, { kind, id, ownerUin }: Target): Promise<string> {
  if (kind === 'user') return (await findUser(db, ownerUin, id))?.name ?? ''
  if (kind === 'group') return (await getGroup(db, ownerUin, id)).name
  return (await findRole(db, ownerUin, { id }))?.name ?? ''
}

interface Attached extends Attachment {
  readonly policy: PolicyRecord
}

async function attachedTo(db: Queryable, target: Target): Promise<Attached[]> {
  const attachments = await listAttachments(db, target)
  const ids = attachments.map(({ policyId }) => policyId)
  const policies = await findPolicies(db, target.ownerUin, ids)
  return attachments.flatMap((attachment) => {
    const policy = policies.get(attachment.policyId)
    return policy ? [{ ...attachment, policy }] : []
  })
}

interface AttachedWithGroups extends Attached {
  readonly groups: { readonly id: number; readonly name: string }[]
}

/** `type`: 0 all, 1 directly, 2 through groups. */
async function attachedEveryWay(
  db: Queryable,
  { uin, ownerUin, type }: { uin: number; ownerUin: number; type: number },
): Promise<AttachedWithGroups[]> {
  const byPolicy = new Map<number, AttachedWithGroups>()
  if (type !== 2) {
    for (const attached of await attachedTo(db, { kind: 'user', id: uin, ownerUin })) {
      byPolicy.set(attached.policyId, { ...attached, groups: [] })
    }
  }
  const groups = type === 1 ? [] : await listGroupsOf(db, ownerUin, uin)
  for (const { id, name } of groups) {
    for (const attached of await attachedTo(db, { kind: 'group', id, ownerUin })) {
      const known = byPolicy.get(attached.policyId) ?? { ...attached, groups: [] }
      known.groups.push({ id, name })
      byPolicy.set(attached.policyId, known)
    }
  }
  return [...byPolicy.values()].sort((a, b) => a.policyId - b.policyId)
}

function includes({ name }: PolicyRecord, keyword: string): boolean {
  return name.toLowerCase().includes(keyword.toLowerCase())
}

function typeOf({ isPreset }: PolicyRecord): 'QCS' | 'User' {
  return isPreset ? 'QCS' : 'User'
}

function page(
  attached: readonly Attached[],
  input: { readonly Page?: number; readonly Rp?: number },
  ownerUin: number,
): ActionReply<typeof listAttachedUserPolicies> {
  const { offset, limit } = pageRange('page-size', input)
  return {
    TotalNum: attached.length,
    List: attached.slice(offset, offset + limit).map(({ policy, attachedAt, attachedBy }) => ({
      PolicyId: policy.id,
      PolicyName: policy.name,
      AddTime: chinaTime(attachedAt),
      CreateMode: createMode,
      PolicyType: typeOf(policy),
      Remark: policy.description,
      OperateOwnerUin: String(ownerUin),
      OperateUin: String(attachedBy),
      OperateUinType: 0,
      Deactived: 0,
      DeactivedDetail: [],
    })),
  }
}
