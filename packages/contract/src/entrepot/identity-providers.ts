// OIDC providers for console login, several at once, with what their claims mean here (4 actions). CI's tokens:
// `token-exchange.ts`.

import { type Action, listed, on } from '../action.ts'
import {
  flag,
  list,
  listOf,
  nullable,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import { totalCount } from '../tcr/parameters.ts'
import { action, limit, offset, time } from './parameters.ts'

const maxKeysChars = 65_536
const maxMappings = 100

/** A name, as one is given; a wrong one is not found. */
const providerName = text('Name of the provider, unique in the account', '名称，账号内唯一', {
  minChars: 1,
  maxChars: 128,
  rule: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    words: {
      en: 'letters, digits and . _ -, a letter or digit first',
      zh: '字母、数字和 . _ -，以字母或数字开头',
    },
  },
})

export const givenProviderName = required(
  text('Name of the provider', '身份提供商名称', { minChars: 1, maxChars: 128 }),
)

export const claimCondition = structure('ClaimCondition', 'What a claim must say', '声明条件', {
  Claim: required(
    text('Name of the claim; `a.b`: within', '声明名称，a.b 表示嵌套', {
      minChars: 1,
      maxChars: 128,
    }),
  ),
  Operator: withDefault(
    oneOf(
      ['Equal', 'Like', 'Contains'],
      'Equal; Like: with * and ?; Contains: a list that holds it',
      'Equal 相等；Like 支持 * 和 ?；Contains 列表包含',
    ),
    'Equal',
  ),
  Values: required(
    list(text('A value', '值', { maxChars: 512 }), 'Any of these', '取值，多个之间为或', {
      minItems: 1,
      maxItems: 20,
    }),
  ),
})

const claimMapping = structure(
  'ClaimMapping',
  'Whom a claim makes: a user, a member of a group, or a role',
  '声明对应的用户、用户组或角色',
  {
    Conditions: required(
      listOf(claimCondition, 'All must hold', '条件，须全部成立', { minItems: 1, maxItems: 10 }),
    ),
    TargetType: required(oneOf(['User', 'Group', 'Role'], 'What it gives', '对应的类型')),
    TargetId: required(
      text('Uin, number of the group, or id of the role', 'uin、用户组 ID 或角色 ID', {
        minChars: 1,
        maxChars: 64,
      }),
    ),
  },
)

const endpoint = (en: string, zh: string) =>
  text(`${en}; left out or empty: what the issuer says`, `${zh}，不传或为空时由 issuer 发现`, {
    maxChars: 2048,
  })

const settings = {
  DisplayName: text('What the login page shows', '登录页显示的名称', { maxChars: 128 }),
  Description: text('Description', '描述', { maxChars: 1024 }),
  ClientId: text('Client id at the provider', '客户端 ID', { minChars: 1, maxChars: 256 }),
  Audiences: list(
    text('An audience', '受众', { minChars: 1, maxChars: 256 }),
    'Further audiences of tokens that are taken, for CI',
    '除客户端 ID 外接受的令牌受众，用于 CI',
    { maxItems: 10 },
  ),
  Scopes: list(
    text('A scope', '授权范围', { minChars: 1, maxChars: 128 }),
    'What is asked for; openid always',
    '授权请求范围，始终包含 openid',
    { maxItems: 20 },
  ),
  Keys: text(
    'Its public keys, JWKS; left out or empty: fetched from the issuer and kept fresh',
    '签名公钥，JWKS；不传或为空时从身份提供商获取并自动更新',
    { maxChars: maxKeysChars },
  ),
  ConsoleLogin: flag('True: the login page offers it', 'true 为可用于登录控制台'),
  AuthorizationEndpoint: endpoint('Where the browser is sent', '授权端点'),
  TokenEndpoint: endpoint('Where codes are redeemed', '令牌端点'),
  UserInfoEndpoint: endpoint('Where claims are asked for that tokens lack', '用户信息端点'),
  UserClaim: text(
    'Claim that says who a person is; `sub` unless told. Choose one that people can not choose themselves',
    '标识用户的声明，默认 sub；须为用户不能自行修改的声明',
    { minChars: 1, maxChars: 128 },
  ),
  UserMatch: oneOf(
    ['Name', 'Uin'],
    'What that claim holds: the name of a sub-account, which it is unless told, or its uin',
    '该声明的内容：子账号名称（默认）或 uin',
  ),
  CreateUsers: flag(
    'True: a person who is not yet here is made at his first login; by name only',
    'true 为首次登录时自动创建子账号，仅适用于按名称匹配',
  ),
  Mappings: listOf(
    claimMapping,
    'What claims give; replaces the list. The first to a user or role that holds counts before UserClaim; groups named here are filled at each login',
    '声明映射，整体替换；首个成立的用户或角色映射优先于 UserClaim；其中的用户组在每次登录时同步',
    { maxItems: maxMappings },
  ),
  Enabled: flag('True: it is in use', 'true 为启用'),
} as const

const issuerUrl = text('The issuer, as its tokens name it', 'issuer，与令牌中一致', {
  minChars: 1,
  maxChars: 2048,
})

const clientSecret = text('Client secret at the provider', '客户端密钥', {
  maxChars: 1024,
  secret: true,
})

const oidcProvider = on('oidc-provider/{Name}')

export const createOidcProvider = action('CreateOidcProvider', {
  doc: {
    en: 'Makes an OIDC provider, for console login and for tokens of CI.',
    zh: '创建 OIDC 身份提供商，用于登录控制台和 CI 令牌。',
  },
  kind: 'write',
  access: oidcProvider,
  permission: 'cam:CreateOidcProvider',
  input: {
    Name: required(providerName),
    IssuerUrl: required(issuerUrl),
    ClientSecret: clientSecret,
    ...settings,
    ClientId: required(settings.ClientId),
  },
  output: {
    ProviderId: text('Its id', '身份提供商 ID'),
    RedirectUri: text('What to register at the provider', '须在身份提供商处登记的回调地址'),
  },
})

const provider = structure('OidcProvider', 'An OIDC provider', 'OIDC 身份提供商', {
  ProviderId: text('Its id', '身份提供商 ID'),
  Name: text('Name', '名称'),
  IssuerUrl: issuerUrl,
  ...settings,
  Keys: nullable(settings.Keys),
  HasClientSecret: flag('True: a client secret is set', 'true 为已设置客户端密钥'),
  RedirectUri: text('What to register at the provider', '须在身份提供商处登记的回调地址'),
  KeysFetchTime: nullable(time('When its keys were last fetched', '公钥最近获取时间')),
  KeysError: nullable(text('Why the last fetch failed', '公钥最近获取失败的原因')),
  CreateTime: time('When it was made', '创建时间'),
  UpdateTime: time('When it last changed', '最近修改时间'),
})

export const describeOidcProviders = action('DescribeOidcProviders', {
  doc: { en: 'Lists the OIDC providers.', zh: '查询 OIDC 身份提供商列表。' },
  kind: 'read',
  access: listed('oidc-provider/*'),
  permission: 'cam:DescribeOidcProviders',
  paging: 'record',
  input: {
    Name: text('Only this one', '只查询该身份提供商', { maxChars: 128 }),
    Limit: limit,
    Offset: offset,
  },
  output: {
    Providers: listOf(provider, 'The providers', '身份提供商列表'),
    TotalCount: totalCount,
  },
})

export const modifyOidcProvider = action('ModifyOidcProvider', {
  doc: {
    en: 'Changes an OIDC provider; what is left out stays.',
    zh: '修改 OIDC 身份提供商，未传入的字段保持不变。',
  },
  kind: 'write',
  access: oidcProvider,
  permission: 'cam:ModifyOidcProvider',
  input: { Name: givenProviderName, ClientSecret: clientSecret, ...settings },
  output: {},
})

export const deleteOidcProvider = action('DeleteOidcProvider', {
  doc: {
    en: 'Deletes an OIDC provider with its rules; the sessions it brought end.',
    zh: '删除 OIDC 身份提供商及其规则，由其产生的会话随之结束。',
  },
  kind: 'write',
  access: oidcProvider,
  permission: 'cam:DeleteOidcProvider',
  input: { Name: givenProviderName },
  output: {},
})

export const identityProviderActions: readonly Action[] = [
  createOidcProvider,
  describeOidcProviders,
  modifyOidcProvider,
  deleteOidcProvider,
]
