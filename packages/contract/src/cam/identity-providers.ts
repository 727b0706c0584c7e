// Identity providers in Tencent's form: SAML and OIDC for roles, one SAML or OIDC for console login (16 actions).
// Several at once for console login, with mappings, are the product's own: `entrepot/identity-providers.ts`.

import { type Action, listed, on, operation } from '../action.ts'
import { integer, list, listOf, oneOf, required, structure, text } from '../fields.ts'
import { action, bit } from './parameters.ts'

const maxMetadataChars = 262_144
const maxKeysChars = 65_536

const providerName = text('Name of the provider', '身份提供商名称', {
  minChars: 1,
  maxChars: 128,
})
const description = text('Description', '描述', { maxChars: 1024 })
const status = integer('0 not set, 11 on, 2 off', '0 未设置，11 已开启，2 已禁用')
const createTime = text('When it was made', '创建时间')
const modifyTime = text('When it last changed', '最近修改时间')
const metadata = text('The metadata document of the provider, base64', '元数据文档，base64 编码', {
  maxChars: maxMetadataChars,
})

const samlProvider = on('saml-provider/{Name}')

export const createSamlProvider = action('CreateSAMLProvider', {
  doc: { en: 'Makes a SAML provider for roles.', zh: '创建角色 SAML 身份提供商。' },
  kind: 'write',
  access: samlProvider,
  input: {
    Name: required(providerName),
    Description: required(description),
    SAMLMetadataDocument: required(metadata),
  },
  output: { ProviderArn: text('Its full name, for trust policies', '资源描述符，用于信任策略') },
})

export const getSamlProvider = action('GetSAMLProvider', {
  doc: { en: 'Shows a SAML provider.', zh: '查询角色 SAML 身份提供商。' },
  kind: 'read',
  access: samlProvider,
  input: { Name: required(providerName) },
  output: {
    Name: providerName,
    Description: description,
    CreateTime: createTime,
    ModifyTime: modifyTime,
    SAMLMetadata: metadata,
  },
})

const samlProviderInfo = structure('SAMLProviderInfo', 'A SAML provider', 'SAML 身份提供商', {
  Name: providerName,
  Description: description,
  CreateTime: createTime,
  ModifyTime: modifyTime,
})

export const listSamlProviders = action('ListSAMLProviders', {
  doc: { en: 'Lists the SAML providers for roles.', zh: '查询角色 SAML 身份提供商列表。' },
  kind: 'read',
  access: listed('saml-provider/*'),
  input: {},
  output: {
    TotalCount: integer('How many there are in all', '总数'),
    SAMLProviderSet: listOf(samlProviderInfo, 'The providers', '身份提供商列表'),
  },
})

export const updateSamlProvider = action('UpdateSAMLProvider', {
  doc: { en: 'Changes a SAML provider.', zh: '修改角色 SAML 身份提供商。' },
  kind: 'write',
  access: samlProvider,
  input: {
    Name: required(providerName),
    Description: description,
    SAMLMetadataDocument: metadata,
  },
  output: {},
})

export const deleteSamlProvider = action('DeleteSAMLProvider', {
  doc: { en: 'Deletes a SAML provider.', zh: '删除角色 SAML 身份提供商。' },
  kind: 'write',
  access: samlProvider,
  input: { Name: required(providerName) },
  output: {},
})

const identityUrl = text('The issuer, as its tokens name it', '身份提供商 URL，即令牌的 issuer', {
  minChars: 1,
  maxChars: 2048,
})
const identityKey = text('Public keys of the issuer, JWKS in base64', '签名公钥，JWKS 的 base64', {
  maxChars: maxKeysChars,
})
const autoRotateKey = bit(
  '1: the keys are fetched anew from the issuer',
  '1 自动从身份提供商更新公钥',
)
const clientId = text('Client id at the provider', '客户端 ID', { minChars: 1, maxChars: 256 })
const clientIds = list(clientId, 'Client ids; a token must be for one', '客户端 ID 列表', {
  minItems: 1,
  maxItems: 10,
})

const oidcProvider = on('oidc-provider/{Name}')

const oidcConfig = {
  IdentityUrl: required(identityUrl),
  ClientId: required(clientIds),
  Name: required(providerName),
  IdentityKey: required(identityKey),
  Description: description,
  AutoRotateKey: autoRotateKey,
} as const

export const createOidcConfig = action('CreateOIDCConfig', {
  doc: { en: 'Makes an OIDC provider for roles.', zh: '创建角色 OIDC 身份提供商。' },
  kind: 'write',
  access: oidcProvider,
  input: oidcConfig,
  output: {},
})

export const describeOidcConfig = action('DescribeOIDCConfig', {
  doc: { en: 'Shows an OIDC provider for roles.', zh: '查询角色 OIDC 身份提供商。' },
  kind: 'read',
  access: oidcProvider,
  input: { Name: required(providerName) },
  output: {
    ProviderType: integer('11: for roles', '11 角色身份提供商'),
    IdentityUrl: identityUrl,
    IdentityKey: identityKey,
    ClientId: clientIds,
    Status: status,
    Description: description,
    Name: providerName,
    AutoRotateKey: autoRotateKey,
  },
})

export const updateOidcConfig = action('UpdateOIDCConfig', {
  doc: { en: 'Changes an OIDC provider for roles.', zh: '修改角色 OIDC 身份提供商。' },
  kind: 'write',
  access: oidcProvider,
  input: oidcConfig,
  output: {},
})

export const deleteOidcConfig = action('DeleteOIDCConfig', {
  doc: { en: 'Deletes an OIDC provider for roles.', zh: '删除角色 OIDC 身份提供商。' },
  kind: 'write',
  access: oidcProvider,
  input: { Name: required(providerName) },
  output: {},
})

const auxiliaryDomain = text('Further domain of the provider', '辅助域名', { maxChars: 255 })

export const createUserSamlConfig = action('CreateUserSAMLConfig', {
  doc: { en: 'Sets SAML for console login.', zh: '创建用户 SAML 单点登录。' },
  kind: 'write',
  access: operation,
  input: { SAMLMetadataDocument: required(metadata), AuxiliaryDomain: auxiliaryDomain },
  output: {},
})

export const describeUserSamlConfig = action('DescribeUserSAMLConfig', {
  doc: { en: 'Shows SAML for console login.', zh: '查询用户 SAML 单点登录。' },
  kind: 'read',
  access: operation,
  input: {},
  output: { SAMLMetadata: metadata, Status: status, AuxiliaryDomain: auxiliaryDomain },
})

export const updateUserSamlConfig = action('UpdateUserSAMLConfig', {
  doc: { en: 'Changes SAML for console login.', zh: '修改用户 SAML 单点登录。' },
  kind: 'write',
  access: operation,
  input: {
    Operate: required(
      oneOf(
        ['enable', 'disable', 'updateSAML'],
        'enable, disable, or updateSAML: a new document',
        'enable 启用，disable 禁用，updateSAML 更新元数据文档',
      ),
    ),
    SAMLMetadataDocument: metadata,
    AuxiliaryDomain: auxiliaryDomain,
  },
  output: {},
})

const endpoint = text('Where the browser is sent to log in', '授权请求地址', {
  minChars: 1,
  maxChars: 2048,
})
const responseType = oneOf(['id_token', 'code'], 'What the provider answers', '授权响应类型')
const responseMode = oneOf(['form_post', 'fragment'], 'How it answers', '授权响应模式')
/** Spelt as Tencent spells it. */
const mappingFiled = text('Claim that holds the user name', '映射到用户名的字段', {
  minChars: 1,
  maxChars: 255,
})
const scopes = list(
  oneOf(['openid', 'email', 'profile'], 'A scope', '授权范围'),
  'What is asked for; openid always',
  '授权请求范围，默认包含 openid',
  { maxItems: 3 },
)

const userOidcConfig = {
  IdentityUrl: required(identityUrl),
  ClientId: required(clientId),
  AuthorizationEndpoint: required(endpoint),
  ResponseType: required(responseType),
  ResponseMode: required(responseMode),
  MappingFiled: required(mappingFiled),
  IdentityKey: required(identityKey),
  Scope: scopes,
  Description: description,
  AutoRotateKey: autoRotateKey,
} as const

export const createUserOidcConfig = action('CreateUserOIDCConfig', {
  doc: { en: 'Sets OIDC for console login.', zh: '创建用户 OIDC 单点登录。' },
  kind: 'write',
  access: operation,
  input: userOidcConfig,
  output: {},
})

export const describeUserOidcConfig = action('DescribeUserOIDCConfig', {
  doc: { en: 'Shows OIDC for console login.', zh: '查询用户 OIDC 单点登录。' },
  kind: 'read',
  access: operation,
  input: {},
  output: {
    ProviderType: integer('12: for users', '12 用户身份提供商'),
    IdentityUrl: identityUrl,
    IdentityKey: identityKey,
    ClientId: clientId,
    Status: status,
    AuthorizationEndpoint: endpoint,
    Scope: scopes,
    ResponseType: text('What the provider answers', '授权响应类型'),
    ResponseMode: text('How it answers', '授权响应模式'),
    MappingFiled: mappingFiled,
    Description: description,
    AutoRotateKey: autoRotateKey,
  },
})

export const updateUserOidcConfig = action('UpdateUserOIDCConfig', {
  doc: { en: 'Changes OIDC for console login.', zh: '修改用户 OIDC 单点登录。' },
  kind: 'write',
  access: operation,
  input: userOidcConfig,
  output: {},
})

export const disableUserSso = action('DisableUserSSO', {
  doc: {
    en: 'Turns console login by SAML and OIDC off.',
    zh: '关闭用户 SAML 与 OIDC 单点登录。',
  },
  kind: 'write',
  access: operation,
  input: {},
  output: {},
})

export const identityProviderActions: readonly Action[] = [
  createSamlProvider,
  getSamlProvider,
  listSamlProviders,
  updateSamlProvider,
  deleteSamlProvider,
  createOidcConfig,
  describeOidcConfig,
  updateOidcConfig,
  deleteOidcConfig,
  createUserSamlConfig,
  describeUserSamlConfig,
  updateUserSamlConfig,
  createUserOidcConfig,
  describeUserOidcConfig,
  updateUserOidcConfig,
  disableUserSso,
]
