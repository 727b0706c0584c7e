import assert from 'node:assert/strict'
import { it } from 'node:test'
import { personOf } from '../access/actor.ts'
import { resumeAccount, suspendAccount } from '../accounts/accounts.ts'
import { fakeClock } from '../clock.ts'
import { hashHumanSecret } from '../crypto/secrets.ts'
import { onEachDatabase } from '../db/test-database.ts'
import {
  basic,
  context,
  openTestDeployment,
  origin,
  ownerUin,
  refusal,
  type TestServer,
} from './test-deployment.ts'
import {
  createUserCredential,
  deleteUserCredential,
  listUserCredentials,
  maxCredentialsPerPerson,
  setUserCredentialDisabled,
} from './user-credentials.ts'

const unknown = 'UNAUTHORIZED: authentication required'
const isDisabled = 'UNAUTHORIZED: authentication required: this credential is disabled'
const isSuspended =
  'UNAUTHORIZED: authentication required: the account of this credential is suspended'

function ask(server: TestServer, header: string, instance: { id: string }): Promise<string> {
  return refusal(() => server.authenticator.authenticate(header, instance, context))
}

/** A header with a token that this login makes. */
async function bearer(
  server: TestServer,
  login: string,
  instance: { id: string },
): Promise<string> {
  const caller = await server.authenticator.authenticate(login, instance, context)
  const issued = await server.tokens.issueAccess({
    instanceId: instance.id,
    subject: caller.name,
    credential: caller.credential,
    scopes: [],
  })
  return `Bearer ${issued.token}`
}

onEachDatabase('logins of a person', (open) => {
  it('work with a long-term credential, by Basic and by the token it makes', async () => {
    const { instance, password, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const login = basic(ownerUin, password)
    const caller = await server.authenticator.authenticate(login, instance, context)
    assert.deepEqual(caller.actor, personOf({ uin: ownerUin, ownerUin, appId: 1_300_000_001 }))
    assert.equal(caller.name, String(ownerUin))
    assert.equal(caller.credentialLabel, `long-term:${caller.credential?.id}`)
    assert.equal(caller.scopes, undefined)
    const withToken = await server.authenticator.authenticate(
      await bearer(server, login, instance),
      instance,
      context,
    )
    assert.deepEqual(withToken, { ...caller, scopes: [] })
  })

  it('are refused alike for a wrong secret, an unknown name and another instance', async () => {
    const { instance, otherInstance, password, startServer } = await openTestDeployment(
      await open(),
    )
    const server = await startServer()
    assert.equal(await ask(server, basic(ownerUin, `${password}x`), instance), unknown)
    assert.equal(await ask(server, basic(ownerUin + 1, password), instance), unknown)
    assert.equal(await ask(server, basic('tcr$nobody', password), instance), unknown)
    assert.equal(await ask(server, basic('root', password), instance), unknown)
    assert.equal(await ask(server, basic(ownerUin, password), otherInstance), unknown)
  })

  it('never repeat a secret in what they say, nor keep one in the database', async () => {
    const { db, instance, password, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    for (const header of [
      basic(ownerUin, 'hunter2hunter2'),
      'Bearer hunter2hunter2',
      'hunter2hunter2',
    ]) {
      assert.doesNotMatch(await ask(server, header, instance), /hunter2/)
    }
    await ask(server, basic(password, 'x'), instance)
    for (const table of ['user_credentials', 'login_throttles', 'audit', 'events'] as const) {
      const rows = JSON.stringify(await db.read.selectFrom(table).selectAll().execute())
      assert.ok(!rows.includes(password) && !rows.includes('hunter2'), table)
    }
  })

  it('work with a secret that a person chose, and remember it by a hash only', async () => {
    const { db, clock, instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const secretHash = await hashHumanSecret('correct horse battery staple')
    const input = { uin: ownerUin, description: '', at: clock.now(), origin, secretHash }
    const { secret } = await db.write((tx) => createUserCredential(tx, instance, input))
    assert.equal(secret, undefined)
    const login = basic(ownerUin, 'correct horse battery staple')
    const first = await server.authenticator.authenticate(login, instance, context)
    const again = await server.authenticator.authenticate(login, instance, context)
    assert.deepEqual(first, again)
    assert.equal(await ask(server, basic(ownerUin, 'correct horse'), instance), unknown)
  })

  it('of a thousand at once look up one credential once', async () => {
    const { db, clock, instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const secretHash = await hashHumanSecret('correct horse battery staple')
    const input = { uin: ownerUin, description: '', at: clock.now(), origin, secretHash }
    await db.write((tx) => createUserCredential(tx, instance, input))
    const login = basic(ownerUin, 'correct horse battery staple')
    // More than may wait for Argon2id.
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => ask(server, login, instance)),
    )
    assert.deepEqual(new Set(answers), new Set(['none']))
  })

  it('end within a second on another process, tokens included, when the credential is disabled', async () => {
    const { db, clock, instance, password, startServer } = await openTestDeployment(await open())
    const [here, there] = [await startServer(), await startServer(fakeClock(clock.now()))]
    const login = basic(ownerUin, password)
    const token = await bearer(there, login, instance)
    assert.equal(await ask(there, token, instance), 'none')
    const [credential] = await listUserCredentials(db.read, instance.id, ownerUin)
    assert.ok(credential)
    const change = { id: credential.id, at: clock.now(), origin }
    await db.write((tx) => setUserCredentialDisabled(tx, instance, { ...change, isDisabled: true }))
    there.clock.advance(999)
    assert.equal(await ask(there, token, instance), 'none')
    there.clock.advance(1)
    assert.equal(await ask(there, token, instance), isDisabled)
    assert.equal(await ask(there, login, instance), isDisabled)
    assert.equal(await ask(here, token, instance), isDisabled)
    const [disabled] = await listUserCredentials(db.read, instance.id, ownerUin)
    assert.equal(disabled?.isDisabled, true)
    // Enabled again, the login works, the tokens from before stay ended.
    await db.write((tx) =>
      setUserCredentialDisabled(tx, instance, { ...change, isDisabled: false }),
    )
    there.clock.advance(1000)
    assert.equal(await ask(there, login, instance), 'none')
    assert.equal(await ask(there, token, instance), unknown)
    await db.write((tx) => deleteUserCredential(tx, instance, change))
    there.clock.advance(1000)
    assert.equal(await ask(there, login, instance), unknown)
    const events = await db.read.selectFrom('events').select('type').orderBy('position').execute()
    assert.deepEqual(
      events.map(({ type }) => type).filter((type) => type.startsWith('credential.')),
      ['credential.created', 'credential.disabled', 'credential.enabled', 'credential.deleted'],
    )
  })

  it('end with the person', async () => {
    const { db, clock, instance, password, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const login = basic(ownerUin, password)
    const token = await bearer(server, login, instance)
    const temporary = await server.tokens.issueTemporary({
      instanceId: instance.id,
      uin: ownerUin,
      ownerUin,
      version: 1,
    })
    const temporaryLogin = basic(ownerUin, temporary.token)
    const headers = [login, token, temporaryLogin, await bearer(server, temporaryLogin, instance)]
    for (const header of headers) assert.equal(await ask(server, header, instance), 'none')
    assert.equal(await db.write((tx) => suspendAccount(tx, ownerUin)), true)
    assert.equal(await db.write((tx) => suspendAccount(tx, ownerUin)), false)
    clock.advance(1000)
    for (const header of headers) assert.equal(await ask(server, header, instance), isSuspended)
    await db.write((tx) => resumeAccount(tx, ownerUin))
    clock.advance(1000)
    assert.equal(await ask(server, login, instance), 'none')
    for (const header of headers.slice(1))
      assert.equal(await ask(server, header, instance), unknown)
  })

  it('are only those of the credential’s own instance and number of them is bounded', async () => {
    const { db, clock, instance, otherInstance } = await openTestDeployment(await open())
    const input = { uin: ownerUin, description: '', at: clock.now(), origin }
    const { id } = await db.write((tx) => createUserCredential(tx, instance, input))
    const change = { id, at: clock.now(), origin }
    const deleted = refusal(() => db.write((tx) => deleteUserCredential(tx, otherInstance, change)))
    assert.match(await deleted, /^RESOURCE_NOT_FOUND/)
    await db.write(async (tx) => {
      for (let made = 2; made < maxCredentialsPerPerson; made++) {
        await createUserCredential(tx, instance, input)
      }
    })
    const oneMore = refusal(() => db.write((tx) => createUserCredential(tx, instance, input)))
    assert.match(await oneMore, /^QUOTA_EXCEEDED: a person has at most 100/)
  })
})

onEachDatabase('temporary credentials', (open) => {
  it('log their person in for an hour, and then say that they expired', async () => {
    const { clock, instance, otherInstance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const person = { instanceId: instance.id, uin: ownerUin, ownerUin, version: 1 }
    const { token, expiresAt, issuedAt } = await server.tokens.issueTemporary(person)
    assert.equal(expiresAt - issuedAt, 3_600_000)
    const login = basic(ownerUin, token)
    const caller = await server.authenticator.authenticate(login, instance, context)
    assert.equal(caller.credential?.kind, 'temporary')
    assert.match(caller.credentialLabel ?? '', /^temporary:/)
    assert.equal(await ask(server, basic(ownerUin + 1, token), instance), unknown)
    assert.equal(await ask(server, login, otherInstance), unknown)
    const made = await bearer(server, login, instance)
    clock.advance(3_660_000)
    const expired =
      'UNAUTHORIZED: authentication required: this temporary credential has expired (it lasts an hour); get a new one'
    assert.equal(await ask(server, login, instance), expired)
    assert.equal(await ask(await startServer(), login, instance), expired)
    assert.equal(await ask(server, basic(ownerUin + 1, token), instance), unknown)
    assert.match(await ask(server, made, instance), /the token has expired/)
    // Its key is gone by then.
    await server.keys.rotate(origin)
    clock.advance(7_200_000)
    await server.keys.rotate(origin)
    assert.equal(await ask(server, login, instance), expired)
  })

  it('make no token that outlives them by more than a token’s least', async () => {
    const { clock, instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const person = { instanceId: instance.id, uin: ownerUin, ownerUin, version: 1 }
    const { token, expiresAt } = await server.tokens.issueTemporary(person)
    const login = basic(ownerUin, token)
    const ends = async () => {
      const caller = await server.authenticator.authenticate(login, instance, context)
      const { credential } = caller
      const request = { instanceId: instance.id, subject: caller.name, credential, scopes: [] }
      return (await server.tokens.issueAccess(request)).expiresAt - expiresAt
    }
    assert.equal(await ends(), 300_000 - 3_600_000)
    clock.advance(3_400_000)
    assert.equal(await ends(), 0)
    clock.advance(190_000)
    assert.equal(await ends(), 50_000)
  })
})

onEachDatabase('the Authorization header', (open) => {
  it('is refused in every form that is none of ours', async () => {
    const { instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    for (const header of [
      '',
      'Basic',
      'Basic ',
      'Bearer ',
      'Digest abc',
      'Basic !!!!',
      `Basic ${base64('no-colon')}`,
      `Basic ${base64(':')}`,
      `Basic ${base64('user:')}`,
      `Basic ${base64(':password')}`,
      `Basic ${base64('a\0b:c')}`,
      `Basic ${base64('a:b\nc')}`,
      `Basic ${base64(`${'u'.repeat(257)}:p`)}`,
      `Basic ${base64(`u:${'p'.repeat(9000)}`)}`,
      `Bearer ${'x'.repeat(50_000)}`,
      'Bearer a b',
    ]) {
      assert.match(await ask(server, header, instance), /^UNAUTHORIZED: authentication required/)
    }
  })

  it('takes both schemes in any case', async () => {
    const { instance, password, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const login = basic(ownerUin, password)
    assert.equal(await ask(server, login.replace('Basic', 'basic'), instance), 'none')
    const token = await bearer(server, login, instance)
    assert.equal(await ask(server, token.replace('Bearer', 'BEARER'), instance), 'none')
  })
})
