// Console passwords: checked and hashed outside the transaction that stores them, since Argon2id takes its time.

import { randomInt } from 'node:crypto'
import { holdPerson } from '../accounts/accounts.ts'
import { hashHumanSecret, newSecret, verifySecret } from '../crypto/secrets.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { assertPassword, findPasswordRules, refused } from './password-rules.ts'

/** The reference's "empty password" answer has 32 characters. */
const madeChars = 32
const specials = '!#%+-.=@_'
/** Former hashes kept of a person: what `reuseLimit` may be at most. */
const maxFormer = 24

/** It keeps every rule that can be set. */
export function makePassword(): string {
  const classes = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz', '23456789', specials]
  const rest = newSecret(madeChars - classes.length)
  const chars = [...classes.map((of) => of[randomInt(of.length)]), ...rest]
  for (let i = chars.length - 1; i > 0; i -= 1) {
    const other = randomInt(i + 1)
    ;[chars[i], chars[other]] = [chars[other], chars[i]]
  }
  return chars.join('')
}

/** `uin` undefined: of a person who is about to be made. Throws PASSWORD_REFUSED. */
export async function hashPassword(
  db: Queryable,
  whose: { readonly ownerUin: number; readonly uin: number | undefined },
  password: string,
): Promise<string> {
  const rules = await findPasswordRules(db, whose.ownerUin)
  assertPassword(rules, password)
  if (whose.uin !== undefined) await refuseFormer(db, whose.uin, password, rules.reuseLimit)
  return hashHumanSecret(password)
}

async function refuseFormer(
  db: Queryable,
  uin: number,
  password: string,
  reuseLimit: number,
): Promise<void> {
  if (reuseLimit === 0) return
  const former = await db
    .selectFrom('password_history')
    .select('password_hash')
    .where('uin', '=', uin)
    .orderBy('set_at', 'desc')
    .limit(reuseLimit)
    .execute()
  for (const { password_hash: hash } of former) {
    if (!(await verifySecret(password, hash))) continue
    throw refused(
      `choose a password that is none of the last ${reuseLimit}`,
      `新密码不能与最近 ${reuseLimit} 次的密码相同`,
    )
  }
}

export interface NewPassword {
  readonly uin: number
  readonly hash: string
  /** Whoever has it must choose another at the next login. */
  readonly mustChange: boolean
  readonly at: number
  /** The session in which its person changed it goes on. */
  readonly keepsSession?: string | undefined
}

/** Every other session of the person ends. */
export async function storePassword(tx: Tx, password: NewPassword): Promise<void> {
  const { uin, hash, mustChange, at, keepsSession = '' } = password
  await holdPerson(tx, uin)
  await tx
    .updateTable('accounts')
    .set({
      password_hash: hash,
      need_reset_password: mustChange ? 1 : 0,
      password_changed_at: at,
    })
    .where('uin', '=', uin)
    .execute()
  await tx
    .insertInto('password_history')
    .values({ uin, set_at: at, password_hash: hash })
    .onConflict((conflict) =>
      conflict.columns(['uin', 'set_at']).doUpdateSet({ password_hash: hash }),
    )
    .execute()
  await tx
    .deleteFrom('password_history')
    .where('uin', '=', uin)
    .where('set_at', 'not in', (eb) =>
      eb
        .selectFrom('password_history')
        .select('set_at')
        .where('uin', '=', uin)
        .orderBy('set_at', 'desc')
        .limit(maxFormer),
    )
    .execute()
  await tx
    .deleteFrom('console_sessions')
    .where('uin', '=', uin)
    .where('id', '!=', keepsSession)
    .execute()
}

/** Without a new one: the present password must be changed at the next login. */
export async function requireNewPassword(tx: Tx, uin: number, isRequired: boolean): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({ need_reset_password: isRequired ? 1 : 0 })
    .where('uin', '=', uin)
    .execute()
}
