// AI skills and MCP servers (5 actions). A skill's name may hold its namespace: `ns/name`.

import { type Action, listed, on } from '../action.ts'
import { integer, list, listOf, object, oneOf, required, structure, text } from '../fields.ts'
import { action, limit, recordOffset, registryId, totalCount } from './parameters.ts'

export const maxDeletedSkills = 100
const maxSkillNameChars = 256
const maxSkillVersionChars = 128
const maxSkillTags = 100

const skillName = required(
  text('Name of the skill, also as namespace/name', '技能名称，可为 命名空间/名称', {
    minChars: 1,
    maxChars: maxSkillNameChars,
  }),
)
const skillVersion = required(
  text('Version of the skill', '技能版本', { minChars: 1, maxChars: maxSkillVersionChars }),
)

const description = text('What it is for', '描述')
const skillType = text('Kind of skill, for example MCP Server', '技能类型，如 MCP Server')
const status = text('How it stands: active', '状态：active')
const tags = list(text('A label', '标签'), 'Free labels', '标签列表', { maxItems: maxSkillTags })
const updateTime = text('When it last changed', '更新时间')

const skillList = structure('SkillList', 'A skill', '技能', {
  SkillName: text('Its name', '技能名称'),
  Description: description,
  SkillType: skillType,
  Tags: tags,
  LatestVersion: text('Its newest version', '最新版本'),
  Status: status,
  UpdateTime: updateTime,
})

export const listSkills = action('ListSkills', {
  doc: { en: 'Lists the skills of an instance.', zh: '查询实例中的技能。' },
  kind: 'read',
  access: listed('repository/{RegistryId}/*'),
  paging: 'record',
  input: {
    RegistryId: registryId,
    SearchKey: text('Part of a name', '按名称模糊搜索', { maxChars: maxSkillNameChars }),
    SkillName: text('Only this one', '只查询该技能', { maxChars: maxSkillNameChars }),
    SkillType: oneOf(['', 'MCP Server'], 'Only of this kind', '只查询该类型'),
    Status: oneOf(['', 'active'], 'Only those that stand so', '只查询该状态'),
    Offset: recordOffset,
    Limit: limit,
  },
  output: {
    TotalCount: totalCount,
    SkillList: listOf(skillList, 'The skills', '技能列表'),
  },
})

const skillVersionList = structure('SkillVersionList', 'A version of a skill', '技能版本', {
  Version: text('The version', '版本'),
  Size: integer('Bytes', '大小，字节'),
  PushTime: text('When it was pushed', '推送时间'),
})

export const listSkillVersions = action('ListSkillVersions', {
  doc: { en: 'Lists the versions of a skill.', zh: '查询技能的版本。' },
  kind: 'read',
  access: on('repository/{RegistryId}/{SkillName}'),
  paging: 'record',
  input: { RegistryId: registryId, SkillName: skillName, Offset: recordOffset, Limit: limit },
  output: {
    TotalCount: totalCount,
    VersionList: listOf(skillVersionList, 'The versions', '版本列表'),
  },
})

const skill = structure('Skill', 'A version of a skill', '技能详情', {
  SkillName: text('Its name', '技能名称'),
  SkillVersion: text('Its version', '技能版本'),
  Description: description,
  Tags: tags,
  SkillType: skillType,
  Runtime: text('What it runs on, for example node20', '运行环境，如 node20'),
  Status: status,
  UpdateTime: updateTime,
})

export const describeSkillDetail = action('DescribeSkillDetail', {
  doc: { en: 'Describes a version of a skill.', zh: '查询技能版本的详情。' },
  kind: 'read',
  access: on('repository/{RegistryId}/{SkillName}'),
  input: { RegistryId: registryId, SkillName: skillName, SkillVersion: skillVersion },
  output: { Skill: object(skill) },
})

export const describeSkillDownloadInfo = action('DescribeSkillDownloadInfo', {
  doc: { en: 'Gives a link to download a skill by.', zh: '获取技能的下载链接。' },
  kind: 'read',
  access: on('repository/{RegistryId}/{SkillName}'),
  input: { RegistryId: registryId, SkillName: skillName, SkillVersion: skillVersion },
  output: {
    PreSignedDownloadURL: text('Address that is valid for a short time', '临时有效的下载地址', {
      secret: true,
    }),
  },
})

const deletedSkill = structure('SkillType', 'A skill to delete', '待删除的技能', {
  SkillName: skillName,
  SkillVersion: text('Its version; without it, all', '技能版本，为空表示全部', {
    maxChars: maxSkillVersionChars,
  }),
})

export const deleteSkill = action('DeleteSkill', {
  doc: { en: 'Deletes skills or versions of them.', zh: '删除技能或其版本。' },
  kind: 'write',
  // The handler asks for each item: templates know no fields of structures.
  access: listed('repository/{RegistryId}/*'),
  input: {
    RegistryId: registryId,
    Items: listOf(deletedSkill, 'What to delete', '待删除的技能', { maxItems: maxDeletedSkills }),
  },
  output: {},
})

export const skillActions: readonly Action[] = [
  listSkills,
  listSkillVersions,
  describeSkillDetail,
  describeSkillDownloadInfo,
  deleteSkill,
]
