// May this principal take the role on? The role's trust policy says who; an account's people also need an own
// policy that allows `sts:AssumeRole` on the role, which is asked for with `evaluate` as for any action.

import { matchesAction } from './action-names.ts'
import { type Context, conditionsHold } from './conditions.ts'
import { type Principals, parseTrustPolicy, type TrustStatement } from './document.ts'

export type TrustPrincipal =
  | { readonly kind: 'account'; readonly uin: number; readonly ownerUin: number }
  /** Keys of one role that take on another. */
  | {
      readonly kind: 'role'
      readonly ownerUin: number
      readonly roleId: string
      readonly roleName: string
    }
  | { readonly kind: 'service'; readonly name: string }
  /** `qcs::cam::uin/<main account>:oidc-provider/<name>`. */
  | { readonly kind: 'federated'; readonly provider: string }

export interface TrustRequest {
  /** `sts:AssumeRole`, `sts:AssumeRoleWithWebIdentity`. */
  readonly action: string
  readonly principal: TrustPrincipal
  /** With the claims of a token under `keys`, as `oidc:sub`. */
  readonly context: Context
}

export type TrustDecision =
  | { readonly effect: 'allow' | 'deny'; readonly statement: number }
  | { readonly effect: 'none'; readonly statement?: undefined }

export interface TrustPolicy {
  readonly statements: readonly TrustStatement[]
}

/** Throws `PolicyProblem`. */
export function compileTrustPolicy(text: string): TrustPolicy {
  return { statements: parseTrustPolicy(text) }
}

export function evaluateTrust({ statements }: TrustPolicy, request: TrustRequest): TrustDecision {
  const action = request.action.toLowerCase()
  const find = (effect: 'allow' | 'deny') =>
    statements.findIndex(
      (statement) =>
        statement.effect === effect &&
        matchesAction(statement.actions, action) &&
        names(statement.principal, request.principal) &&
        conditionsHold(statement.conditions, effect, request.context, undefined),
    )
  const denying = find('deny')
  if (denying !== -1) return { effect: 'deny', statement: denying }
  const allowing = find('allow')
  return allowing === -1 ? { effect: 'none' } : { effect: 'allow', statement: allowing }
}

function names(principals: Principals, principal: TrustPrincipal): boolean {
  switch (principal.kind) {
    case 'account':
      return principals.qcs.some((name) => {
        const whole = `qcs::cam::uin/${principal.ownerUin}:`
        return [`${whole}root`, `${whole}uin/*`, `${whole}uin/${principal.uin}`].includes(name)
      })
    case 'role':
      return principals.qcs.some((name) => {
        const whole = `qcs::cam::uin/${principal.ownerUin}:`
        const own = [`role/${principal.roleId}`, `roleName/${principal.roleName}`]
        return name === `${whole}root` || own.some((role) => name === whole + role)
      })
    case 'service':
      return principals.service.includes(principal.name)
    case 'federated':
      return principals.federated.includes(principal.provider)
  }
}
