// What pages tell of the deployment and of whoever looks at them (2 actions).

import { type Action, self } from '../action.ts'
import { flag, integer, listOf, nullable, oneOf, structure, text } from '../fields.ts'
import { action, time } from './parameters.ts'

export const describeDeployment = action('DescribeDeployment', {
  doc: {
    en: 'Tells what addresses are made of, the region and the release.',
    zh: '查询访问地址的组成、地域与版本。',
  },
  kind: 'read',
  access: self,
  permission: 'tcr:DescribeDeployment',
  input: {},
  output: {
    Version: text('The release', '版本'),
    RegionName: text('Name of the region', '地域名称'),
    RegionId: integer('Number of the region', '地域 ID'),
    Scheme: oneOf(['http', 'https'], 'By which the caller came', '调用者使用的协议'),
    Host: text('Host that the caller used, without a port', '调用者使用的主机名，不含端口'),
    Port: nullable(
      integer('Port that the caller used; null: that of the scheme', '端口，为空表示协议默认端口'),
    ),
    BaseDomain: nullable(
      text(
        'An instance is at `<name>.<BaseDomain>`, and at `<name>-vpc.<BaseDomain>` from inside; null: every host is the default instance',
        '实例地址为 <实例名>.<BaseDomain>，内网为 <实例名>-vpc.<BaseDomain>；为空表示任何主机名均为默认实例',
      ),
    ),
    PersonalHost: nullable(
      text('Host of the Personal edition; null: it has none', '个人版的主机名，为空表示没有'),
    ),
    DefaultRegistryId: nullable(
      text(
        'The instance that answers at any other host; null: another account’s',
        '默认实例 ID，为空表示属于其他账号',
      ),
    ),
    MaxBlobBytes: integer('Bytes of the largest blob', '单个数据块的最大字节数'),
  },
})

const administrator = structure('Administrator', 'Whom to ask', '管理员', {
  Uin: integer('Uin', 'uin'),
  Name: text('Name', '名称'),
  IsMain: flag('True: the main account', 'true 为主账号'),
})

export const describeOwnAccount = action('DescribeOwnAccount', {
  doc: { en: 'Tells who the caller is.', zh: '查询调用者自身的账号信息。' },
  kind: 'read',
  access: self,
  permission: 'cam:DescribeOwnAccount',
  input: {},
  output: {
    Uin: integer('Uin; of a role, the number of the role', 'uin，角色为角色 ID'),
    Name: text('Name: of the person, or `<role>:<session>`', '名称，角色为 <角色>:<会话>'),
    Kind: oneOf(
      ['Main', 'User', 'Role', 'Federated'],
      'Main account, sub-account, role, or temporary keys of a person',
      '主账号、子账号、角色或临时身份',
    ),
    OwnerUin: integer('Uin of the main account', '主账号的 uin'),
    OwnerName: text('Name of the main account', '主账号名称'),
    AppId: integer('AppId of the main account', '主账号的 APPID'),
    IsOperator: flag('True: the main account runs the deployment', 'true 为该主账号负责运维本部署'),
    Email: text('E-mail address', '邮箱'),
    HasMfaDevice: flag('True: there is an MFA device', 'true 为已绑定 MFA 设备'),
    MfaUsed: flag('True: it was shown', 'true 为本次已通过 MFA 验证'),
    MustChangePassword: flag(
      'True: the password must be changed at the next login',
      'true 为下次登录须修改密码',
    ),
    CreateTime: nullable(time('When it was made', '创建时间')),
    LastLoginTime: nullable(time('The last login at the console', '最近登录控制台的时间')),
    LastLoginAddress: nullable(text('From which address', '最近登录的来源地址')),
    Administrators: listOf(
      administrator,
      'Who may change everybody’s rights, ten at most; the main account first',
      '可授权的管理员，最多 10 个，主账号在前',
    ),
  },
})

export const deploymentActions: readonly Action[] = [describeDeployment, describeOwnAccount]
