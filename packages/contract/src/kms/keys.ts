// Keys (14 actions); what is done with them is in `cryptography.ts`.

import { type Action, listed, on, operation } from '../action.ts'
import {
  flag,
  integer,
  list,
  listOf,
  object,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import {
  action,
  description,
  givenAlias,
  givenKeyId,
  hsmClusterId,
  keyId,
  keyMetadata,
  keyOnly,
  keyUsages,
  memberAccount,
  tag,
  tagFilter,
  tagged,
} from './parameters.ts'

const tags = listOf(tag, 'Cloud tags', '云标签', { maxItems: 50 })

export const createKey = action('CreateKey', {
  doc: { en: 'Makes a key.', zh: '创建密钥。' },
  kind: 'write',
  access: operation,
  input: {
    Alias: givenAlias,
    Description: description,
    KeyUsage: withDefault(oneOf(keyUsages, 'What it is for', '密钥用途'), 'ENCRYPT_DECRYPT'),
    Type: withDefault(
      integer('1: made here; 2: its material is imported', '1 由 KMS 创建，2 导入密钥材料', {
        values: [1, 2],
      }),
      1,
    ),
    Tags: tags,
    HsmClusterId: hsmClusterId,
  },
  output: {
    KeyId: keyId,
    Alias: text('Alias', '别名'),
    CreateTime: integer('When it was made, Unix seconds', '创建时间，Unix 秒'),
    Description: description,
    KeyState: text('State', '状态'),
    KeyUsage: text('What it is for', '密钥用途'),
    ...tagged,
    HsmClusterId: hsmClusterId,
  },
})

const paged = {
  Offset: withDefault(integer('How many to skip', '跳过的条数'), 0),
  Limit: withDefault(
    integer('Entries a page: 10 unless told, 200 at most', '每页条数，默认 10，最大 200', {
      max: 200,
    }),
    10,
  ),
  Role: withDefault(
    integer('0: made by users; 1: made by products', '0 用户创建，1 云产品创建', {
      values: [0, 1],
    }),
    0,
  ),
} as const

const totalCount = integer('How many there are in all', '总数')

const key = structure('Key', 'A key', '密钥', { KeyId: keyId })

export const listKeys = action('ListKeys', {
  doc: { en: 'Lists the ids of keys.', zh: '查询密钥 ID 列表。' },
  kind: 'read',
  access: listed('key/*'),
  paging: 'record',
  input: { ...paged, HsmClusterId: hsmClusterId },
  output: { Keys: listOf(key, 'The keys', '密钥列表'), TotalCount: totalCount },
})

const metadatas = listOf(keyMetadata, 'The keys', '密钥列表')

export const listKeyDetail = action('ListKeyDetail', {
  doc: { en: 'Lists keys with what is known of each.', zh: '查询密钥列表及详情。' },
  kind: 'read',
  access: listed('key/*'),
  paging: 'record',
  input: {
    ...paged,
    OrderType: withDefault(
      integer('0: newest first; 1: oldest first', '0 按创建时间倒序，1 正序', { values: [0, 1] }),
      0,
    ),
    KeyState: withDefault(
      integer(
        '0 all, 1 Enabled, 2 Disabled, 3 PendingDelete, 4 PendingImport, 5 Archived',
        '0 全部，1 Enabled，2 Disabled，3 PendingDelete，4 PendingImport，5 Archived',
        { max: 8 },
      ),
      0,
    ),
    SearchKeyAlias: text('Part of id or alias', '模糊匹配密钥 ID 或别名', { maxChars: 128 }),
    Origin: oneOf(
      ['TENCENT_KMS', 'EXTERNAL', 'ALL'],
      'Made here, imported, or all',
      'TENCENT_KMS 由 KMS 创建，EXTERNAL 导入，ALL 全部',
    ),
    KeyUsage: withDefault(
      oneOf(['ALL', ...keyUsages], 'Only for this; ALL: any', '密钥用途，ALL 为全部'),
      'ENCRYPT_DECRYPT',
    ),
    TagFilters: listOf(tagFilter, 'All must match', '标签过滤条件', { maxItems: 10 }),
    HsmClusterId: hsmClusterId,
    MemberAccounts: list(memberAccount, 'Other accounts', '成员账号列表', { maxItems: 10 }),
  },
  output: { TotalCount: totalCount, KeyMetadatas: metadatas },
})

/** What most calls on a key take. */
const oneKey = { KeyId: givenKeyId, MemberAccount: memberAccount } as const

export const describeKey = action('DescribeKey', {
  doc: { en: 'Shows a key.', zh: '查询密钥详情。' },
  kind: 'read',
  access: keyOnly,
  input: oneKey,
  output: { KeyMetadata: object(keyMetadata) },
})

export const describeKeys = action('DescribeKeys', {
  doc: { en: 'Shows keys by their ids.', zh: '批量查询密钥详情。' },
  kind: 'read',
  access: on('key/{KeyIds}'),
  input: {
    KeyIds: required(
      list(
        text('Id of a key', '密钥 ID', { minChars: 1, maxChars: 128 }),
        'Which ones, 100 at most',
        '密钥 ID 列表，最多 100 个',
        { minItems: 1, maxItems: 100 },
      ),
    ),
    MemberAccount: memberAccount,
  },
  output: { KeyMetadatas: metadatas },
})

export const enableKey = action('EnableKey', {
  doc: { en: 'Enables a key.', zh: '启用密钥。' },
  kind: 'write',
  access: keyOnly,
  input: oneKey,
  output: {},
})

export const disableKey = action('DisableKey', {
  doc: {
    en: 'Disables a key; it does nothing until it is enabled.',
    zh: '禁用密钥，启用前不可使用。',
  },
  kind: 'write',
  access: keyOnly,
  input: oneKey,
  output: {},
})

export const scheduleKeyDeletion = action('ScheduleKeyDeletion', {
  doc: {
    en: 'Has a disabled key deleted in 7 to 30 days.',
    zh: '计划在 7 到 30 天后删除已禁用的密钥。',
  },
  kind: 'write',
  access: keyOnly,
  input: {
    KeyId: givenKeyId,
    PendingWindowInDays: required(
      integer('Days until then, 7 to 30', '等待天数，7 到 30', { min: 7, max: 30 }),
    ),
    MemberAccount: memberAccount,
  },
  output: {
    DeletionDate: integer('When it will be deleted, Unix seconds', '计划删除时间，Unix 秒'),
    KeyId: keyId,
  },
})

export const cancelKeyDeletion = action('CancelKeyDeletion', {
  doc: {
    en: 'Keeps a key that was to be deleted; it is disabled.',
    zh: '取消密钥的计划删除，密钥为禁用状态。',
  },
  kind: 'write',
  access: keyOnly,
  input: oneKey,
  output: { KeyId: keyId },
})

export const updateAlias = action('UpdateAlias', {
  doc: { en: 'Changes the alias of a key.', zh: '修改密钥的别名。' },
  kind: 'write',
  access: keyOnly,
  input: { Alias: givenAlias, ...oneKey },
  output: {},
})

export const updateKeyDescription = action('UpdateKeyDescription', {
  doc: { en: 'Changes the description of a key.', zh: '修改密钥的描述。' },
  kind: 'write',
  access: keyOnly,
  input: { Description: required(description), ...oneKey },
  output: {},
})

export const enableKeyRotation = action('EnableKeyRotation', {
  doc: { en: 'Has a key rotated by itself.', zh: '开启密钥轮换。' },
  kind: 'write',
  access: keyOnly,
  input: {
    KeyId: givenKeyId,
    RotateDays: integer('Days between rotations, 7 to 365', '轮换周期，7 到 365 天', {
      min: 7,
      max: 365,
    }),
    MemberAccount: memberAccount,
  },
  output: {},
})

export const disableKeyRotation = action('DisableKeyRotation', {
  doc: { en: 'Ends the rotation of a key.', zh: '关闭密钥轮换。' },
  kind: 'write',
  access: keyOnly,
  input: oneKey,
  output: {},
})

export const getKeyRotationStatus = action('GetKeyRotationStatus', {
  doc: { en: 'Shows whether a key is rotated.', zh: '查询密钥轮换状态。' },
  kind: 'read',
  access: keyOnly,
  input: oneKey,
  output: { KeyRotationEnabled: flag('True: it is rotated', 'true 为已开启轮换') },
})

export const keyActions: readonly Action[] = [
  createKey,
  listKeys,
  listKeyDetail,
  describeKey,
  describeKeys,
  enableKey,
  disableKey,
  scheduleKeyDeletion,
  cancelKeyDeletion,
  updateAlias,
  updateKeyDescription,
  enableKeyRotation,
  disableKeyRotation,
  getKeyRotationStatus,
]
