// Groups of users (9 actions).

import { type Action, listed, on, operation } from '../action.ts'
import { integer, listOf, nullable, required, structure, text } from '../fields.ts'
import {
  action,
  asksForPerson,
  bit,
  groupId,
  keyword,
  page,
  remark,
  rowsPerPage,
  totalNum,
} from './parameters.ts'

const groupName = text('Name of the group', '用户组名称', { minChars: 1, maxChars: 128 })
const groupNumber = integer('Number of the group', '用户组 ID')
const createTime = text('When it was made', '创建时间')
const groupOnly = on('groupid/{GroupId}')

export const createGroup = action('CreateGroup', {
  doc: { en: 'Makes a group.', zh: '创建用户组。' },
  kind: 'write',
  access: operation,
  input: { GroupName: required(groupName), Remark: remark },
  output: { GroupId: groupNumber },
})

const groupMemberInfo = structure('GroupMemberInfo', 'A member of a group', '用户组成员', {
  Uid: integer('Number of the person as a receiver of messages', '子账号的 UID'),
  Uin: integer('Uin of the person', '子账号的 uin'),
  Name: text('User name', '用户名'),
  PhoneNum: text('Phone number', '手机号'),
  CountryCode: text('Country code of the phone number', '手机号区号'),
  PhoneFlag: bit('1: the phone number is verified', '1 手机号已验证'),
  Email: text('E-mail address', '邮箱'),
  EmailFlag: bit('1: the e-mail address is verified', '1 邮箱已验证'),
  UserType: integer(
    '1 global collaborator, 2 project collaborator, 3 receiver of messages; 0 sub-account',
    '1 全局协作者，2 项目协作者，3 消息接收人，0 子账号',
  ),
  CreateTime: createTime,
  IsReceiverOwner: bit('1: the main receiver of messages', '1 主消息接收人'),
  Remark: nullable(remark),
})

const members = listOf(groupMemberInfo, 'The members', '成员列表')

export const getGroup = action('GetGroup', {
  doc: { en: 'Shows a group and its members.', zh: '查询用户组及其成员。' },
  kind: 'read',
  access: groupOnly,
  input: { GroupId: groupId },
  output: {
    GroupId: groupNumber,
    GroupName: groupName,
    GroupNum: integer('How many members it has', '成员数'),
    Remark: remark,
    CreateTime: createTime,
    UserInfo: members,
  },
})

export const updateGroup = action('UpdateGroup', {
  doc: { en: 'Changes name or remark of a group.', zh: '修改用户组的名称或备注。' },
  kind: 'write',
  access: groupOnly,
  input: { GroupId: groupId, GroupName: groupName, Remark: remark },
  output: {},
})

export const deleteGroup = action('DeleteGroup', {
  doc: {
    en: 'Deletes a group; its members lose what they had through it, at once.',
    zh: '删除用户组，成员立即失去由该组获得的权限。',
  },
  kind: 'write',
  access: groupOnly,
  input: { GroupId: groupId },
  output: {},
})

const groupInfo = structure('GroupInfo', 'A group', '用户组', {
  GroupId: groupNumber,
  GroupName: groupName,
  CreateTime: createTime,
  Remark: remark,
})

const groups = listOf(groupInfo, 'The groups', '用户组列表')

export const listGroups = action('ListGroups', {
  doc: { en: 'Lists the groups.', zh: '查询用户组列表。' },
  kind: 'read',
  access: listed('groupid/*'),
  paging: 'page-size',
  input: { Page: page, Rp: rowsPerPage, Keyword: keyword },
  output: { TotalNum: totalNum, GroupInfo: groups },
})

const groupIdOfUidInfo = structure(
  'GroupIdOfUidInfo',
  'A group and a person; Uid or Uin says whom',
  '用户组与子账号，Uid 与 Uin 至少一个',
  {
    GroupId: groupId,
    Uid: integer('Number of the person as a receiver of messages', '子账号的 UID', { min: 1 }),
    Uin: integer('Uin of the person', '子账号的 uin', { min: 1 }),
  },
)

const info = required(
  listOf(groupIdOfUidInfo, 'Who, and which group', '子账号与用户组的对应关系', {
    minItems: 1,
    maxItems: 100,
  }),
)

/** The groups stand inside `Info`: the handler asks for each `groupid/<id>`. */
const asksForGroups = listed('groupid/*')

export const addUserToGroup = action('AddUserToGroup', {
  doc: {
    en: 'Puts people into groups, all or none.',
    zh: '将子账号加入用户组，全部成功或全部失败。',
  },
  kind: 'write',
  access: asksForGroups,
  input: { Info: info },
  output: {},
})

export const removeUserFromGroup = action('RemoveUserFromGroup', {
  doc: {
    en: 'Takes people out of groups, all or none.',
    zh: '将子账号移出用户组，全部成功或全部失败。',
  },
  kind: 'write',
  access: asksForGroups,
  input: { Info: info },
  output: {},
})

export const listUsersForGroup = action('ListUsersForGroup', {
  doc: { en: 'Lists the members of a group.', zh: '查询用户组的成员。' },
  kind: 'read',
  access: groupOnly,
  paging: 'page-size',
  input: { GroupId: groupId, Page: page, Rp: rowsPerPage },
  output: { TotalNum: totalNum, UserInfo: members },
})

export const listGroupsForUser = action('ListGroupsForUser', {
  doc: { en: 'Lists the groups of a person.', zh: '查询子账号所在的用户组。' },
  kind: 'read',
  access: asksForPerson,
  paging: 'page-size',
  input: {
    Uid: integer('Number of the person; this or SubUin', '子账号的 UID，与 SubUin 二选一', {
      min: 1,
    }),
    Rp: rowsPerPage,
    Page: page,
    SubUin: integer('Uin of the person; this or Uid', '子账号的 uin，与 Uid 二选一', { min: 1 }),
  },
  output: { TotalNum: totalNum, GroupInfo: groups },
})

export const groupActions: readonly Action[] = [
  createGroup,
  getGroup,
  updateGroup,
  deleteGroup,
  listGroups,
  addUserToGroup,
  removeUserFromGroup,
  listUsersForGroup,
  listGroupsForUser,
]
