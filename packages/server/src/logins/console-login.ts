// Logging in to the console: name and password, then the second factor where the person has one, then a session. A
// wrong name, a wrong password and a person who may not log in are one answer.

import { ApiError } from '@entrepot/contract/errors.ts'
import { parseUin } from '../accounts/accounts.ts'
import type { Clock } from '../clock.ts'
import { isSuspended, selectPeople } from '../credentials/people.ts'
import { hashHumanSecret, newSecret, verifySecret } from '../crypto/secrets.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database, Queryable } from '../db/database.ts'
import { type FirstStep, firstStepOf, isPasswordOld } from './first-step.ts'
import { type Attempt, assertNotLocked, countWrong, forgetWrong } from './lockout.ts'
import { hasDevice, type ShownFactor, showFactor, useFactor } from './mfa.ts'
import { findPasswordRules, type PasswordRules } from './password-rules.ts'
import { beginSession } from './sessions.ts'

export interface ConsoleLogin {
  /** A uin; or a main account's uin, `/` and a user name. */
  readonly name: string
  readonly password: string
  /** A code of the generator, or a recovery code. */
  readonly code?: string | undefined
  readonly address: string | null
  readonly agent: string | null
}

export type LoginResult =
  | {
      readonly kind: 'session'
      readonly uin: number
      readonly id: string
      readonly token: string
      /** Before anything else a new password is chosen, or a second factor set up. */
      readonly first: FirstStep | undefined
    }
  /** Right so far: the same again, with a code. */
  | { readonly kind: 'code-needed' }

interface LoginGround {
  readonly db: Database
  readonly clock: Clock
  readonly vault: Vault
}

/** Throws UNAUTHORIZED, MFA_FAILED, TOO_MANY_REQUESTS. */
export async function logInToConsole(
  ground: LoginGround,
  login: ConsoleLogin,
): Promise<LoginResult> {
  const { db, clock } = ground
  const at = await clock.deployment(db.read)
  const person = await findLogin(db.read, login.name)
  const rules = await findPasswordRules(db.read, person?.owner_uin ?? 0)
  await assertNotLocked(db.read, login, { retryLimit: rules.retryLimit, at })
  const isRight = await verifySecret(login.password, person?.password_hash ?? (await noHash()))
  if (!person || !isRight || !mayLogIn(person) || isTooOld(person, rules, at)) {
    await db.write((tx) => countWrong(tx, login, { uin: person?.uin ?? null, at }))
    throw wrongLogin()
  }
  const factor = await factorOf(ground, person, login, at)
  if (factor === 'code-needed') return { kind: factor }
  return db.write(async (tx) => {
    if (factor) await useFactor(tx, factor)
    await forgetWrong(tx, login)
    await tx
      .updateTable('accounts')
      .set({ last_login_at: at, last_login_address: login.address })
      .where('uin', '=', person.uin)
      .execute()
    const { uin, person_version: version } = person
    const { address, agent } = login
    const hasFactor = factor !== undefined
    const session = await beginSession(tx, { uin, version, hasFactor, address, agent, at })
    return {
      kind: 'session',
      uin,
      ...session,
      first: firstStepOf(person, rules, { hasFactor, at }),
    }
  })
}

/** A wrong code counts like a wrong password: both together open the door. */
async function factorOf(
  { db, vault }: LoginGround,
  { uin }: LoginRow,
  login: ConsoleLogin,
  at: number,
): Promise<ShownFactor | undefined | 'code-needed'> {
  if (!(await hasDevice(db.read, uin))) return undefined
  if (!login.code) return 'code-needed'
  try {
    return await showFactor(db.read, vault, { uin, code: login.code, nowMs: at })
  } catch (error) {
    await countIfWrong(db, login, error, { uin, at })
    throw error
  }
}

async function countIfWrong(
  db: Database,
  attempt: Attempt,
  error: unknown,
  facts: { readonly uin: number; readonly at: number },
): Promise<void> {
  if (!(error instanceof ApiError && error.code === 'MFA_FAILED')) return
  await db.write((tx) => countWrong(tx, attempt, facts))
}

function selectLogins(db: Queryable) {
  return selectPeople(db)
    .select(['a.password_hash', 'a.console_login', 'a.need_reset_password'])
    .select(['a.password_changed_at', 'a.created_at', 'a.login_factor'])
}

type LoginRow = Awaited<ReturnType<ReturnType<typeof selectLogins>['executeTakeFirstOrThrow']>>

async function findLogin(db: Queryable, name: string): Promise<LoginRow | undefined> {
  const slash = name.indexOf('/')
  const uin = parseUin(slash === -1 ? name : name.slice(0, slash))
  if (uin === undefined) return undefined
  const query = selectLogins(db)
  return slash === -1
    ? query.where('a.uin', '=', uin).executeTakeFirst()
    : query
        .where('a.owner_uin', '=', uin)
        .where('a.name', '=', name.slice(slash + 1))
        .executeTakeFirst()
}

function mayLogIn(person: LoginRow): boolean {
  return person.console_login === 1 && !isSuspended(person)
}

function isTooOld(person: LoginRow, rules: PasswordRules, at: number): boolean {
  // Nobody could set the main account's anew.
  return (
    rules.endsWhenExpired && person.uin !== person.owner_uin && isPasswordOld(person, rules, at)
  )
}

let nobodysHash: Promise<string> | undefined

/** For names that are not there: the answer takes as long as for those that are. */
function noHash(): Promise<string> {
  nobodysHash ??= hashHumanSecret(newSecret())
  return nobodysHash
}

function wrongLogin(): ApiError {
  return new ApiError('UNAUTHORIZED', {
    message: {
      en: 'wrong name or password, or this account may not log in to the console',
      zh: '账号或密码错误，或该账号不允许登录控制台',
    },
  })
}
