// What a person does after logging in before anything else: choose a new password, or set up a second factor.

import type { PasswordRules } from './password-rules.ts'

export type FirstStep = 'password-change' | 'factor-setup'

const dayMs = 86_400_000

interface PasswordAge {
  readonly password_changed_at: number | null
  readonly created_at: number
}

export function isPasswordOld(person: PasswordAge, rules: PasswordRules, at: number): boolean {
  if (rules.forceChangeDays === 0) return false
  const since = person.password_changed_at ?? person.created_at
  return at - since >= rules.forceChangeDays * dayMs
}

/** Of somebody who logged in by password. */
export function firstStepOf(
  person: PasswordAge & {
    readonly need_reset_password: number
    readonly login_factor: number
  },
  rules: PasswordRules,
  { hasFactor, at }: { readonly hasFactor: boolean; readonly at: number },
): FirstStep | undefined {
  if (person.need_reset_password === 1 || isPasswordOld(person, rules, at)) return 'password-change'
  return person.login_factor === 1 && !hasFactor ? 'factor-setup' : undefined
}
