// Who may have a policy: users, groups and roles.

import { call } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import type { WordKey } from '../../words/use-words.ts'
import { hasDenial, useIsMain } from './warnings.tsx'

export type HolderKind = 'users' | 'groups' | 'roles'

export interface Holder {
  readonly kind: HolderKind
  /** A uin, the number of a group, the id of a role. */
  readonly id: string
  readonly name: string
}

export const holderKinds: readonly HolderKind[] = ['users', 'groups', 'roles']

export const holderWords: Readonly<Record<HolderKind, WordKey>> = {
  users: 'policies.users',
  groups: 'policies.groups',
  roles: 'policies.roles',
}

/** To attach, to detach, and on what of them. */
export const attachRights: Readonly<Record<HolderKind, readonly [string, string, string]>> = {
  users: ['cam:AttachUserPolicy', 'cam:DetachUserPolicy', 'uin/*'],
  groups: ['cam:AttachGroupPolicy', 'cam:DetachGroupPolicy', 'groupid/*'],
  roles: ['cam:AttachRolePolicy', 'cam:DetachRolePolicy', 'role/*'],
}

/** As ListEntitiesForPolicy counts them, from 1. */
export function kindOf(relatedType: number): HolderKind {
  return holderKinds[relatedType - 1] ?? 'users'
}

export const keyOf = ({ kind, id }: Pick<Holder, 'kind' | 'id'>): string => `${kind} ${id}`

/** Whoever calls it has everything read anew at the end. */
export function attach(PolicyId: number, { kind, id }: Holder): Promise<unknown> {
  switch (kind) {
    case 'users':
      return call('AttachUserPolicy', { PolicyId, AttachUin: Number(id) })
    case 'groups':
      return call('AttachGroupPolicy', { PolicyId, AttachGroupId: Number(id) })
    case 'roles':
      return call('AttachRolePolicy', { PolicyId, AttachRoleId: id })
  }
}

export function detach(PolicyId: number, { kind, id }: Holder): Promise<unknown> {
  switch (kind) {
    case 'users':
      return call('DetachUserPolicy', { PolicyId, DetachUin: Number(id) })
    case 'groups':
      return call('DetachGroupPolicy', { PolicyId, DetachGroupId: Number(id) })
    case 'roles':
      return call('DetachRolePolicy', { PolicyId, DetachRoleId: id })
  }
}

const ownGroups = 200

/** Whether a document denies something, and one of the holders is oneself or a group one is in. */
export function useDeniesMe(): (
  document: string,
  holders: readonly Pick<Holder, 'kind' | 'id'>[],
) => boolean {
  const { uin } = usePerson()
  const isMain = useIsMain()
  const { data } = useRead(
    'ListGroupsForUser',
    { SubUin: uin, Rp: ownGroups },
    { isEnabled: !isMain },
  )
  const mine = new Set([
    keyOf({ kind: 'users', id: String(uin) }),
    ...(data?.GroupInfo ?? []).map(({ GroupId }) => keyOf({ kind: 'groups', id: String(GroupId) })),
  ])
  return (document, holders) =>
    !isMain && hasDenial(document) && holders.some((holder) => mine.has(keyOf(holder)))
}
