// The API's actions on groups of users.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  addUserToGroup,
  createGroup as createAction,
  deleteGroup as deleteAction,
  getGroup as getAction,
  listGroups as listAction,
  listGroupsForUser,
  listUsersForGroup,
  removeUserFromGroup,
  updateGroup as updateAction,
} from '@entrepot/contract/cam/groups.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { askForPersonOrSelf } from '../accounts/asked-person.ts'
import { findUser, maxUsers } from '../accounts/users.ts'
import { assertMayDo, reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { chinaTime } from '../actions/times.ts'
import type { Queryable } from '../db/database.ts'
import { mayReach } from '../policies/reach.ts'
import {
  addMembers,
  countMembers,
  createGroup,
  deleteGroup,
  type Group,
  getGroup,
  listGroups,
  listGroupsOf,
  listMembers,
  type Membership,
  removeMembers,
  updateGroup,
} from './groups.ts'

export const groupHandlers: readonly Handler[] = [
  change(createAction, async ({ tx, at, actor, input }) => {
    const { GroupName: name, Remark: remark = '' } = input
    return { GroupId: await createGroup(tx, actor.ownerUin, { name, remark, at }) }
  }),

  read(getAction, async ({ db, actor, input }) => {
    const { ownerUin } = actor
    const group = await getGroup(db, ownerUin, input.GroupId)
    return {
      ...toWire(group),
      GroupNum: await countMembers(db, group.id),
      UserInfo: await membersOf(db, ownerUin, group.id, { offset: 0, limit: maxUsers }),
    }
  }),

  change(updateAction, async ({ tx, actor, input }) => {
    const { GroupName: name, Remark: remark } = input
    await updateGroup(tx, actor.ownerUin, input.GroupId, { name, remark })
    return {}
  }),

  change(deleteAction, async ({ tx, actor, input }) => {
    await deleteGroup(tx, actor.ownerUin, input.GroupId)
    return {}
  }),

  read(listAction, async (call) => {
    const { db, actor, input } = call
    const reach = await reachFor(call, listAction.permission, 'groupid/')
    const wanted = (input.Keyword ?? '').toLowerCase()
    const groups = (await listGroups(db, actor.ownerUin)).filter(
      ({ id, name }) => mayReach(reach, String(id)) && name.toLowerCase().includes(wanted),
    )
    return page(groups, input)
  }),

  change(addUserToGroup, async (call) => {
    const members = await askForMemberships(call, addUserToGroup.permission)
    await addMembers(call.tx, call.actor.ownerUin, members, call.at)
    return {}
  }),

  change(removeUserFromGroup, async (call) => {
    const members = await askForMemberships(call, removeUserFromGroup.permission)
    await removeMembers(call.tx, call.actor.ownerUin, members)
    return {}
  }),

  read(listUsersForGroup, async ({ db, actor, input }) => {
    const group = await getGroup(db, actor.ownerUin, input.GroupId)
    return {
      TotalNum: await countMembers(db, group.id),
      UserInfo: await membersOf(db, actor.ownerUin, group.id, pageRange('page-size', input)),
    }
  }),

  read(listGroupsForUser, async (call) => {
    const { db, input } = call
    const who = input.SubUin ?? input.Uid
    const user = await askForPersonOrSelf(db, call, listGroupsForUser.permission, who)
    return page(await listGroupsOf(db, user.ownerUin, user.uin), input)
  }),
]

type GroupsReply = ActionReply<typeof listAction>

function page(groups: readonly Group[], input: { Page?: number; Rp?: number }): GroupsReply {
  const { offset, limit } = pageRange('page-size', input)
  return {
    TotalNum: groups.length,
    GroupInfo: groups.slice(offset, offset + limit).map(toWire),
  }
}

function toWire(group: Group): GroupsReply['GroupInfo'][number] {
  return {
    GroupId: group.id,
    GroupName: group.name,
    CreateTime: chinaTime(group.createdAt),
    Remark: group.remark,
  }
}

type MembershipCall = Parameters<typeof assertMayDo>[0] & {
  readonly input: {
    readonly Info: readonly {
      readonly GroupId: number
      readonly Uid?: number | undefined
      readonly Uin?: number | undefined
    }[]
  }
}

/** `Uid` is the uin. Throws UNAUTHORIZED_OPERATION where one of the groups may not be changed. */
async function askForMemberships(call: MembershipCall, permission: string): Promise<Membership[]> {
  const members: Membership[] = []
  for (const [position, { GroupId: groupId, Uid, Uin = Uid }] of call.input.Info.entries()) {
    if (Uin === undefined) {
      throw invalidValue(`Info.${position}.Uin`, {
        en: 'Uid or Uin must be given',
        zh: 'Uid 与 Uin 须至少传入一个',
      })
    }
    await assertMayDo(call, permission, [`groupid/${groupId}`])
    members.push({ groupId, uin: Uin })
  }
  return members
}

async function membersOf(
  db: Queryable,
  ownerUin: number,
  groupId: number,
  range: { readonly offset: number; readonly limit: number },
): Promise<ActionReply<typeof listUsersForGroup>['UserInfo']> {
  const members = await listMembers(db, groupId, range)
  const infos: ActionReply<typeof listUsersForGroup>['UserInfo'][number][] = []
  for (const { uin, joinedAt } of members) {
    const user = await findUser(db, ownerUin, uin)
    if (!user) continue
    infos.push({
      Uid: uin,
      Uin: uin,
      Name: user.name,
      PhoneNum: user.phone,
      CountryCode: user.countryCode,
      PhoneFlag: 0,
      Email: user.email,
      EmailFlag: 0,
      UserType: 0,
      CreateTime: chinaTime(joinedAt),
      IsReceiverOwner: 0,
      Remark: user.remark,
    })
  }
  return infos
}
