// Rules that a main account sets for the console passwords of all below it.

import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import type { Queryable, Tx } from '../db/database.ts'

export const characterClasses = {
  UpperCase: /[A-Z]/,
  LowerCase: /[a-z]/,
  Digits: /[0-9]/,
  SpecialCharacters: /[^A-Za-z0-9\s]/,
} as const

export type CharacterClass = keyof typeof characterClasses

export interface PasswordRules {
  readonly minimumLength: number
  readonly mustContain: readonly CharacterClass[]
  /** 0: passwords do not age. */
  readonly forceChangeDays: number
  /** How many former ones may not come back. */
  readonly reuseLimit: number
  /** Wrong ones from one address until the pair of both is locked. */
  readonly retryLimit: number
  /** An aged password no longer logs in; else it must be changed at login. */
  readonly endsWhenExpired: boolean
  readonly updatedAt: number | undefined
  readonly modifiedBy: number | undefined
}

export const defaultRules: PasswordRules = {
  minimumLength: 8,
  mustContain: ['UpperCase', 'LowerCase', 'Digits', 'SpecialCharacters'],
  forceChangeDays: 0,
  reuseLimit: 1,
  retryLimit: 5,
  endsWhenExpired: false,
  updatedAt: undefined,
  modifiedBy: undefined,
}

/** Hashing costs more with each character. */
export const maxPasswordChars = 256

export async function findPasswordRules(db: Queryable, ownerUin: number): Promise<PasswordRules> {
  const row = await db
    .selectFrom('password_rules')
    .selectAll()
    .where('owner_uin', '=', ownerUin)
    .executeTakeFirst()
  if (!row) return defaultRules
  return {
    minimumLength: row.minimum_length,
    mustContain: parseClasses(row.must_contain),
    forceChangeDays: row.force_change_days,
    reuseLimit: row.reuse_limit,
    retryLimit: row.retry_limit,
    endsWhenExpired: row.ends_when_expired === 1,
    updatedAt: row.updated_at,
    modifiedBy: row.modified_by,
  }
}

/** Hold for passwords that are set from now on; age and retries at the next login. */
export async function setPasswordRules(
  tx: Tx,
  ownerUin: number,
  rules: PasswordRules,
  by: { readonly uin: number; readonly at: number },
): Promise<void> {
  const columns = {
    minimum_length: rules.minimumLength,
    must_contain: rules.mustContain.join(','),
    force_change_days: rules.forceChangeDays,
    reuse_limit: rules.reuseLimit,
    retry_limit: rules.retryLimit,
    ends_when_expired: rules.endsWhenExpired ? 1 : 0,
    modified_by: by.uin,
    updated_at: by.at,
  }
  await tx
    .insertInto('password_rules')
    .values({ owner_uin: ownerUin, ...columns })
    .onConflict((conflict) => conflict.column('owner_uin').doUpdateSet(columns))
    .execute()
}

/** Throws INVALID_PARAMETER_VALUE for a class that there is not. */
export function parseClasses(text: string): CharacterClass[] {
  const names = text.split(',').map((name) => name.trim())
  return [...new Set(names.filter((name) => name !== ''))].map((name) => {
    if (Object.hasOwn(characterClasses, name)) return name as CharacterClass
    const known = Object.keys(characterClasses).join(', ')
    throw invalidValue('Rules.MustContain', {
      en: `must name some of ${known}`,
      zh: `只能包含 ${known}`,
    })
  })
}

/** Throws PASSWORD_REFUSED, naming the rule. */
export function assertPassword(rules: PasswordRules, password: string): void {
  const length = [...password].length
  if (length < rules.minimumLength || length > maxPasswordChars) {
    throw refused(
      `a password has ${rules.minimumLength} to ${maxPasswordChars} characters`,
      `密码长度应为 ${rules.minimumLength} 到 ${maxPasswordChars} 个字符`,
    )
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none can be typed
  if (/[\u0000-\u001f\u007f]/.test(password)) {
    throw refused('a password has no control characters', '密码不能包含控制字符')
  }
  const missing = rules.mustContain.filter((name) => !characterClasses[name].test(password))
  if (missing.length === 0) return
  throw refused(`the password lacks ${missing.join(', ')}`, `密码缺少 ${missing.join('、')}`)
}

export function refused(en: string, zh: string): ApiError {
  return new ApiError('PASSWORD_REFUSED', { message: { en, zh } })
}
