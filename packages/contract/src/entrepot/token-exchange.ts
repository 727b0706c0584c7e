// CI logs in without a stored secret: rules say which tokens of which provider stand for a service account or a role
// (5 actions).

import { type Action, listed, on, open } from '../action.ts'
import {
  flag,
  integer,
  listOf,
  nullable,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import { totalCount } from '../tcr/parameters.ts'
import { claimCondition, givenProviderName } from './identity-providers.ts'
import { action, limit, offset, time } from './parameters.ts'

/** What a provider's token may be. */
const maxTokenChars = 16_384
/** What it gives has no row: it should not live longer than the run that asked for it. */
const maxSeconds = 3600

const ruleId = required(text('Id of the rule', '规则 ID', { minChars: 1, maxChars: 64 }))
const name = text('Name of the rule', '规则名称', { minChars: 1, maxChars: 128 })
const description = text('Description', '描述', { maxChars: 1024 })
const targetType = oneOf(
  ['ServiceAccount', 'Role'],
  'What a token stands for',
  '令牌对应的身份类型',
)
const seconds = integer('How long a login lasts, in seconds', '登录有效期（秒）', {
  min: 60,
  max: maxSeconds,
})
const enabled = flag('True: it is in use', 'true 为启用')
const conditions = listOf(
  claimCondition,
  'What the token must say, all of it; `sub` or what names the repository belongs here',
  '令牌须满足的全部条件，应包含 sub 或代码仓库等声明',
  { minItems: 1, maxItems: 20 },
)

const target = {
  RegistryId: text('The instance of the service account', '服务级账号所在的实例 ID', {
    maxChars: 64,
  }),
  ServiceAccountName: text('The service account: `tcr$name` or the name', '服务级账号名称', {
    maxChars: 256,
  }),
  RoleId: text('The role', '角色 ID', { maxChars: 64 }),
} as const

export const createTokenExchangeRule = action('CreateTokenExchangeRule', {
  doc: {
    en: 'Lets tokens of a provider with certain claims log in as a service account or a role.',
    zh: '允许身份提供商签发的、满足条件的令牌以服务级账号或角色登录。',
  },
  kind: 'write',
  // What it lets in gets the target's rights: the handler also asks for the right to hand those out, which is to set
  // the service account's password (`tcr:ModifyServiceAccountPassword`) or the role's trust (`cam:UpdateAssumeRolePolicy`).
  access: on('oidc-provider/{ProviderName}'),
  permission: 'cam:CreateTokenExchangeRule',
  input: {
    ProviderName: givenProviderName,
    Name: required(name),
    Description: description,
    Conditions: required(conditions),
    TargetType: required(targetType),
    ...target,
    DurationSeconds: withDefault(seconds, 900),
    Enabled: withDefault(enabled, true),
  },
  output: { RuleId: text('Id of the rule', '规则 ID') },
})

const rule = structure('TokenExchangeRule', 'Which tokens stand for whom', '令牌登录规则', {
  RuleId: text('Its id', '规则 ID'),
  ProviderName: text('Name of the provider', '身份提供商名称'),
  Name: name,
  Description: description,
  Conditions: conditions,
  TargetType: targetType,
  RegistryId: nullable(target.RegistryId),
  ServiceAccountName: nullable(target.ServiceAccountName),
  RoleId: nullable(target.RoleId),
  DurationSeconds: seconds,
  Enabled: enabled,
  CreateTime: time('When it was made', '创建时间'),
  LastUsedTime: nullable(time('When it last let a token in', '最近使用时间')),
})

export const describeTokenExchangeRules = action('DescribeTokenExchangeRules', {
  doc: { en: 'Lists the rules for tokens.', zh: '查询令牌登录规则列表。' },
  kind: 'read',
  access: listed('oidc-provider/*'),
  permission: 'cam:DescribeTokenExchangeRules',
  paging: 'record',
  input: {
    ProviderName: text('Only of this provider', '只查询该身份提供商的', { maxChars: 128 }),
    Limit: limit,
    Offset: offset,
  },
  output: { Rules: listOf(rule, 'The rules', '规则列表'), TotalCount: totalCount },
})

// Rules are named by id: the handler finds the rule and asks for its `oidc-provider/<name>`.
const asksForProvider = listed('oidc-provider/*')

export const modifyTokenExchangeRule = action('ModifyTokenExchangeRule', {
  doc: {
    en: 'Changes a rule for tokens; whom they stand for is final.',
    zh: '修改令牌登录规则，对应的身份不可更改。',
  },
  kind: 'write',
  access: asksForProvider,
  permission: 'cam:ModifyTokenExchangeRule',
  input: {
    RuleId: ruleId,
    Name: name,
    Description: description,
    Conditions: conditions,
    DurationSeconds: seconds,
    Enabled: enabled,
  },
  output: {},
})

export const deleteTokenExchangeRule = action('DeleteTokenExchangeRule', {
  doc: {
    en: 'Deletes a rule for tokens; the logins it gave end at once.',
    zh: '删除令牌登录规则，由其产生的登录立即失效。',
  },
  kind: 'write',
  access: asksForProvider,
  permission: 'cam:DeleteTokenExchangeRule',
  input: { RuleId: ruleId },
  output: {},
})

export const exchangeToken = action('ExchangeToken', {
  doc: {
    en: 'Gives user name and password for docker login to whoever brings a token that a rule lets in.',
    zh: '用满足规则的令牌换取 docker login 的用户名和密码。',
  },
  kind: 'write',
  // The token is the proof, and names no account: the instance says whose rules count.
  access: open,
  input: {
    // Not `RegistryId`, which must be an instance of the caller's account: here nobody is known yet.
    TargetRegistryId: required(
      text('Id of the instance to log in to', '要登录的实例 ID', { minChars: 1, maxChars: 64 }),
    ),
    Token: required(
      text('The token of the provider', '身份提供商签发的令牌', {
        minChars: 1,
        maxChars: maxTokenChars,
        secret: true,
      }),
    ),
    RuleId: text(
      'This rule; else the first that lets the token in',
      '规则 ID，默认取首个满足的规则',
      {
        maxChars: 64,
      },
    ),
  },
  output: {
    Username: text('User name for docker login', 'docker login 的用户名'),
    Password: text('Password for docker login', 'docker login 的密码', { secret: true }),
    ExpireTime: time('When it ends', '过期时间'),
  },
})

export const tokenExchangeActions: readonly Action[] = [
  createTokenExchangeRule,
  describeTokenExchangeRules,
  modifyTokenExchangeRule,
  deleteTokenExchangeRule,
  exchangeToken,
]
