// How people log in: rules for passwords, second factors, addresses (6 actions).

import { type Action, on, operation, self } from '../action.ts'
import {
  integer,
  list,
  listOf,
  nullable,
  object,
  oneOf,
  required,
  structure,
  text,
} from '../fields.ts'
import { action, asksForPerson, bit } from './parameters.ts'

const passwordRule = structure('PassWordRule', 'Rules for console passwords', '密码规则', {
  MinimumLength: nullable(
    integer('Fewest characters, 8 to 32', '最小长度，8 到 32', { min: 8, max: 32 }),
  ),
  MustContain: nullable(
    text(
      'What it must hold, joined by commas: UpperCase, LowerCase, Digits, SpecialCharacters',
      '必须包含的字符，逗号分隔：UpperCase、LowerCase、Digits、SpecialCharacters',
      { maxChars: 256 },
    ),
  ),
  ForcePasswordChange: nullable(
    integer('Days until it must be changed; 0: never', '强制修改周期（天），0 为不强制', {
      max: 365,
    }),
  ),
  ReusePasswordLimit: nullable(
    integer('How many of the last may not come back', '不可与最近几次的密码相同', { max: 24 }),
  ),
  RetryPasswordLimit: nullable(
    integer('Wrong ones from an address before it must wait', '同一地址允许的连续错误次数', {
      min: 1,
      max: 100,
    }),
  ),
  PasswordExpirationInvalidation: nullable(
    integer(
      '1: an expired one logs nobody in; 2: it must be changed at login',
      '1 密码过期后不能登录，2 过期后登录时须修改',
      { values: [1, 2] },
    ),
  ),
})

export const getPasswordRules = action('GetPasswordRules', {
  doc: { en: 'Shows the rules for console passwords.', zh: '查询密码规则。' },
  kind: 'read',
  // They bind whoever chooses a password, so whoever does may read them.
  access: self,
  input: {},
  output: {
    Rules: object(passwordRule),
    UpdateTime: text('When they last changed', '最近修改时间'),
    Modifier: text('Who changed them', '修改人'),
  },
})

export const updatePasswordRules = action('UpdatePasswordRules', {
  doc: { en: 'Sets the rules for console passwords.', zh: '设置密码规则。' },
  kind: 'write',
  access: operation,
  input: { Rules: required(object(passwordRule)) },
  output: {},
})

const loginActionFlag = structure(
  'LoginActionFlag',
  'Second factors; 1: asked for',
  '二次校验方式，1 表示开启',
  {
    Phone: bit('A phone', '手机校验'),
    Token: bit('A hardware token', '硬件 token 校验'),
    Stoken: bit('One-time codes (TOTP)', '软 token 校验（TOTP）'),
    Wechat: bit('WeChat', '微信校验'),
    Custom: bit('One of its own', '自定义校验'),
    Mail: bit('E-mail', '邮箱校验'),
    U2FToken: bit('A U2F key', 'U2F 硬件 token'),
    Passkey: bit('A passkey', 'passkey 校验'),
  },
)

const offsiteFlag = structure(
  'OffsiteFlag',
  'At a login from an unusual place; 1: on',
  '异地登录保护，1 表示开启',
  {
    VerifyFlag: bit('Ask for a second factor', '校验'),
    NotifyPhone: bit('Tell the phone', '手机通知'),
    NotifyEmail: bit('Tell by e-mail', '邮箱通知'),
    NotifyWechat: bit('Tell by WeChat', '微信通知'),
    Tips: bit('Say so in the console', '控制台提示'),
  },
)

const safeAuthFlags = {
  LoginFlag: object(loginActionFlag, 'At login', '登录保护'),
  ActionFlag: object(loginActionFlag, 'At sensitive actions', '敏感操作保护'),
  OffsiteFlag: object(offsiteFlag),
  PromptTrust: bit('1: offers to trust the device', '1 提示信任设备'),
} as const

export const describeSafeAuthFlag = action('DescribeSafeAuthFlag', {
  doc: { en: 'Shows the second factors of the caller.', zh: '查询调用者的安全设置。' },
  kind: 'read',
  access: self,
  input: {},
  output: safeAuthFlags,
})

export const describeSafeAuthFlagColl = action('DescribeSafeAuthFlagColl', {
  doc: { en: 'Shows the second factors of a sub-account.', zh: '查询子账号的安全设置。' },
  kind: 'read',
  access: on('uin/{SubUin}'),
  input: { SubUin: required(integer('Uin of the person', '子账号的 uin', { min: 1 })) },
  output: safeAuthFlags,
})

const loginActionMfaFlag = structure(
  'LoginActionMfaFlag',
  'Second factors to ask for; only Stoken is to be had here',
  '要求的二次校验方式，此处仅支持 Stoken',
  {
    Phone: bit('A phone', '手机校验'),
    Stoken: bit('One-time codes (TOTP)', '软 token 校验（TOTP）'),
    Wechat: bit('WeChat', '微信校验'),
  },
)

export const setMfaFlag = action('SetMfaFlag', {
  doc: { en: 'Says which second factors a person must use.', zh: '设置用户须使用的二次校验方式。' },
  kind: 'write',
  access: asksForPerson,
  input: {
    OpUin: integer('Whose; the caller unless told', '用户的 uin，默认为调用者', { min: 1 }),
    LoginFlag: object(loginActionMfaFlag, 'At login', '登录保护'),
    ActionFlag: object(loginActionMfaFlag, 'At sensitive actions', '敏感操作保护'),
  },
  output: {},
})

export const maxIpPolicies = 100

export const ipPolicy = structure(
  'IpPolicy',
  'Addresses that may log in, or may not',
  '登录 IP 策略',
  {
    IP: required(text('Address or CIDR', 'IP 或网段', { minChars: 1, maxChars: 64 })),
    Effect: required(oneOf(['Allow', 'Deny'], 'Allow or Deny', 'Allow 允许，Deny 拒绝')),
  },
)

export const createSubAccountLoginIpPolicy = action('CreateSubAccountLoginIpPolicy', {
  doc: {
    en: 'Says from which addresses sub-accounts may log in; replaces what was said.',
    zh: '设置子账号的登录 IP 策略，整体替换。',
  },
  kind: 'write',
  access: operation,
  input: {
    IpPolicies: listOf(ipPolicy, 'The addresses', 'IP 策略列表', { maxItems: maxIpPolicies }),
    ApproverType: oneOf(['SubAccountLoginLimitApproval'], 'Who approves exceptions', '审批人类型'),
    ApproverUin: list(integer('A uin', 'uin', { min: 1 }), 'Who approves', '审批人的 uin 列表', {
      maxItems: 20,
    }),
    DisablePolicy: bit('1: off', '1 禁用策略'),
    PolicyType: integer('1 addresses, 2 unusual places', '1 IP 策略，2 异地登录校验', {
      values: [1, 2],
    }),
  },
  output: {},
})

export const loginSecurityActions: readonly Action[] = [
  getPasswordRules,
  updatePasswordRules,
  describeSafeAuthFlag,
  describeSafeAuthFlagColl,
  setMfaFlag,
  createSubAccountLoginIpPolicy,
]
