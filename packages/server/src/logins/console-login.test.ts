import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { createUser, updateUser } from '../accounts/users.ts'
import { openTestDeployment, ownerUin, refusal } from '../credentials/test-deployment.ts'
import type { Database } from '../db/database.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type ConsoleLogin, logInToConsole } from './console-login.ts'
import { setFactorFlags } from './factor-flags.ts'
import { listWrong, lockMs, unlock } from './lockout.ts'
import { setLoginAddresses } from './login-addresses.ts'
import { beginDevice, confirmDevice, showFactor } from './mfa.ts'
import { defaultRules, setPasswordRules } from './password-rules.ts'
import { hashPassword, makePassword, storePassword } from './passwords.ts'
import {
  beginSession,
  endSession,
  findSession,
  listSessions,
  restMs,
  sessionMs,
} from './sessions.ts'
import { codeOf, stepAt, stepMs } from './totp.ts'

const password = 'Right-password-1'
const home = { address: '192.0.2.1', agent: 'browser' }

async function open(db: Database) {
  const deployment = await openTestDeployment(db)
  const { clock } = deployment
  const { vault } = await deployment.startServer()
  const hash = await hashPassword(db.read, { ownerUin, uin: undefined }, password)
  const at = clock.now()
  const uin = await db.write(async (tx) => {
    const made = await createUser(tx, ownerUin, {
      name: 'dev',
      mayLogIn: true,
      createdBy: ownerUin,
      at,
    })
    await storePassword(tx, { uin: made, hash, mustChange: false, at })
    return made
  })
  const ground = { db, clock, vault }
  const logIn = (over: Partial<ConsoleLogin> = {}) =>
    logInToConsole(ground, { name: `${ownerUin}/dev`, password, ...home, ...over })
  const codes = async (over: Partial<ConsoleLogin> = {}) => {
    try {
      return (await logIn(over)).kind
    } catch (error) {
      if (error instanceof ApiError) return error.code
      throw error
    }
  }
  return { ...ground, uin, logIn, codes }
}

onEachDatabase('console logins', (openDatabase) => {
  it('take a uin, or the main account’s and a name', async () => {
    const { db, clock, uin, logIn, codes } = await open(await openDatabase())
    const result = await logIn()
    assert.ok(result.kind === 'session' && result.uin === uin && result.first === undefined)
    assert.equal(await codes({ name: String(uin) }), 'session')
    const session = await findSession(db.read, result.token, clock.now())
    assert.equal(session?.address, home.address)
    for (const over of [
      { password: 'wrong' },
      { name: 'dev' },
      { name: `${ownerUin}/nobody` },
      { name: '7/dev' },
    ]) {
      assert.equal(await codes(over), 'UNAUTHORIZED')
    }
    await db.write((tx) => updateUser(tx, uin, { mayLogIn: false }))
    assert.equal(await codes(), 'UNAUTHORIZED')
    assert.deepEqual(await listSessions(db.read, uin, clock.now()), [])
  })

  it('come from the addresses that the account allows, the main account’s from everywhere', async () => {
    const { db, clock, uin, codes } = await open(await openDatabase())
    const by = { uin: ownerUin, at: clock.now() }
    const allow = (allowed: readonly string[], isEnabled = true) =>
      db.write((tx) => setLoginAddresses(tx, ownerUin, { isEnabled, allowed, denied: [] }, by))
    await allow(['198.51.100.0/24'])
    // Told apart from a wrong password by nobody but the audit.
    assert.equal(await codes(), 'UNAUTHORIZED')
    assert.equal(await codes({ address: null }), 'UNAUTHORIZED')
    assert.equal(await codes({ address: '198.51.100.7' }), 'session')
    const reasons = await db.read.selectFrom('audit').select('reason').orderBy('id').execute()
    assert.equal(reasons[0]?.reason, 'address-not-allowed')
    const hash = await hashPassword(db.read, { ownerUin, uin: undefined }, password)
    await db.write((tx) =>
      storePassword(tx, { uin: ownerUin, hash, mustChange: false, at: clock.now() }),
    )
    assert.equal(await codes({ name: String(ownerUin) }), 'session')
    await allow(['198.51.100.0/24'], false)
    assert.equal(await codes({ name: String(uin) }), 'session')
  })

  it('lock the pair of address and name after five wrong ones, and nobody else', async () => {
    const { db, clock, uin, codes } = await open(await openDatabase())
    const wrong = { password: 'wrong' }
    for (let tried = 0; tried < 5; tried += 1) assert.equal(await codes(wrong), 'UNAUTHORIZED')
    assert.equal(await codes(), 'TOO_MANY_REQUESTS')
    // His own address, and another name from there.
    assert.equal(await codes({ address: '192.0.2.99' }), 'session')
    assert.equal(await codes({ name: String(uin) }), 'session')
    const [lock] = await listWrong(db.read, uin, clock.now())
    assert.deepEqual([lock?.address, lock?.failures], [home.address, 5])
    await db.write((tx) => unlock(tx, uin))
    assert.equal(await codes(), 'session')
    for (let tried = 0; tried < 5; tried += 1) await codes(wrong)
    clock.advance(lockMs)
    assert.equal(await codes(), 'session')
  })

  it('ask for the second factor of whoever has one, each code once', async () => {
    const { db, clock, vault, uin, codes } = await open(await openDatabase())
    const secret = await db.write((tx) => beginDevice(tx, vault, uin, clock.now()))
    const codeNow = () => codeOf(secret, stepAt(clock.now()))
    // Not before it is confirmed.
    assert.equal(await codes(), 'session')
    const shown = await showFactor(db.read, vault, { uin, code: codeNow(), nowMs: clock.now() })
    const recovery = await db.write((tx) => confirmDevice(tx, shown, clock.now()))
    assert.equal(await codes(), 'code-needed')
    clock.advance(stepMs)
    const code = codeNow()
    assert.equal(await codes({ code }), 'session')
    assert.equal(await codes({ code }), 'MFA_FAILED')
    const once = { code: recovery[0] ?? '' }
    assert.equal(await codes(once), 'session')
    assert.equal(await codes(once), 'MFA_FAILED')
    const begin = db.write((tx) => beginDevice(tx, vault, uin, clock.now()))
    assert.match(await refusal(() => begin), /OPERATION_DENIED/)
    for (let tried = 0; tried < 5; tried += 1) await codes({ code: '000000' })
    assert.equal(await codes(), 'TOO_MANY_REQUESTS')
  })

  it('say what comes first: a new password, or a second factor', async () => {
    const { db, clock, uin, logIn } = await open(await openDatabase())
    const first = async () => {
      const result = await logIn()
      return result.kind === 'session' ? result.first : result.kind
    }
    await db.write((tx) => setFactorFlags(tx, uin, { atLogin: true }))
    assert.equal(await first(), 'factor-setup')
    const rules = { ...defaultRules, forceChangeDays: 1 }
    const by = { uin: ownerUin, at: clock.now() }
    await db.write((tx) => setPasswordRules(tx, ownerUin, rules, by))
    clock.advance(86_400_000)
    assert.equal(await first(), 'password-change')
    const ending = { ...rules, endsWhenExpired: true }
    await db.write((tx) => setPasswordRules(tx, ownerUin, ending, by))
    await assert.rejects(logIn(), ApiError)
  })
})

onEachDatabase('passwords', (openDatabase) => {
  it('that are made keep every rule; those of before do not come back', async () => {
    const { db, clock, uin } = await open(await openDatabase())
    const whose = { ownerUin, uin }
    for (let n = 0; n < 20; n += 1) assert.equal(makePassword().length, 32)
    await hashPassword(db.read, whose, makePassword())
    await assert.rejects(hashPassword(db.read, whose, password), { code: 'PASSWORD_REFUSED' })
    const hash = await hashPassword(db.read, whose, 'Other-password-2')
    clock.advance(1)
    await db.write((tx) => storePassword(tx, { uin, hash, mustChange: false, at: clock.now() }))
    // One former is remembered unless the rules say more.
    await hashPassword(db.read, whose, password)
  })

  it('end all sessions but the one they were changed in', async () => {
    const { db, clock, uin, logIn } = await open(await openDatabase())
    const [kept, ended] = [await logIn(), await logIn()]
    assert.ok(kept.kind === 'session' && ended.kind === 'session')
    const hash = await hashPassword(db.read, { ownerUin, uin }, 'Other-password-2')
    const change = { uin, hash, mustChange: false, at: clock.now(), keepsSession: kept.id }
    await db.write((tx) => storePassword(tx, change))
    assert.ok(await findSession(db.read, kept.token, clock.now()))
    assert.equal(await findSession(db.read, ended.token, clock.now()), undefined)
  })
})

onEachDatabase('console sessions', (openDatabase) => {
  it('end by time, by rest, by hand, and the oldest by the twenty-first', async () => {
    const { db, clock, uin } = await open(await openDatabase())
    const begin = () =>
      db.write((tx) =>
        beginSession(tx, { uin, version: 1, hasFactor: false, ...home, at: clock.now() }),
      )
    const first = await begin()
    const isThere = async (token: string) =>
      (await findSession(db.read, token, clock.now())) !== undefined
    assert.equal(await isThere(first.token), true)
    assert.equal(await isThere(`${first.token}x`), false)
    clock.advance(restMs)
    assert.equal(await isThere(first.token), false)
    const second = await begin()
    assert.equal(await db.write((tx) => endSession(tx, ownerUin, second.id)), false)
    assert.equal(await db.write((tx) => endSession(tx, uin, second.id)), true)
    assert.equal(await isThere(second.token), false)
    const tokens: string[] = []
    for (let n = 0; n < 21; n += 1) tokens.push((await begin()).token)
    assert.equal((await listSessions(db.read, uin, clock.now())).length, 20)
    assert.equal(await isThere(tokens.at(-1) ?? ''), true)
    clock.advance(sessionMs)
    assert.equal(await isThere(tokens.at(-1) ?? ''), false)
  })
})
