// Instances: their life, checks, storage, and the regions they are in (10 actions).

import { type Action, listed, on } from '../action.ts'
import {
  flag,
  integer,
  list,
  listOf,
  nullable,
  object,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import {
  action,
  filter,
  limit,
  recordOffset,
  regionId,
  regionName,
  registryId,
  tagSpecification,
  totalCount,
} from './parameters.ts'

/** As many as one page may hold. */
export const maxInstancesPerCall = 200
const maxPrepaidMonths = 60

const editions = ['basic', 'standard', 'premium'] as const
const instanceIds = list(
  text('Id of an instance', '实例 ID', { minChars: 1, maxChars: 64 }),
  'Only these; all when empty',
  '只查询这些实例，为空表示全部',
  { maxItems: maxInstancesPerCall },
)
/** What breaks the rules of names has error codes of its own, so the handler judges it. */
const registryName = text(
  '5 to 50 of a-z, 0-9 and -, no - at either end; part of the domain',
  '5 到 50 个字符：小写字母、数字和 -，首尾不能是 -；用于访问域名',
  { maxChars: 256 },
)
const deletionProtection = flag('True: it can not be deleted', 'true 表示开启删除保护')
const enableCosMAZ = flag(
  'The bucket in several zones: kept and shown, but the store decides',
  '存储桶多可用区：仅保存和展示，由所用存储决定',
)
const enableCosVersioning = flag(
  'Old versions of objects: kept and shown, but the store decides',
  '存储桶多版本控制：仅保存和展示，由所用存储决定',
)
const renewFlag = integer(
  '0: by hand, 1: by itself, 2: not at all and without notice',
  '0 手动续费，1 自动续费，2 不续费且不通知',
  { values: [0, 1, 2] },
)
const instanceStatus = oneOf(
  [
    'Pending',
    'Deploying',
    'Running',
    'Unhealthy',
    'FailedCreated',
    'FailedUpdated',
    'Bucket-Error',
    'Isolate',
    'Deleting',
    'DeleteBucketFailed',
    'DeleteFailed',
  ],
  'How it stands; Running when it can be used',
  '状态，可用时为 Running',
)

export const registryChargePrepaid = structure(
  'RegistryChargePrepaid',
  'Terms of an instance that is paid in advance',
  '预付费参数',
  {
    Period: required(integer('For how many months', '购买月数', { min: 1, max: maxPrepaidMonths })),
    RenewFlag: required(renewFlag),
  },
)

export const createInstance = action('CreateInstance', {
  doc: {
    en: 'Starts to make an instance; DescribeInstanceStatus tells when it runs.',
    zh: '开始创建实例，进度由 DescribeInstanceStatus 查询。',
  },
  kind: 'write',
  access: on('instance/*'),
  input: {
    RegistryName: required(registryName),
    RegistryType: required(oneOf(editions, 'Its edition', '实例规格')),
    TagSpecification: object(tagSpecification, 'Cloud tags, at most 10', '云标签，最多 10 个'),
    RegistryChargeType: withDefault(
      integer('0: by use, 1: in advance', '0 按量计费，1 预付费', { values: [0, 1] }),
      0,
    ),
    RegistryChargePrepaid: object(registryChargePrepaid),
    SyncTag: flag(
      'The cloud tags on the bucket too: taken, but nothing is put there',
      '将云标签同步到存储桶：可传入，但不会写入存储',
    ),
    EnableCosMAZ: enableCosMAZ,
    DeletionProtection: deletionProtection,
    EnableCosVersioning: enableCosVersioning,
    /** Ours. */
    StorageName: text(
      'Storage backend that its bytes lie on, as ModifyInstanceStorage names it; the default one unless told',
      '数据所在的后端存储名称，同 ModifyInstanceStorage；默认为默认后端存储',
      { maxChars: 128 },
    ),
  },
  output: { RegistryId: registryId },
})

export const registry = structure('Registry', 'An instance', '实例', {
  RegistryId: registryId,
  RegistryName: registryName,
  RegistryType: oneOf(editions, 'Its edition', '实例规格'),
  Status: instanceStatus,
  PublicDomain: text('Its domain', '访问域名'),
  CreatedAt: text('When it was made, RFC 3339', '创建时间，RFC 3339'),
  RegionName: regionName,
  RegionId: regionId,
  EnableAnonymous: flag('Whether it allows anonymous pulls', '是否允许匿名拉取'),
  TokenValidTime: integer('Hours that a long-term credential holds', '长期访问凭证的有效小时数'),
  InternalEndpoint: text('Its address in private networks', '内网访问地址'),
  TagSpecification: object(tagSpecification),
  ExpiredAt: text(
    'The day on which what was paid in advance ends; empty without',
    '预付费到期日，无则为空',
  ),
  PayMod: integer('0: by use, 1: in advance', '0 按量计费，1 预付费', { values: [0, 1] }),
  RenewFlag: renewFlag,
  DeletionProtection: deletionProtection,
  AIFeature: nullable(flag('Whether it holds models and skills', '是否支持模型与技能')),
  EnableCosMAZ: enableCosMAZ,
  EnableCosVersioning: enableCosVersioning,
})

export const describeInstances = action('DescribeInstances', {
  doc: { en: 'Lists instances.', zh: '查询实例。' },
  kind: 'read',
  access: listed('instance/*'),
  paging: 'record',
  input: {
    // Spelt so here, and `RegistryIds` in DescribeInstanceStatus.
    Registryids: instanceIds,
    Offset: recordOffset,
    Limit: limit,
    Filters: listOf(filter, 'By `RegistryName`', '支持 RegistryName'),
    AllRegion: withDefault(flag('Those of all regions', '查询全部地域的实例'), false),
  },
  output: {
    TotalCount: totalCount,
    Registries: listOf(registry, 'The instances', '实例列表'),
  },
})

const registryCondition = structure(
  'RegistryCondition',
  'A step on the way to a running instance',
  '实例创建步骤',
  {
    Type: text('Which step', '步骤类型'),
    Status: text('How the step stands', '步骤状态'),
    Reason: text('Why it stands so', '原因'),
  },
)

const registryStatus = structure('RegistryStatus', 'How an instance stands', '实例状态', {
  RegistryId: registryId,
  Status: instanceStatus,
  Conditions: listOf(registryCondition, 'The steps', '步骤列表'),
})

export const describeInstanceStatus = action('DescribeInstanceStatus', {
  doc: { en: 'Tells how some instances stand.', zh: '查询若干实例的状态。' },
  kind: 'read',
  access: on('instance/{RegistryIds}'),
  input: { RegistryIds: required({ ...instanceIds, minItems: 1 }) },
  output: {
    RegistryStatusSet: nullable(listOf(registryStatus, 'One for each instance', '每个实例一项')),
  },
})

export const modifyInstance = action('ModifyInstance', {
  doc: {
    en: 'Changes the edition of an instance, its protection or its bucket.',
    zh: '变更实例规格，或修改删除保护、存储桶多版本控制。',
  },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    RegistryType: oneOf(
      editions,
      'The new edition; a lower one only where nothing uses what it lacks',
      '目标规格；仅当未使用低规格不具备的功能时可降级',
    ),
    DeletionProtection: deletionProtection,
    EnableCosVersioning: enableCosVersioning,
  },
  output: {},
})

export const renewInstance = action('RenewInstance', {
  doc: {
    en: 'Renews an instance that is paid in advance, or begins to pay it so.',
    zh: '为预付费实例续费，或将按量计费实例转为预付费。',
  },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    RegistryChargePrepaid: required(object(registryChargePrepaid)),
    Flag: required(
      integer('0: renew, 1: change from by use', '0 续费，1 按量计费转预付费', { values: [0, 1] }),
    ),
  },
  output: { RegistryId: registryId },
})

export const deleteInstance = action('DeleteInstance', {
  doc: { en: 'Starts to delete an empty instance.', zh: '开始删除空的实例。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    DeleteBucket: withDefault(flag('Delete what it stored too', '同时删除存储桶'), false),
    DryRun: withDefault(flag('Only tell whether it could be', '只检查能否删除'), false),
  },
  output: {},
})

export const checkInstance = action('CheckInstance', {
  doc: { en: 'Tells whether an instance can be used, and where it is.', zh: '检查实例是否可用。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId },
  output: { IsValidated: flag('Whether it can be used', '是否可用'), RegionId: regionId },
})

export const checkInstanceName = action('CheckInstanceName', {
  doc: { en: 'Tells whether a new instance may have a name.', zh: '检查实例名称是否可用。' },
  kind: 'read',
  access: on('instance/*'),
  input: { RegistryName: required(registryName) },
  output: {
    IsValidated: flag('Whether it may', '是否可用'),
    DetailCode: integer(
      '0: it may, 1: against the rules, 2: reserved, 3: taken',
      '0 可用，1 不合规则，2 系统保留，3 已被占用',
      { values: [0, 1, 2, 3] },
    ),
  },
})

export const modifyInstanceStorage = action('ModifyInstanceStorage', {
  doc: { en: 'Moves an instance to another bucket.', zh: '更换实例的存储桶。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    TargetRegion: required(text('Region of the bucket', '存储桶所在地域', { maxChars: 64 })),
    TargetStorageName: required(
      text('Name of the bucket', '存储桶名称', { minChars: 1, maxChars: 255 }),
    ),
  },
  output: {},
})

const region = structure('Region', 'A region', '地域', {
  Alias: required(text('Short name, for example gz', '地域简称，如 gz')),
  RegionId: required(regionId),
  RegionName: required(regionName),
  Status: required(text('Who may use it: alluser', '开放范围：alluser')),
  Remark: required(text('Remark', '备注')),
  CreatedAt: required(text('When it was added', '创建时间')),
  UpdatedAt: required(text('When it last changed', '更新时间')),
  Id: required(integer('Number of the entry', '条目 ID')),
})

export const describeRegions = action('DescribeRegions', {
  doc: { en: 'Lists the regions that instances can be in.', zh: '查询可创建实例的地域。' },
  kind: 'read',
  access: listed('instance/*'),
  input: {},
  output: { TotalCount: totalCount, Regions: listOf(region, 'The regions', '地域列表') },
})

export const instanceActions: readonly Action[] = [
  createInstance,
  describeInstances,
  describeInstanceStatus,
  modifyInstance,
  renewInstance,
  deleteInstance,
  checkInstance,
  checkInstanceName,
  modifyInstanceStorage,
  describeRegions,
]
