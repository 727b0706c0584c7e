// The own actions on rules by which tokens of identity providers log in, and the exchange itself.

import type { ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import {
  createTokenExchangeRule,
  deleteTokenExchangeRule,
  describeTokenExchangeRules,
  exchangeToken as exchangeAction,
  modifyTokenExchangeRule,
} from '@entrepot/contract/entrepot/token-exchange.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { mayDo, notAllowed, reachFor } from '../actions/authority.ts'
import { type ChangeCall, type CheckedCall, change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { bareName, servicePrefix } from '../credentials/service-account-name.ts'
import { getServiceAccountId } from '../credentials/service-accounts.ts'
import type { Queryable } from '../db/database.ts'
import type { ClaimCondition } from '../identity-providers/claims.ts'
import { conditionsFromWire, conditionsToWire } from '../identity-providers/condition-fields.ts'
import { getProvider } from '../identity-providers/providers.ts'
import { mayReach } from '../policies/reach.ts'
import { findRole, unknownRole } from '../roles/roles.ts'
import { assertMayExchange } from './authority.ts'
import { exchangeToken } from './exchange.ts'
import {
  createRule,
  deleteRule,
  type ExchangeTarget,
  findRule,
  listRules,
  type Rule,
  updateRule,
} from './rules.ts'

export const tokenExchangeHandlers: readonly Handler[] = [
  change(
    createTokenExchangeRule,
    async (call) => {
      const { tx, at, actor, input } = call
      const key = { kind: ['own', 'role'], name: input.ProviderName } as const
      const target = await targetOf(call)
      const provider = await getProvider(tx, actor.ownerUin, key)
      const RuleId = await createRule(tx, actor.ownerUin, {
        providerId: provider.id,
        name: input.Name,
        description: input.Description ?? '',
        conditions: narrowing(conditionsFromWire(input.Conditions)),
        durationSeconds: input.DurationSeconds,
        isEnabled: input.Enabled,
        target,
        createdBy: actor.uin,
        at,
      })
      return { RuleId }
    },
    undefined,
    (_, { RuleId }) => ({ reference: RuleId }),
  ),

  read(describeTokenExchangeRules, async (call) => {
    const { db, actor, input } = call
    const reach = await reachFor(call, describeTokenExchangeRules.permission, 'oidc-provider/')
    const rules = (await listRules(db, actor.ownerUin)).filter(
      ({ providerName: name }) =>
        mayReach(reach, name) && (!input.ProviderName || name === input.ProviderName),
    )
    const { offset, limit } = pageRange(describeTokenExchangeRules.paging, input)
    return {
      Rules: rules.slice(offset, offset + limit).map(toWire),
      TotalCount: rules.length,
    }
  }),

  change(
    modifyTokenExchangeRule,
    async (call) => {
      const { tx, at, input } = call
      const rule = await askForRule(tx, call, modifyTokenExchangeRule.permission)
      await assertMayExchange(call, rule.target)
      const conditions = input.Conditions && narrowing(conditionsFromWire(input.Conditions))
      await updateRule(tx, rule.id, {
        name: input.Name ?? rule.name,
        description: input.Description ?? rule.description,
        conditions: conditions ?? rule.conditions,
        durationSeconds: input.DurationSeconds ?? rule.durationSeconds,
        isEnabled: input.Enabled ?? rule.isEnabled,
        at,
      })
      return {}
    },
    undefined,
    ({ RuleId }) => ({ reference: RuleId }),
  ),

  change(
    deleteTokenExchangeRule,
    async (call) => {
      const { tx } = call
      const rule = await askForRule(tx, call, deleteTokenExchangeRule.permission)
      await deleteRule(tx, rule.id)
      return {}
    },
    undefined,
    ({ RuleId }) => ({ reference: RuleId }),
  ),

  // Not `change`: its row belongs to whom the token proves, who is not known when the call begins.
  {
    action: exchangeAction,
    async run({ ground, origin, input }: CheckedCall) {
      // The edge has checked the input by this very declaration.
      const asked = input as ActionInput<typeof exchangeAction>
      const login = await exchangeToken(ground, {
        instanceId: asked.TargetRegistryId,
        token: asked.Token,
        ruleId: asked.RuleId,
        origin,
      })
      return {
        Username: login.username,
        Password: login.password,
        ExpireTime: isoUtc(login.expiresAt),
      } satisfies ActionReply<typeof exchangeAction>
    },
  },
]

/** Found, and asked for whether the caller may hand it out. Throws MISSING_PARAMETER, UNAUTHORIZED_OPERATION, … */
async function targetOf(call: ChangeCall<typeof createTokenExchangeRule>): Promise<ExchangeTarget> {
  const { tx, actor, input } = call
  if (input.TargetType === 'Role') {
    const id = Number(input.RoleId ?? missing('RoleId'))
    await assertMayExchange(call, { kind: 'role', id })
    const role = await findRole(tx, actor.ownerUin, { id })
    if (!role) throw unknownRole({ id: input.RoleId })
    return { kind: 'role', id: role.id }
  }
  const name = bareName(input.ServiceAccountName ?? missing('ServiceAccountName'))
  const instanceId = input.RegistryId ?? missing('RegistryId')
  const target = { kind: 'service-account', instanceId, name, id: '' } as const
  await assertMayExchange(call, target)
  return { ...target, id: await getServiceAccountId(tx, instanceId, name) }
}

function missing(parameter: string): never {
  throw new ApiError('MISSING_PARAMETER', {
    message: {
      en: `${parameter}: this parameter is required with this TargetType`,
      zh: `${parameter}：该 TargetType 下必填`,
    },
    detail: { parameter },
  })
}

/** Every token of the provider says these: a rule of them alone would let in all whom it knows. */
const commonClaims: ReadonlySet<string> = new Set(['iss', 'aud', 'azp', 'exp', 'iat', 'nbf'])

function narrowing(conditions: readonly ClaimCondition[]): readonly ClaimCondition[] {
  if (conditions.some(({ claim }) => !commonClaims.has(claim))) return conditions
  throw invalidValue('Conditions', {
    en: 'one must be on a claim that tells runs apart, such as sub',
    zh: '至少一个条件须针对可区分任务的声明，如 sub',
  })
}

type RuleCall = Parameters<typeof mayDo>[0] & { readonly input: { readonly RuleId: string } }

/** Whoever may not know which rules there are is told the same for those that are not there. */
async function askForRule(db: Queryable, call: RuleCall, permission: string): Promise<Rule> {
  const { RuleId: id } = call.input
  const rule = await findRule(db, call.actor.ownerUin, id)
  const asked = `oidc-provider/${rule?.providerName ?? '*'}`
  if (!(await mayDo(call, permission, [asked]))) throw notAllowed(permission, [`rule ${id}`])
  if (rule) return rule
  throw new ApiError('RESOURCE_NOT_FOUND', {
    message: { en: `there is no rule ${id} in this account`, zh: `该账号下没有规则 ${id}` },
  })
}

function toWire(rule: Rule): ActionReply<typeof describeTokenExchangeRules>['Rules'][number] {
  const { target } = rule
  const isRole = target.kind === 'role'
  return {
    RuleId: rule.id,
    ProviderName: rule.providerName,
    Name: rule.name,
    Description: rule.description,
    Conditions: conditionsToWire(rule.conditions),
    TargetType: isRole ? 'Role' : 'ServiceAccount',
    RegistryId: isRole ? null : target.instanceId,
    ServiceAccountName: isRole ? null : `${servicePrefix}${target.name}`,
    RoleId: isRole ? String(target.id) : null,
    DurationSeconds: rule.durationSeconds,
    Enabled: rule.isEnabled,
    CreateTime: isoUtc(rule.createdAt),
    LastUsedTime: rule.lastUsedAt === null ? null : isoUtc(rule.lastUsedAt),
  }
}
