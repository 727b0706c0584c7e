// What users, groups and roles have in common: policies are attached to them, by actions of three names.

import { type List, useChange, useList, useRead } from '../../api/use-api.ts'

export interface Holder {
  readonly kind: 'user' | 'group' | 'role'
  readonly id: string
  readonly name: string
}

export interface Attached {
  readonly id: number
  readonly name: string
  readonly about: string
  readonly isPreset: boolean
  readonly at: string
  /** Attached to the holder itself, and not only to a group of his. */
  readonly isOwn: boolean
  readonly groups: readonly { readonly id: number; readonly name: string }[]
}

const holders = {
  user: { attach: 'cam:AttachUserPolicy', detach: 'cam:DetachUserPolicy', segment: 'uin' },
  group: { attach: 'cam:AttachGroupPolicy', detach: 'cam:DetachGroupPolicy', segment: 'groupid' },
  role: { attach: 'cam:AttachRolePolicy', detach: 'cam:DetachRolePolicy', segment: 'role' },
} as const

export function attachRights({ kind, id }: Holder) {
  const { attach, detach, segment } = holders[kind]
  return { attach, detach, resource: `${segment}/${id}` }
}

/** One of the three is asked; the others are not, for want of a holder. */
export function useAttached({ kind, id }: Holder): List<Attached> {
  const ofUser = useList(
    'ListAttachedUserAllPolicies',
    { TargetUin: kind === 'user' ? Number(id) : 0, AttachType: 0, Page: 1, Rp: 1 },
    {
      rows: (reply) => reply.PolicyList,
      total: (reply) => reply.TotalNum,
      isEnabled: kind === 'user',
    },
  )
  // Of one that he has both ways the list above names only the groups.
  const direct = useRead(
    'ListAttachedUserPolicies',
    { TargetUin: kind === 'user' ? Number(id) : 0, Rp: maxDirect },
    { isEnabled: kind === 'user' },
  )
  const ofGroup = useList(
    'ListAttachedGroupPolicies',
    { TargetGroupId: kind === 'group' ? Number(id) : 0 },
    { rows: (reply) => reply.List, total: (reply) => reply.TotalNum, isEnabled: kind === 'group' },
  )
  const ofRole = useList(
    'ListAttachedRolePolicies',
    { RoleId: id, Page: 1, Rp: 1 },
    { rows: (reply) => reply.List, total: (reply) => reply.TotalNum, isEnabled: kind === 'role' },
  )
  switch (kind) {
    case 'user':
      return {
        ...ofUser,
        rows: ofUser.rows.map((row) => ({
          id: Number(row.PolicyId),
          name: row.PolicyName,
          about: row.Description,
          isPreset: row.StrategyType === presetStrategy,
          at: row.AddTime,
          isOwn:
            row.Groups.length === 0 ||
            (direct.data?.List ?? []).some((one) => one.PolicyId === Number(row.PolicyId)),
          groups: row.Groups.map(({ GroupId, GroupName }) => ({ id: GroupId, name: GroupName })),
        })),
      }
    case 'group':
      return {
        ...ofGroup,
        rows: ofGroup.rows.map((row) => ({
          ...common(row),
          about: row.Remark,
        })),
      }
    case 'role':
      return {
        ...ofRole,
        rows: ofRole.rows.map((row) => ({ ...common(row), about: row.Description })),
      }
  }
}

const presetStrategy = '2'
const maxDirect = 200

interface Row {
  readonly PolicyId: number
  readonly PolicyName: string
  readonly PolicyType: string
  readonly AddTime: string
}

function common({ PolicyId, PolicyName, PolicyType, AddTime }: Row) {
  return {
    id: PolicyId,
    name: PolicyName,
    isPreset: PolicyType === 'QCS',
    at: AddTime,
    isOwn: true,
    groups: [],
  }
}

export function useAttach({ kind, id }: Holder): (policy: number) => Promise<unknown> {
  const toUser = useChange('AttachUserPolicy')
  const toGroup = useChange('AttachGroupPolicy')
  const toRole = useChange('AttachRolePolicy')
  return (PolicyId) => {
    switch (kind) {
      case 'user':
        return toUser.mutateAsync({ PolicyId, AttachUin: Number(id) })
      case 'group':
        return toGroup.mutateAsync({ PolicyId, AttachGroupId: Number(id) })
      case 'role':
        return toRole.mutateAsync({ PolicyId, AttachRoleId: id })
    }
  }
}

export function useDetach({ kind, id }: Holder): (policy: number) => Promise<unknown> {
  const fromUser = useChange('DetachUserPolicy')
  const fromGroup = useChange('DetachGroupPolicy')
  const fromRole = useChange('DetachRolePolicy')
  return (PolicyId) => {
    switch (kind) {
      case 'user':
        return fromUser.mutateAsync({ PolicyId, DetachUin: Number(id) })
      case 'group':
        return fromGroup.mutateAsync({ PolicyId, DetachGroupId: Number(id) })
      case 'role':
        return fromRole.mutateAsync({ PolicyId, DetachRoleId: id })
    }
  }
}
