// Temporary keys (7 actions).

import { type Action, actionsOf, open, self } from '../action.ts'
import {
  integer,
  listOf,
  nullable,
  object,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'

const action = actionsOf('sts')

const maxAssumedSeconds = 43_200
/** A main account's: 7200, which the handler holds. */
const maxOwnSeconds = 129_600
/** What a provider's token or assertion may be. */
const maxTokenChars = 16_384
const maxAssertionChars = 131_072
const maxSessionPolicyChars = 65_536

const roleArn = required(
  text(
    'The role: `qcs::cam::uin/<uin>:role/<id>` or `…:roleName/<name>`',
    '角色的资源描述：qcs::cam::uin/<uin>:role/<id> 或 …:roleName/<名称>',
    { minChars: 1, maxChars: 512 },
  ),
)

const roleSessionName = required(
  text('Name of the session, seen in the audit log', '会话名称，记入操作审计', {
    minChars: 2,
    maxChars: 128,
    rule: {
      pattern: /^[\w+=,.@-]+$/,
      words: { en: 'letters, digits and _ + = , . @ -', zh: '字母、数字和 _ + = , . @ -' },
    },
  }),
)

const assumedSeconds = withDefault(
  integer('How long they last, in seconds, at most 43200', '有效期（秒），最长 43200', {
    min: 1,
    max: maxAssumedSeconds,
  }),
  7200,
)

const ownSeconds = withDefault(
  integer(
    'How long they last, in seconds: at most 7200 for a main account, 129600 for a sub-account',
    '有效期（秒），主账号最长 7200，子账号最长 129600',
    { min: 1, max: maxOwnSeconds },
  ),
  1800,
)

const sessionPolicy = text(
  'Policy that narrows what the keys may do, URL-encoded JSON',
  '限制临时密钥权限的策略，经 URL 编码的 JSON',
  { maxChars: maxSessionPolicyChars },
)

const serialNumber = text('The MFA device', 'MFA 设备的序列号', { maxChars: 256 })
const tokenCode = text('Its present code', 'MFA 设备当前的验证码', { maxChars: 16, secret: true })

const credentials = structure('Credentials', 'Temporary keys', '临时密钥', {
  Token: text('Goes with each request', '临时令牌，须随每次请求携带', { secret: true }),
  TmpSecretId: text('SecretId', '临时 SecretId'),
  TmpSecretKey: text('SecretKey', '临时 SecretKey', { secret: true }),
})

const granted = {
  Credentials: object(credentials),
  ExpiredTime: integer('When they end, Unix seconds', '过期时间，Unix 秒'),
  Expiration: nullable(text('When they end, ISO 8601 UTC', '过期时间，ISO 8601 UTC')),
} as const

const sessionTag = structure('Tag', 'A tag of the session', '会话标签', {
  Key: required(text('Key', '标签键', { minChars: 1, maxChars: 128 })),
  Value: required(text('Value', '标签值', { maxChars: 256 })),
})

export const assumeRole = action('AssumeRole', {
  doc: { en: 'Gives temporary keys of a role.', zh: '扮演角色，获取临时密钥。' },
  kind: 'write',
  // The role stands in `RoleArn`, perhaps another account's: the handler asks the caller's policies for
  // `sts:AssumeRole` on it, and the role's trust policy for the caller.
  access: self,
  input: {
    RoleArn: roleArn,
    RoleSessionName: roleSessionName,
    DurationSeconds: assumedSeconds,
    Policy: sessionPolicy,
    ExternalId: text('What the trust policy may ask for', '角色外部 ID，供信任策略校验', {
      minChars: 2,
      maxChars: 128,
      rule: {
        pattern: /^[\w+=,.@:/-]+$/,
        words: {
          en: 'letters, digits and _ + = , . @ : / -',
          zh: '字母、数字和 _ + = , . @ : / -',
        },
      },
    }),
    Tags: listOf(sessionTag, 'Tags of the session', '会话标签列表', { maxItems: 50 }),
    SourceIdentity: text('Uin of the caller', '调用者的 uin', { maxChars: 64 }),
    SerialNumber: serialNumber,
    TokenCode: tokenCode,
  },
  output: granted,
})

// The next two bring their proof in the input; the role's trust policy decides.

export const assumeRoleWithSaml = action('AssumeRoleWithSAML', {
  doc: {
    en: 'Gives temporary keys of a role for a SAML assertion.',
    zh: '凭 SAML 断言扮演角色，获取临时密钥。',
  },
  kind: 'write',
  access: open,
  input: {
    SAMLAssertion: required(
      text('The assertion, base64', 'SAML 断言，base64 编码', {
        minChars: 1,
        maxChars: maxAssertionChars,
        secret: true,
      }),
    ),
    PrincipalArn: required(
      text('The provider, by its full name', '身份提供商的资源描述', {
        minChars: 1,
        maxChars: 512,
      }),
    ),
    RoleArn: roleArn,
    RoleSessionName: roleSessionName,
    DurationSeconds: assumedSeconds,
  },
  output: granted,
})

export const assumeRoleWithWebIdentity = action('AssumeRoleWithWebIdentity', {
  doc: {
    en: 'Gives temporary keys of a role for a token of an OIDC provider.',
    zh: '凭 OIDC 身份提供商的令牌扮演角色，获取临时密钥。',
  },
  kind: 'write',
  access: open,
  input: {
    ProviderId: required(
      text('Name of the provider', '身份提供商名称', { minChars: 1, maxChars: 128 }),
    ),
    WebIdentityToken: required(
      text('The token', '身份提供商签发的令牌', {
        minChars: 1,
        maxChars: maxTokenChars,
        secret: true,
      }),
    ),
    RoleArn: roleArn,
    RoleSessionName: roleSessionName,
    DurationSeconds: assumedSeconds,
  },
  output: granted,
})

export const getFederationToken = action('GetFederationToken', {
  doc: {
    en: 'Gives temporary keys that may do what both the caller and the policy may.',
    zh: '获取联合身份的临时密钥，权限为调用者与所给策略的交集。',
  },
  kind: 'write',
  access: self,
  input: {
    Name: required(text('Whom they are for', '使用者名称', { minChars: 1, maxChars: 128 })),
    Policy: required(sessionPolicy),
    DurationSeconds: ownSeconds,
  },
  output: granted,
})

export const getSessionToken = action('GetSessionToken', {
  doc: {
    en: 'Gives temporary keys of the caller for a code of his MFA device.',
    zh: '凭 MFA 验证码获取调用者自身的临时密钥。',
  },
  kind: 'write',
  access: self,
  input: {
    SerialNumber: required(serialNumber),
    TokenCode: required(tokenCode),
    DurationSeconds: ownSeconds,
  },
  output: granted,
})

export const getCallerIdentity = action('GetCallerIdentity', {
  doc: { en: 'Says who the caller is.', zh: '查询调用者的身份。' },
  kind: 'read',
  access: self,
  input: {},
  output: {
    Arn: text('Full name of the caller', '调用者的资源描述'),
    AccountId: text('Uin of the main account', '主账号的 uin'),
    UserId: text(
      'The uin, or `<role id>:<session name>`, or `<uin>:<federated name>`',
      'uin，或 <角色 ID>:<会话名称>，或 <uin>:<联合身份名称>',
    ),
    PrincipalId: text('Uin that asked for the keys', '申请密钥的账号的 uin'),
    Type: text('Kind of caller', '身份类型'),
  },
})

const apiKey = structure('ApiKey', 'An API key', 'API 密钥', {
  SecretId: text('SecretId', '密钥 ID'),
  CreateTime: integer('When it was made, Unix seconds', '创建时间，Unix 秒'),
  Status: integer('2 active, 3 disabled, 4 deleted', '2 启用，3 禁用，4 已删除'),
})

export const queryApiKey = action('QueryApiKey', {
  doc: { en: 'Lists the API keys of a person.', zh: '查询账号的 API 密钥。' },
  kind: 'read',
  // Without `TargetUin` the caller's own; for another's the handler asks for `uin/<uin>`.
  access: self,
  input: {
    TargetUin: integer('Whose; the caller unless told', '账号的 uin，默认为调用者', { min: 1 }),
  },
  output: { IdKeys: listOf(apiKey, 'The keys', '密钥列表') },
})

export const temporaryKeyActions: readonly Action[] = [
  assumeRole,
  assumeRoleWithSaml,
  assumeRoleWithWebIdentity,
  getFederationToken,
  getSessionToken,
  getCallerIdentity,
  queryApiKey,
]
