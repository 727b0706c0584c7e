// Whom the claims of somebody who logs in make: a user, members of groups, or a role. Pure.

import { allHold, type Claims, claimOf, textOf } from '../identity-providers/claims.ts'
import type { LoginSettings } from '../identity-providers/providers.ts'

export type Target =
  | { readonly kind: 'user'; readonly uin: number }
  | { readonly kind: 'role'; readonly id: number }
  /** The user of this name or uin, by the provider's `UserClaim`. */
  | { readonly kind: 'claim'; readonly value: string }

/** The first mapping to a user or role that holds, else the user claim; undefined: nobody of ours. */
export function selectTarget(settings: LoginSettings, claims: Claims): Target | undefined {
  for (const { target, id, conditions } of settings.mappings) {
    if (target === 'group' || !allHold(conditions, claims)) continue
    return target === 'user' ? { kind: 'user', uin: id } : { kind: 'role', id }
  }
  const value = textOf(claimOf(claims, settings.userClaim))
  if (!value) return undefined
  // An address that its provider has not checked is what anybody typed there.
  // Some providers write it as text.
  const isUnchecked = textOf(claims.email_verified) === 'false'
  if (settings.userClaim === 'email' && isUnchecked) return undefined
  return { kind: 'claim', value }
}

/** The groups that mappings name are the provider's to fill: whoever's claims no longer say so leaves. */
export function selectGroups(settings: LoginSettings, claims: Claims) {
  const named = settings.mappings.filter(({ target }) => target === 'group')
  const inside = new Set(
    named.filter(({ conditions }) => allHold(conditions, claims)).map(({ id }) => id),
  )
  const outside = new Set(named.map(({ id }) => id)).difference(inside)
  return { inside: [...inside], outside: [...outside] }
}

/** The claims that have a say: asked for at the provider's userinfo where its token lacks one. */
export function claimsAsked({ userClaim, mappings }: LoginSettings): readonly string[] {
  return [userClaim, ...mappings.flatMap(({ conditions }) => conditions.map(({ claim }) => claim))]
}

/** What a role's session is called, of the signs that names of sessions have. */
export function sessionNameOf(settings: LoginSettings, claims: Claims): string {
  const text = textOf(claimOf(claims, settings.userClaim)) ?? textOf(claims.sub) ?? ''
  return text.replace(/[^\w+=,.@-]/g, '-').slice(0, maxSessionNameChars)
}

const maxSessionNameChars = 128
