// Storage backends: the stores by whose names CreateInstance and ModifyInstanceStorage place an instance's bytes
// (4 actions).

import { type Action, operator } from '../action.ts'
import { flag, integer, listOf, nullable, oneOf, required, structure, text } from '../fields.ts'
import { totalCount } from '../tcr/parameters.ts'
import { action, limit, offset, time } from './parameters.ts'

const name = required(
  text('Name, as ModifyInstanceStorage takes it', '名称，即 ModifyInstanceStorage 的存储名称', {
    minChars: 1,
    maxChars: 128,
  }),
)
const kind = oneOf(
  ['Folder', 'S3'],
  'A folder, or a bucket with the API of S3',
  '文件夹或 S3 存储桶',
)
const folder = text('The folder', '文件夹路径', { maxChars: 1024 })
const bucket = text('The bucket', '存储桶', { maxChars: 255 })
const prefix = text('Before every key', '对象键前缀', { maxChars: 512 })
const endpoint = text('Its address; AWS unless told', '访问地址，默认为 AWS', { maxChars: 2048 })
const bucketRegion = text('Region of the bucket', '存储桶地域', { maxChars: 64 })
const pathStyle = flag('True: the bucket stands in the path', 'true 为路径形式访问')

const keys = {
  AccessKeyId: text('Access key id', '访问密钥 ID', { maxChars: 256 }),
  SecretAccessKey: text('Secret access key, kept sealed', '访问密钥，加密保存', {
    maxChars: 1024,
    secret: true,
  }),
} as const

export const createStorageBackend = action('CreateStorageBackend', {
  doc: {
    en: 'Makes a storage backend known, once it could be written and read.',
    zh: '添加后端存储，写入和读取检查通过后生效。',
  },
  kind: 'write',
  access: operator,
  input: {
    StorageName: name,
    Kind: required(kind),
    Path: folder,
    Bucket: bucket,
    Prefix: prefix,
    Endpoint: endpoint,
    BucketRegion: bucketRegion,
    PathStyle: pathStyle,
    ...keys,
    AttachExisting: flag(
      'True: also a store that was a storage backend here before and was removed; its bytes stay',
      'true 为可添加曾作为本部署后端存储、之后被移除的存储，其中的数据保留',
    ),
  },
  output: {},
})

const storageBackend = structure('StorageBackend', 'A storage backend', '后端存储', {
  StorageName: text('Name', '名称'),
  Kind: kind,
  Path: nullable(folder),
  Bucket: nullable(bucket),
  Prefix: nullable(prefix),
  Endpoint: nullable(endpoint),
  BucketRegion: nullable(bucketRegion),
  PathStyle: nullable(pathStyle),
  AccessKeyId: nullable(keys.AccessKeyId),
  IsDefault: flag('True: new instances lie here', 'true 为新建实例的默认后端存储'),
  InstanceCount: integer('Instances on it', '使用它的实例数'),
  CreateTime: time('When it was made known', '添加时间'),
})

export const describeStorageBackends = action('DescribeStorageBackends', {
  doc: { en: 'Lists the storage backends.', zh: '查询后端存储列表。' },
  kind: 'read',
  access: operator,
  paging: 'record',
  input: { Limit: limit, Offset: offset },
  output: {
    StorageBackends: listOf(storageBackend, 'The storage backends', '后端存储列表'),
    TotalCount: totalCount,
  },
})

export const modifyStorageBackend = action('ModifyStorageBackend', {
  doc: {
    en: 'Changes address or keys of a storage backend; what lies there stays where it is.',
    zh: '修改后端存储的访问地址或密钥，数据位置不变。',
  },
  kind: 'write',
  access: operator,
  input: { StorageName: name, Endpoint: endpoint, PathStyle: pathStyle, ...keys },
  output: {},
})

export const deleteStorageBackend = action('DeleteStorageBackend', {
  doc: {
    en: 'Forgets a storage backend on which no instance lies; its bytes are not touched.',
    zh: '移除未被使用的后端存储，不删除其中的数据。',
  },
  kind: 'write',
  access: operator,
  input: { StorageName: name },
  output: {},
})

export const storageBackendActions: readonly Action[] = [
  createStorageBackend,
  describeStorageBackends,
  modifyStorageBackend,
  deleteStorageBackend,
]
