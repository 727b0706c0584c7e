// Logging in to the console: name and password, then the second factor where the person has one, then a session. A
// wrong name, a wrong password and a person who may not log in are one answer.

import { ApiError } from '@entrepot/contract/errors.ts'
import { parseUin } from '../accounts/accounts.ts'
import { recordAudit } from '../audit/audit.ts'
import type { Clock } from '../clock.ts'
import { isSuspended, selectPeople } from '../credentials/people.ts'
import { hashHumanSecret, newSecret, verifySecret } from '../crypto/secrets.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { type FirstStep, firstStepOf, isPasswordOld } from './first-step.ts'
import { assertNotLocked, countWrong, forgetWrong } from './lockout.ts'
import { mayLogInFrom } from './login-addresses.ts'
import { hasDevice, type ShownFactor, showFactor, useFactor } from './mfa.ts'
import { findPasswordRules, type PasswordRules, refused } from './password-rules.ts'
import { hashPassword, storePassword } from './passwords.ts'
import { beginSession, sessionCredential } from './sessions.ts'

export interface ConsoleLogin {
  /** A uin; or a main account's uin, `/` and a user name. */
  readonly name: string
  readonly password: string
  /** A code of the generator, or a recovery code. */
  readonly code?: string | undefined
  /** Where another must be chosen: this one. */
  readonly newPassword?: string | undefined
  readonly address: string | null
  readonly agent: string | null
  readonly requestId?: string | null
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

/** Throws UNAUTHORIZED, MFA_FAILED, TOO_MANY_REQUESTS, PASSWORD_REFUSED. */
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
  // The same answer to whoever has the password and comes from elsewhere: he should not learn that it is right.
  const isPlace = !person || (await mayLogInFrom(db.read, person, login.address))
  if (!person || !isRight || !mayLogIn(person) || isTooOld(person, rules, at) || !isPlace) {
    const reason = isRight && !isPlace ? 'address-not-allowed' : 'wrong-credentials'
    await db.write((tx) => refuseLogin(tx, login, { person, at, reason }))
    throw wrongLogin()
  }
  const factor = await factorOf(ground, person, login, at)
  if (factor === 'code-needed') return { kind: factor }
  const hasFactor = factor !== undefined
  const newHash = await newHashOf(
    db.read,
    person,
    login,
    firstStepOf(person, rules, { hasFactor, at }),
  )
  return db.write((tx) => begin(tx, { person, login, rules, factor, newHash, at }))
}

interface Proven {
  readonly person: LoginRow
  readonly login: ConsoleLogin
  readonly rules: PasswordRules
  readonly factor: ShownFactor | undefined
  readonly newHash: string | undefined
  readonly at: number
}

async function begin(
  tx: Tx,
  { person, login, rules, factor, newHash, at }: Proven,
): Promise<LoginResult> {
  const { uin, person_version: version } = person
  const { address, agent } = login
  const hasFactor = factor !== undefined
  if (factor) await useFactor(tx, factor)
  await forgetWrong(tx, login)
  await tx
    .updateTable('accounts')
    .set({ last_login_at: at, last_login_address: address })
    .where('uin', '=', uin)
    .execute()
  const session = await beginSession(tx, { uin, version, hasFactor, address, agent, at })
  await auditLogin(tx, login, { person, at, sessionId: session.id })
  if (newHash === undefined) {
    const first = firstStepOf(person, rules, { hasFactor, at })
    return { kind: 'session', uin, ...session, first }
  }
  const keepsSession = session.id
  await storePassword(tx, { uin, hash: newHash, mustChange: false, at, keepsSession })
  const changed = { ...person, need_reset_password: 0, password_changed_at: at }
  return { kind: 'session', uin, ...session, first: firstStepOf(changed, rules, { hasFactor, at }) }
}

/** Before the factor is spent: a password that is refused costs no code. */
async function newHashOf(
  db: Queryable,
  { uin, owner_uin: ownerUin }: LoginRow,
  { password, newPassword }: ConsoleLogin,
  first: FirstStep | undefined,
): Promise<string | undefined> {
  if (newPassword === undefined || first !== 'password-change') return undefined
  if (newPassword === password) {
    throw refused('choose a password that is not the present one', '新密码不能与当前密码相同')
  }
  return hashPassword(db, { ownerUin, uin }, newPassword)
}

interface Refused {
  readonly person: LoginRow | undefined
  readonly at: number
  readonly reason: string
}

async function refuseLogin(tx: Tx, login: ConsoleLogin, refused: Refused): Promise<void> {
  const { person, at, reason } = refused
  await countWrong(tx, login, { uin: person?.uin ?? null, at })
  // Of names that are not there no row is written: whoever guesses would fill the log.
  if (person) await auditLogin(tx, login, { person, at, reason })
}

async function auditLogin(
  tx: Tx,
  { address, agent, requestId = null }: ConsoleLogin,
  what: Pick<Proven, 'person' | 'at'> & { readonly sessionId?: string; readonly reason?: string },
): Promise<void> {
  const { person, at, sessionId, reason } = what
  const actor = sessionId === undefined ? 'anonymous' : String(person.uin)
  const credential = sessionId === undefined ? null : sessionCredential(sessionId)
  await recordAudit(tx, {
    at,
    instanceId: null,
    origin: { actor, credential, address, agent, requestId },
    action: 'cam:ConsoleLogin',
    event: 'ConsoleLogin',
    ownerUin: person.owner_uin,
    resource: `uin/${person.uin}`,
    result: reason === undefined ? 'ok' : 'UNAUTHORIZED',
    reason: reason ?? null,
  })
}

/** A wrong code counts like a wrong password: both together open the door. */
async function factorOf(
  { db, vault }: LoginGround,
  person: LoginRow,
  login: ConsoleLogin,
  at: number,
): Promise<ShownFactor | undefined | 'code-needed'> {
  const { uin } = person
  if (!(await hasDevice(db.read, uin))) return undefined
  if (!login.code) return 'code-needed'
  try {
    return await showFactor(db.read, vault, { uin, code: login.code, nowMs: at })
  } catch (error) {
    await countIfWrong(db, login, error, { person, at })
    throw error
  }
}

async function countIfWrong(
  db: Database,
  login: ConsoleLogin,
  error: unknown,
  facts: Pick<Refused, 'person' | 'at'>,
): Promise<void> {
  if (!(error instanceof ApiError && error.code === 'MFA_FAILED')) return
  await db.write((tx) => refuseLogin(tx, login, { ...facts, reason: 'wrong-factor' }))
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
      en: 'wrong name or password, or this account may not log in to the console, or not from here',
      zh: '账号或密码错误，或该账号不允许登录控制台或从此地址登录',
    },
  })
}
