// Personal edition: the person's password and quotas (3 actions).

import { type Action, listed, self } from '../action.ts'
import { integer, listOf, object, oneOf, required, structure, text } from '../fields.ts'
import { action } from './parameters.ts'

const password = required(
  text('Password of the registry, 8 to 16 characters', '镜像仓库登录密码，8 到 16 个字符', {
    minChars: 8,
    maxChars: 16,
    secret: true,
  }),
)

export const createUserPersonal = action('CreateUserPersonal', {
  doc: {
    en: 'Begins with Personal edition: sets the caller’s password of the registry.',
    zh: '初始化个人版：设置调用者的镜像仓库密码。',
  },
  kind: 'write',
  access: self,
  input: { Password: password },
  output: {},
})

export const modifyUserPasswordPersonal = action('ModifyUserPasswordPersonal', {
  doc: {
    en: 'Changes the caller’s password of the registry; the old one ends at once.',
    zh: '修改调用者的镜像仓库密码，旧密码立即失效。',
  },
  kind: 'write',
  access: self,
  input: { Password: password },
  output: {},
})

const quota = structure('Limit', 'A quota', '配额', {
  Username: required(text('The account’s uin', '账号 uin')),
  Type: required(
    oneOf(
      ['namespace', 'repo', 'tag'],
      'Of namespaces, of repositories, or of tags in each repository',
      '命名空间数、仓库数、单个仓库的版本数',
    ),
  ),
  Value: required(integer('How many may be', '配额值')),
})

const quotas = structure('RespLimit', 'The quotas', '配额列表', {
  LimitInfo: required(listOf(quota, 'The quotas', '配额列表', { maxItems: 10 })),
})

export const describeUserQuotaPersonal = action('DescribeUserQuotaPersonal', {
  doc: {
    en: 'Tells the quotas of the account in this region.',
    zh: '查询账号在当前地域的配额。',
  },
  kind: 'read',
  access: listed('repo/*'),
  input: {},
  output: { Data: object(quotas) },
})

export const personalAccountActions: readonly Action[] = [
  createUserPersonal,
  modifyUserPasswordPersonal,
  describeUserQuotaPersonal,
]
