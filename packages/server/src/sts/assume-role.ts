// Taking on a role: the caller's own policies must allow it, and the role's trust policy must name the caller. A role
// that is not there, and one that does not trust the caller, answer alike.

import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import type { Account } from '../access/actor.ts'
import { type Circumstances, contextOf } from '../access/policy-request.ts'
import type { Queryable } from '../db/database.ts'
import type { VerifiedIdentity } from '../identity-providers/verify-token.ts'
import { assertTrustPolicy } from '../policies/documents.ts'
import { evaluate } from '../policies/evaluate.ts'
import { evaluateTrust, type TrustPrincipal } from '../policies/trust.ts'
import { findRole, maxSessionSeconds, type Role } from '../roles/roles.ts'

export const assumeRolePermission = 'sts:AssumeRole'
const webIdentityPermission = 'sts:AssumeRoleWithWebIdentity'
/** A role's keys that take on a role: shorter, so that a chain ends. */
export const maxChainedSeconds = 3600

export interface RoleName {
  readonly ownerUin: number
  readonly id: string | undefined
  readonly name: string | undefined
}

const arnPattern =
  /^qcs::cam::uin\/([1-9][0-9]{0,15}):(?:role\/([0-9]{1,16})|roleName\/([\w+=,.@-]{1,128})|role\/tencentcloudServiceRole\/([\w+=,.@-]{1,128}))$/

/** `qcs::cam::uin/<main account>:role/<id>` or `…:roleName/<name>`. Throws INVALID_PARAMETER_VALUE. */
export function parseRoleArn(arn: string): RoleName {
  const [, owner, id, name, serviceName] = arnPattern.exec(arn) ?? []
  if (owner === undefined) {
    throw invalidValue('RoleArn', {
      en: 'must be qcs::cam::uin/<main account>:role/<id> or …:roleName/<name>',
      zh: '应为 qcs::cam::uin/<主账号>:role/<角色 ID> 或 …:roleName/<角色名称>',
    })
  }
  return { ownerUin: Number(owner), id, name: name ?? serviceName }
}

export interface Assumption extends Circumstances {
  readonly actor: Account
  readonly role: RoleName
  readonly externalId: string | undefined
}

/** Throws UNAUTHORIZED_OPERATION. */
export async function getAssumableRole(db: Queryable, assumption: Assumption): Promise<Role> {
  const { actor, role: key } = assumption
  const role = await findRole(db, key.ownerUin, key)
  const principal = await principalOf(db, actor)
  if (role && principal && mayAssume(assumption, role) && isTrusted(assumption, role, principal)) {
    return role
  }
  throw notAssumable()
}

export function notAssumable(): ApiError {
  return new ApiError('UNAUTHORIZED_OPERATION', {
    message: {
      en: 'there is no such role, or it may not be taken on by you: its trust policy must name you, and a policy of yours must allow sts:AssumeRole on it',
      zh: '角色不存在，或您无权扮演：角色的信任策略须包含您，且您的策略须允许对其执行 sts:AssumeRole',
    },
  })
}

export interface WebIdentity {
  /** The provider's name. */
  readonly provider: string
  readonly identity: VerifiedIdentity
}

/** For whoever a provider vouches for: the trust policy alone decides. Throws UNAUTHORIZED_OPERATION. */
export async function getRoleForIdentity(
  db: Queryable,
  key: RoleName,
  { provider, identity }: WebIdentity,
  circumstances: Circumstances,
): Promise<Role> {
  const { ownerUin } = key
  const role = await findRole(db, ownerUin, key)
  if (!role) throw notAssumable()
  const keys = new Map([
    ['oidc:iss', [identity.issuer]],
    ['oidc:sub', [identity.subject]],
    ['oidc:aud', identity.audiences],
  ])
  const context = { uin: 0, ownerUin, appId: 0, hasMfa: false, ...circumstances, keys }
  const federated = `qcs::cam::uin/${ownerUin}:oidc-provider/${provider}`
  const decision = evaluateTrust(assertTrustPolicy(role.trustPolicy), {
    action: webIdentityPermission,
    principal: { kind: 'federated', provider: federated },
    context,
  })
  if (decision.effect !== 'allow') throw notAssumable()
  return role
}

/** By id or by name; a refusal of either counts. */
function mayAssume(assumption: Assumption, role: Role): boolean {
  const { actor } = assumption
  // Roles may be another account's: whether it shares them says its trust policy.
  const context = { ...contextOf(actor, assumption), ownerUin: role.ownerUin }
  const place = { service: 'cam', region: '', ownerUin: role.ownerUin }
  const effects = [`role/${role.id}`, `roleName/${role.name}`].map((path) => {
    const resources = [{ ...place, path }]
    return evaluate(actor.rights, { action: assumeRolePermission, resources, context }).effect
  })
  return effects.includes('allow') && !effects.includes('deny')
}

function isTrusted(assumption: Assumption, role: Role, principal: TrustPrincipal): boolean {
  const { externalId, actor } = assumption
  const keys = new Map(externalId === undefined ? [] : [['sts:external_id', [externalId]]])
  const context = { ...contextOf(actor, assumption), keys }
  const trust = assertTrustPolicy(role.trustPolicy)
  const request = { action: assumeRolePermission, principal, context }
  return evaluateTrust(trust, request).effect === 'allow'
}

/** Undefined: a role that is gone. */
async function principalOf(db: Queryable, actor: Account): Promise<TrustPrincipal | undefined> {
  const { uin, ownerUin } = actor
  if (actor.session?.kind !== 'role') return { kind: 'account', uin, ownerUin }
  const role = await findRole(db, ownerUin, { id: uin })
  return role && { kind: 'role', ownerUin, roleId: String(role.id), roleName: role.name }
}

/** Throws INVALID_PARAMETER_VALUE where the role's sessions, or those of a chain, are shorter. */
export function assertDuration(seconds: number, role: Role, actor: Account): void {
  const chained = actor.session?.kind === 'role' ? maxChainedSeconds : maxSessionSeconds
  assertAtMost(seconds, Math.min(role.sessionSeconds || maxSessionSeconds, chained))
}

export function assertAtMost(seconds: number, max: number): void {
  if (seconds <= max) return
  throw invalidValue('DurationSeconds', { en: `must be at most ${max}`, zh: `不能超过 ${max}` })
}
