// Fields and structures that the groups of `kms` actions share.

import { actionsOf, on } from '../action.ts'
import { flag, integer, list, nullable, object, required, structure, text } from '../fields.ts'

export const action = actionsOf('kms')

export const keyOnly = on('key/{KeyId}')

/** Plaintext of 4 KB, as base64, and what is put around it. */
export const maxCiphertextChars = 16_384
export const maxPlaintextChars = 5464

export const givenKeyId = required(text('Id of the key', '密钥 ID', { minChars: 1, maxChars: 128 }))
export const keyId = text('Id of the key', '密钥 ID')

export const givenAlias = required(
  text('Alias, unique in account and region', '别名，账号和地域内唯一', {
    minChars: 1,
    maxChars: 60,
    rule: {
      pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
      words: {
        en: 'letters, digits and _ -, a letter or digit first',
        zh: '字母、数字和 _ -，以字母或数字开头',
      },
    },
  }),
)

export const description = text('Description', '描述', { maxChars: 1024 })

export const memberAccount = object(
  structure(
    'MemberAccount',
    'Another account of the organisation; not to be had here',
    '成员账号，此处不支持',
    {
      MemberAppId: integer('Its AppId', '成员账号的 AppId'),
      MemberUin: integer('Its uin', '成员账号的 uin'),
    },
  ),
)

export const keyUsages = [
  'ENCRYPT_DECRYPT',
  'ASYMMETRIC_DECRYPT_RSA_2048',
  'ASYMMETRIC_DECRYPT_SM2',
  'ASYMMETRIC_SIGN_VERIFY_SM2',
  'ASYMMETRIC_SIGN_VERIFY_RSA_2048',
  'ASYMMETRIC_SIGN_VERIFY_ECC',
] as const

export const hsmClusterId = text('Cluster of HSMs; there are none here', 'HSM 集群 ID，此处没有', {
  maxChars: 64,
})

export const tag = structure('Tag', 'A cloud tag', '云标签', {
  TagKey: required(text('Key', '标签键', { minChars: 1, maxChars: 127 })),
  TagValue: required(text('Value', '标签值', { maxChars: 255 })),
})

export const tagFilter = structure(
  'TagFilter',
  'Has the key with one of the values',
  '标签过滤条件',
  {
    TagKey: required(text('Key', '标签键', { minChars: 1, maxChars: 127 })),
    TagValue: list(text('A value', '标签值', { maxChars: 255 }), 'Any of these', '标签值列表', {
      maxItems: 10,
    }),
  },
)

/** Of calls that also tag what they make. */
export const tagged = {
  TagCode: integer('0: the tags were set', '标签操作返回码，0 为成功'),
  TagMsg: text('Why they were not', '标签操作返回信息'),
} as const

const unixSeconds = (en: string, zh: string) => integer(`${en}, Unix seconds`, `${zh}，Unix 秒`)

export const keyMetadata = structure('KeyMetadata', 'A key', '密钥', {
  KeyId: keyId,
  Alias: text('Alias', '别名'),
  CreateTime: unixSeconds('When it was made', '创建时间'),
  Description: description,
  KeyState: text(
    'Enabled, Disabled, PendingDelete, PendingImport or Archived',
    '状态：Enabled、Disabled、PendingDelete、PendingImport 或 Archived',
  ),
  KeyUsage: text('What it is for', '密钥用途'),
  Type: integer('Kind of key', '密钥类型'),
  CreatorUin: integer('Who made it', '创建者的 uin'),
  KeyRotationEnabled: flag('True: it is rotated', 'true 为已开启轮换'),
  Owner: text('`user`, or the product that made it', '创建者：user 或产品名'),
  NextRotateTime: unixSeconds('Next rotation', '下次轮换时间'),
  DeletionDate: unixSeconds('When it will be deleted; 0: not', '计划删除时间，0 为无'),
  Origin: text(
    'TENCENT_KMS: made here; EXTERNAL: imported',
    'TENCENT_KMS 由 KMS 创建，EXTERNAL 导入',
  ),
  ValidTo: unixSeconds(
    'Until when imported material holds; 0: always',
    '导入材料有效期，0 为不过期',
  ),
  ResourceId: text('`creatorUin/<uin>/<key id>`', '资源 ID：creatorUin/<uin>/<密钥 ID>'),
  HsmClusterId: nullable(hsmClusterId),
  RotateDays: integer('Days between rotations', '轮换周期（天）'),
  LastRotateTime: unixSeconds('Last rotation', '上次轮换时间'),
  IsSyncReplica: nullable(integer('1: a copy of another region’s', '1 为同步副本')),
  SourceRegion: nullable(text('Region of the original', '同步的原始地域')),
  SyncStatus: nullable(integer('State of the copy', '同步状态')),
  SyncMessages: nullable(text('How the copy went', '同步结果')),
  SyncStartTime: nullable(unixSeconds('When the copy began', '同步开始时间')),
  SyncEndTime: nullable(unixSeconds('When it ended', '同步结束时间')),
  SourceHsmClusterId: nullable(text('Cluster of the original', '同步的原始集群')),
  AccountAppId: nullable(integer('AppId of another account', '成员账号的 AppId')),
  AccountUin: nullable(integer('Uin of another account', '成员账号的 uin')),
  AccountName: nullable(text('Name of another account', '成员账号名称')),
  CreatorUinString: text('Who made it, as text', '创建者的 uin（字符串）'),
})
