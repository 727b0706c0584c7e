// Credentials: those of a person for an instance, and the service accounts of an instance (9 actions).

import { type Action, on } from '../action.ts'
import {
  flag,
  integer,
  list,
  listOf,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import { action, filter, limit, recordOffset, registryId, totalCount } from './parameters.ts'

export const maxPermissionsPerAccount = 500
export const maxCredentialDescriptionChars = 255
const maxValidDays = 36_500
const maxAccountNameChars = 132
const endOfYear9999 = 253_402_300_799_999

// The first four actions are about one's own credentials only; sight of the instance is enough for them, unless a
// policy refuses.
const onOwn = on('instance/{RegistryId}')

const tokenId = text('Id of the long-term credential', '长期访问凭证 ID', {
  minChars: 1,
  maxChars: 64,
})
const tokenDescription = text('Description of a long-term credential', '长期访问凭证描述', {
  maxChars: maxCredentialDescriptionChars,
})

export const createInstanceToken = action('CreateInstanceToken', {
  doc: {
    en: 'Makes a credential of the caller to log in to an instance with.',
    zh: '为调用者创建实例的访问凭证。',
  },
  kind: 'write',
  access: onOwn,
  ratePerSecond: 100,
  input: {
    RegistryId: registryId,
    TokenType: withDefault(
      oneOf(['temp', 'longterm'], 'For an hour, or long-term', 'temp 有效 1 小时，longterm 长期'),
      'temp',
    ),
    Desc: tokenDescription,
  },
  output: {
    Username: text('User name: the uin of the caller', '用户名，即调用者的账号 ID'),
    Token: text('Password, told only here', '密码，仅返回一次', { secret: true }),
    ExpTime: integer(
      'When it ends, Unix milliseconds; a long-term one is told ten years and holds until it is deleted',
      '到期时间，Unix 毫秒；长期访问凭证显示为十年后，实际在删除前一直有效',
    ),
    TokenId: text('Its id; empty for a temporary one', '凭证 ID，临时访问凭证为空'),
  },
})

const instanceToken = structure('TcrInstanceToken', 'A long-term credential', '长期访问凭证', {
  Id: required(tokenId),
  Desc: required(tokenDescription),
  RegistryId: registryId,
  Enabled: required(flag('Whether it is on', '是否启用')),
  CreatedAt: required(text('When it was made, RFC 3339', '创建时间，RFC 3339')),
  ExpiredAt: required(
    integer(
      'Ten years after it was made, Unix milliseconds; it holds until it is deleted',
      '创建十年后的时间，Unix 毫秒；凭证在删除前一直有效',
    ),
  ),
})

export const describeInstanceToken = action('DescribeInstanceToken', {
  doc: { en: "Lists the caller's long-term credentials.", zh: '查询调用者的长期访问凭证。' },
  kind: 'read',
  access: onOwn,
  paging: 'record',
  input: { RegistryId: registryId, Limit: limit, Offset: recordOffset },
  output: {
    TotalCount: totalCount,
    Tokens: listOf(instanceToken, 'The credentials, without secrets', '凭证列表，不含密码'),
  },
})

export const modifyInstanceToken = action('ModifyInstanceToken', {
  doc: {
    en: 'Switches a long-term credential of the caller on or off, or describes it anew.',
    zh: '启用、停用调用者的长期访问凭证，或修改其描述。',
  },
  kind: 'write',
  access: onOwn,
  input: {
    TokenId: required(tokenId),
    RegistryId: registryId,
    Enable: flag('On or off, with ModifyFlag 2', '是否启用，ModifyFlag 为 2 时有效'),
    Desc: { ...tokenDescription, doc: { en: 'With ModifyFlag 1', zh: 'ModifyFlag 为 1 时有效' } },
    ModifyFlag: withDefault(
      integer('1: the description, 2: the switch', '1 修改描述，2 修改启用状态', {
        values: [1, 2],
      }),
      2,
    ),
  },
  output: {},
})

export const deleteInstanceToken = action('DeleteInstanceToken', {
  doc: { en: 'Deletes a long-term credential of the caller.', zh: '删除调用者的长期访问凭证。' },
  kind: 'write',
  access: onOwn,
  input: { RegistryId: registryId, TokenId: required(tokenId) },
  output: {},
})

export const permission = structure(
  'Permission',
  'What a service account may do in a namespace',
  '服务级账号在命名空间内的权限',
  {
    Resource: required(
      text('Name of the namespace; `*` for all of them', '命名空间名称，`*` 表示全部', {
        minChars: 1,
        maxChars: 64,
      }),
    ),
    Actions: required(
      list(
        oneOf(
          [
            'tcr:PushRepository',
            'tcr:PullRepository',
            'tcr:CreateRepository',
            'tcr:CreateHelmChart',
            'tcr:DescribeHelmCharts',
            'tcr:DeleteImage',
          ],
          'An action',
          '操作',
        ),
        'What it may do',
        '允许的操作',
        { minItems: 1, maxItems: 20 },
      ),
    ),
  },
)

const accountName = required(
  text(
    'Name of the service account, with or without tcr$ before it',
    '服务级账号名称，可带 tcr$ 前缀',
    { minChars: 1, maxChars: maxAccountNameChars },
  ),
)
const accountDescription = text('Description', '描述', { maxChars: maxCredentialDescriptionChars })
const duration = integer(
  'Days from now that it holds, -1: without end; wins over ExpiresAt',
  '自现在起的有效天数，-1 表示永久；优先于 ExpiresAt',
  { min: -1, max: maxValidDays },
)
const expiresAt = integer(
  'When it ends, Unix milliseconds; -1: never',
  '到期时间，Unix 毫秒，-1 表示永久',
  { min: -1, max: endOfYear9999 },
)
const disable = flag('True: it can not log in', 'true 表示停用')
const permissions = listOf(permission, 'What it may do', '权限列表', {
  minItems: 1,
  maxItems: maxPermissionsPerAccount,
})

export const createServiceAccount = action('CreateServiceAccount', {
  doc: { en: 'Makes a service account of an instance.', zh: '创建实例的服务级账号。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    Name: required(
      text(
        'Its name: letters of a-z, digits, . _ -; tcr$ is put before it',
        '名称：小写字母、数字和 . _ -，系统自动加 tcr$ 前缀',
        {
          minChars: 1,
          maxChars: maxAccountNameChars,
          rule: {
            pattern: /^(?:tcr[$@])?[a-z0-9][a-z0-9._-]*$/,
            words: {
              en: 'a-z or 0-9, followed by a-z, 0-9, ".", "_" and "-"',
              zh: '小写字母或数字开头，由小写字母、数字和 . _ - 组成',
            },
          },
        },
      ),
    ),
    Permissions: required(permissions),
    Description: accountDescription,
    Duration: duration,
    ExpiresAt: expiresAt,
    Disable: withDefault(disable, false),
  },
  output: {
    Name: text('Its user name: tcr$ and the name', '用户名，形如 tcr$name'),
    Password: text('Password, told only here', '密码，仅返回一次', { secret: true }),
    ExpiresAt: expiresAt,
    CreateTime: text('When it was made, RFC 3339', '创建时间，RFC 3339'),
  },
})

const serviceAccount = structure('ServiceAccount', 'A service account', '服务级账号', {
  Name: text('Its user name: tcr$ and the name', '用户名，形如 tcr$name'),
  Description: accountDescription,
  Disable: disable,
  ExpiresAt: expiresAt,
  CreateTime: text('When it was made, RFC 3339', '创建时间，RFC 3339'),
  UpdateTime: text('When it last changed, RFC 3339', '更新时间，RFC 3339'),
  Permissions: listOf(
    permission,
    'What it may do; empty without EmbedPermission',
    '权限列表，未指定 EmbedPermission 时为空',
  ),
})

export const describeServiceAccounts = action('DescribeServiceAccounts', {
  doc: { en: 'Lists the service accounts of an instance.', zh: '查询实例的服务级账号。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'record',
  input: {
    RegistryId: registryId,
    All: flag('All of them, without pages', '查询全部，不分页'),
    EmbedPermission: flag('Tell permissions too', '返回权限列表'),
    Filters: listOf(
      filter,
      'By `ServiceAccountName`, with or without tcr$',
      '支持 ServiceAccountName，可带 tcr$ 前缀',
    ),
    Offset: recordOffset,
    Limit: limit,
  },
  output: {
    ServiceAccounts: listOf(serviceAccount, 'The accounts', '服务级账号列表'),
    TotalCount: totalCount,
  },
})

export const modifyServiceAccount = action('ModifyServiceAccount', {
  doc: {
    en: 'Changes a service account; everything but its name can change.',
    zh: '修改服务级账号，名称不可变更。',
  },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    Name: accountName,
    Description: accountDescription,
    Duration: duration,
    ExpiresAt: expiresAt,
    Disable: disable,
    Permissions: {
      ...permissions,
      doc: { en: 'What it may do; replaces the list', zh: '权限列表，整体替换' },
    },
  },
  output: {},
})

export const modifyServiceAccountPassword = action('ModifyServiceAccountPassword', {
  doc: { en: 'Gives a service account a new password.', zh: '重置服务级账号的密码。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    Name: accountName,
    Random: required(flag('True: the server makes it', 'true 表示由系统生成')),
    Password: text(
      '8 to 20 characters with a lower-case and an upper-case letter and a digit',
      '8 到 20 个字符，包含大写字母、小写字母和数字',
      {
        maxChars: 20,
        secret: true,
        rule: {
          // Clients that leave it to the server send it empty.
          pattern: /^$|^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9]).{8,}$/,
          words: {
            en: '8 to 20 characters with a lower-case and an upper-case letter and a digit',
            zh: '8 到 20 个字符，包含大写字母、小写字母和数字',
          },
        },
      },
    ),
  },
  output: {
    Password: text('The password, told only here', '新密码，仅返回一次', { secret: true }),
  },
})

export const deleteServiceAccount = action('DeleteServiceAccount', {
  doc: { en: 'Deletes a service account.', zh: '删除服务级账号。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId, Name: accountName },
  output: {},
})

export const credentialActions: readonly Action[] = [
  createInstanceToken,
  describeInstanceToken,
  modifyInstanceToken,
  deleteInstanceToken,
  createServiceAccount,
  describeServiceAccounts,
  modifyServiceAccount,
  modifyServiceAccountPassword,
  deleteServiceAccount,
]
