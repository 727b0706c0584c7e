// The API's actions on how people log in: rules for passwords and addresses, and second factors.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  createSubAccountLoginIpPolicy,
  describeSafeAuthFlag,
  describeSafeAuthFlagColl,
  getPasswordRules,
  type ipPolicy,
  setMfaFlag,
  updatePasswordRules,
} from '@entrepot/contract/cam/login-security.ts'
import { describeSubAccountLoginIpPolicy } from '@entrepot/contract/entrepot/login-addresses.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { InputEntry } from '@entrepot/contract/fields.ts'
import { askForPersonOrSelf } from '../accounts/asked-person.ts'
import { getSubAccount } from '../accounts/users.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { chinaTime, isoUtc } from '../actions/times.ts'
import type { Queryable } from '../db/database.ts'
import { type FactorFlags, findFactorFlags, setFactorFlags } from './factor-flags.ts'
import {
  assertRanges,
  findLoginAddresses,
  isAllowedFrom,
  type LoginAddresses,
  setLoginAddresses,
} from './login-addresses.ts'
import { findPasswordRules, parseClasses, setPasswordRules } from './password-rules.ts'

/** `PasswordExpirationInvalidation`. */
const endsWhenExpired = 1
const changesWhenExpired = 2

export const loginHandlers: readonly Handler[] = [
  read(getPasswordRules, async ({ db, actor }) => {
    const rules = await findPasswordRules(db, actor.ownerUin)
    return {
      Rules: {
        MinimumLength: rules.minimumLength,
        MustContain: rules.mustContain.join(','),
        ForcePasswordChange: rules.forceChangeDays,
        ReusePasswordLimit: rules.reuseLimit,
        RetryPasswordLimit: rules.retryLimit,
        PasswordExpirationInvalidation: rules.endsWhenExpired
          ? endsWhenExpired
          : changesWhenExpired,
      },
      UpdateTime: rules.updatedAt === undefined ? '' : chinaTime(rules.updatedAt),
      Modifier: rules.modifiedBy === undefined ? '' : String(rules.modifiedBy),
    }
  }),

  change(updatePasswordRules, async ({ tx, at, actor, input }) => {
    const { ownerUin, uin } = actor
    const present = await findPasswordRules(tx, ownerUin)
    const { Rules } = input
    const {
      MinimumLength: minimumLength = present.minimumLength,
      MustContain: mustContain,
      ForcePasswordChange: forceChangeDays = present.forceChangeDays,
      ReusePasswordLimit: reuseLimit = present.reuseLimit,
      RetryPasswordLimit: retryLimit = present.retryLimit,
      PasswordExpirationInvalidation: expiry,
    } = Rules
    const rules = {
      ...present,
      minimumLength,
      mustContain: mustContain === undefined ? present.mustContain : parseClasses(mustContain),
      forceChangeDays,
      reuseLimit,
      retryLimit,
      endsWhenExpired: expiry === undefined ? present.endsWhenExpired : expiry === endsWhenExpired,
    }
    await setPasswordRules(tx, ownerUin, rules, { uin, at })
    return {}
  }),

  change(createSubAccountLoginIpPolicy, async ({ tx, at, actor, input }) => {
    refuseExceptions(input)
    const { ownerUin, uin } = actor
    const { IpPolicies } = input
    const present = await findLoginAddresses(tx, ownerUin)
    const isEnabled = input.DisablePolicy !== 1
    const rules = { ...(IpPolicies ? fromWire(IpPolicies) : present), isEnabled }
    await setLoginAddresses(tx, ownerUin, rules, { uin, at })
    return {}
  }),

  read(describeSubAccountLoginIpPolicy, async ({ db, actor, origin, input }) => {
    const { ownerUin, uin } = actor
    const { isEnabled, allowed, denied, changed } = await findLoginAddresses(db, ownerUin)
    const { TriedPolicies } = input
    const asked = TriedPolicies ? fromWire(TriedPolicies) : { allowed, denied }
    assertRanges(asked, 'TriedPolicies')
    return {
      IpPolicies: [...toWire('Allow', allowed), ...toWire('Deny', denied)],
      Enabled: isEnabled,
      CallerAddress: origin.address,
      RefusesCaller:
        uin !== ownerUin && !isAllowedFrom({ ...asked, isEnabled: true }, origin.address),
      UpdateTime: changed ? isoUtc(changed.at) : null,
      ModifierUin: changed?.uin ?? null,
    }
  }),

  read(describeSafeAuthFlag, ({ db, actor }) => flagsOf(db, actor.uin)),

  read(describeSafeAuthFlagColl, async ({ db, actor, input }) => {
    const { uin } = await getSubAccount(db, actor.ownerUin, input.SubUin)
    return flagsOf(db, uin)
  }),

  change(setMfaFlag, async (call) => {
    const { tx, input } = call
    const { uin } = await askForPersonOrSelf(tx, call, setMfaFlag.permission, input.OpUin)
    const { LoginFlag, ActionFlag } = input
    await setFactorFlags(tx, uin, {
      ...(LoginFlag && { atLogin: wanted('LoginFlag', LoginFlag) }),
      ...(ActionFlag && { atActions: wanted('ActionFlag', ActionFlag) }),
    })
    return {}
  }),
]

type IpPolicy = InputEntry<typeof ipPolicy>

function fromWire(policies: readonly IpPolicy[]): Pick<LoginAddresses, 'allowed' | 'denied'> {
  const of = (effect: IpPolicy['Effect']) =>
    policies.filter(({ Effect }) => Effect === effect).map(({ IP }) => IP)
  return { allowed: of('Allow'), denied: of('Deny') }
}

function toWire(Effect: IpPolicy['Effect'], addresses: readonly string[]): IpPolicy[] {
  return addresses.map((IP) => ({ IP, Effect }))
}

/** `PolicyType`: of addresses; the other is of unusual places, which nobody here knows. */
const byAddress = 1

/** Throws UNSUPPORTED_OPERATION. */
function refuseExceptions(input: {
  readonly PolicyType?: number | undefined
  readonly ApproverType?: string | undefined
  readonly ApproverUin?: readonly number[] | undefined
}): void {
  const { PolicyType = byAddress, ApproverType, ApproverUin = [] } = input
  if (PolicyType === byAddress && ApproverType === undefined && ApproverUin.length === 0) return
  throw new ApiError('UNSUPPORTED_OPERATION', {
    message: {
      en: 'logins are allowed or refused by their address alone: nobody approves exceptions, and unusual places are not known',
      zh: '仅支持按 IP 地址允许或拒绝登录，不支持审批例外和异地登录校验',
    },
  })
}

interface FactorInput {
  readonly Phone?: number | undefined
  readonly Stoken?: number | undefined
  readonly Wechat?: number | undefined
}

/** Throws UNSUPPORTED_OPERATION for what nobody here could ask for. */
function wanted(name: string, { Phone, Stoken, Wechat }: FactorInput): boolean {
  const other = Phone === 1 ? 'Phone' : Wechat === 1 ? 'Wechat' : undefined
  if (other === undefined) return Stoken === 1
  throw new ApiError('UNSUPPORTED_OPERATION', {
    message: {
      en: `${name}.${other}: only one-time codes (Stoken) are to be had here`,
      zh: `${name}.${other}：此处仅支持一次性验证码（Stoken）`,
    },
  })
}

type Flags = ActionReply<typeof describeSafeAuthFlag>

async function flagsOf(db: Queryable, uin: number): Promise<Flags> {
  const { atLogin, atActions }: FactorFlags = await findFactorFlags(db, uin)
  return {
    LoginFlag: factors(atLogin),
    ActionFlag: factors(atActions),
    OffsiteFlag: { VerifyFlag: 0, NotifyPhone: 0, NotifyEmail: 0, NotifyWechat: 0, Tips: 0 },
    PromptTrust: 0,
  }
}

function factors(hasCode: boolean): Flags['LoginFlag'] {
  return {
    Phone: 0,
    Token: 0,
    Stoken: hasCode ? 1 : 0,
    Wechat: 0,
    Custom: 0,
    Mail: 0,
    U2FToken: 0,
    Passkey: 0,
  }
}
