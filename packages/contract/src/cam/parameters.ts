// Fields, structures and accesses that several groups of `cam` actions share.

import { actionsOf, listed } from '../action.ts'
import { integer, list, listOf, required, structure, text, withDefault } from '../fields.ts'

export const action = actionsOf('cam')

/**
 * The action says which person by name, or leaves out that it is the caller: the handler finds the person and asks for
 * `uin/<uin>` itself. Not a template with the name, which a denial of the `uin/` would not meet.
 */
export const asksForPerson = listed('uin/*')
/** A role is named by its id or its name: the handler finds it and asks for `role/<id>`. */
export const asksForRole = listed('role/*')
/** A policy may be named by its id or its name: the handler finds it and asks for `policyid/<id>`. */
export const asksForPolicy = listed('policyid/*')

export const targetUin = required(integer('Uin of the person', '子账号的 uin', { min: 1 }))

export const groupId = required(integer('Number of the group', '用户组 ID', { min: 1 }))

export const policyId = required(integer('Number of the policy', '策略 ID', { min: 1 }))

export const versionId = required(integer('Number of the version', '策略版本号', { min: 1 }))

/** 0 or 1, as this product writes flags. */
export const bit = (en: string, zh: string) => integer(en, zh, { values: [0, 1] })

/** Tencent's own limit is 6144 characters; policies of a hundred statements must fit. */
export const maxPolicyChars = 65_536

export const policyDocument = text(
  'The policy, JSON of version 2.0',
  '策略文档，2.0 版本语法的 JSON',
  { minChars: 2, maxChars: maxPolicyChars },
)

export const trustDocument = text(
  'Trust policy, JSON: who may take on the role',
  '信任策略，JSON，规定谁可以扮演该角色',
  { minChars: 2, maxChars: maxPolicyChars },
)

export const nameRules = {
  minChars: 1,
  maxChars: 128,
  rule: {
    pattern: /^[A-Za-z0-9+=,.@_-]+$/,
    words: { en: 'letters, digits and + = , . @ - _', zh: '字母、数字和 + = , . @ - _' },
  },
} as const

export const page = withDefault(integer('Which page, from 1', '页码，从 1 开始', { min: 1 }), 1)

export const rowsPerPage = withDefault(
  integer('Entries a page: 20 unless told, 200 at most', '每页条数，默认 20，最大 200', {
    min: 1,
    max: 200,
  }),
  20,
)

export const requiredPage = required(
  integer('Which page, from 1', '页码，从 1 开始', { min: 1, max: 200 }),
)

export const requiredRows = required(
  integer('Entries a page, 200 at most', '每页条数，最大 200', { min: 1, max: 200 }),
)

export const keyword = text('Part of the name', '名称关键字', { maxChars: 256 })

export const totalNum = integer('How many there are in all', '总数')

export const remark = text('Remark', '备注', { maxChars: 1024 })

export const roleId = text('Id of the role; this or RoleName', '角色 ID，与 RoleName 二选一', {
  maxChars: 64,
})

/** Two actions write the role's id as a number. */
export const roleNumber = integer(
  'Id of the role, as a number; this or RoleName',
  '角色 ID（数字），与 RoleName 二选一',
  { min: 1 },
)

export const roleName = text('Name of the role; this or RoleId', '角色名称，与 RoleId 二选一', {
  maxChars: 128,
})

/** A resource has at most 50 cloud tags here. */
const maxTags = 50

export const tag = structure('Tag', 'A cloud tag', '云标签', {
  Key: required(text('Key', '标签键', { minChars: 1, maxChars: 127 })),
  Value: required(text('Value', '标签值', { maxChars: 255 })),
})

export const tags = listOf(tag, 'Cloud tags', '云标签', { maxItems: maxTags })

export const roleTag = structure('RoleTags', 'A cloud tag of a role', '角色的云标签', {
  Key: required(text('Key', '标签键', { minChars: 1, maxChars: 127 })),
  Value: required(text('Value', '标签值', { maxChars: 255 })),
})

export const roleTags = listOf(roleTag, 'Cloud tags of the role', '角色的云标签', {
  maxItems: maxTags,
})

/** Of preset policies whose service has ended; there are none here. */
export const deactivated = {
  Deactived: bit('1: its service has ended', '1 表示所属产品已下线'),
  DeactivedDetail: list(text('A service', '产品'), 'Services that ended', '已下线的产品'),
} as const

export const createMode = integer(
  '1: made by product or project; 2: written as a policy',
  '1 按产品或项目创建，2 按策略语法创建',
)
