import assert from 'node:assert/strict'
import { it } from 'node:test'
import { personOf } from '../access/actor.ts'
import { findAccount } from '../accounts/accounts.ts'
import { verifySecret } from '../crypto/secrets.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { apiKeyPurpose, insertMainAccount, makeFirstCredentials } from './first-credentials.ts'
import { basic, context, openTestDeployment, origin, ownerUin } from './test-deployment.ts'

const uin = 42
const given = {
  password: 'a console password',
  apiKey: { secretId: 'AKIDexample', secretKey: 'an api key of somebody' },
  token: 'any text of twenty characters and more',
}

onEachDatabase('the first credentials', (open) => {
  it('that were given are used and never shown', async () => {
    const { db, clock, instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const credentials = await makeFirstCredentials(given, server.vault)
    assert.deepEqual(credentials.shown, {
      password: undefined,
      token: undefined,
      apiKey: undefined,
    })
    const input = { uin, name: 'main', credentials, at: clock.now(), origin }
    assert.equal(await db.write((tx) => insertMainAccount(tx, instance, input)), true)
    const login = basic(uin, given.token)
    const caller = await server.authenticator.authenticate(login, instance, context)
    assert.deepEqual(caller.actor, personOf({ uin, ownerUin: uin, appId: 1_300_000_002 }))
    const key = await db.read
      .selectFrom('api_keys')
      .selectAll()
      .where('uin', '=', uin)
      .executeTakeFirstOrThrow()
    assert.equal(key.secret_id, given.apiKey.secretId)
    const opened = await server.vault.open(apiKeyPurpose, key.secret_wrapped)
    assert.equal(Buffer.from(opened).toString(), given.apiKey.secretKey)
    const { password_hash: hash } = await db.read
      .selectFrom('accounts')
      .select('password_hash')
      .where('uin', '=', uin)
      .executeTakeFirstOrThrow()
    assert.equal(await verifySecret(given.password, hash ?? ''), true)
  })

  it('are made up where nothing was given, and shown once', async () => {
    const { startServer } = await openTestDeployment(await open())
    const { vault } = await startServer()
    const nothing = { password: undefined, apiKey: undefined, token: undefined }
    const { shown } = await makeFirstCredentials(nothing, vault)
    assert.match(shown.password ?? '', /^[A-Za-z0-9]{32}$/)
    assert.match(shown.token ?? '', /^[A-Za-z0-9]{32}$/)
    assert.match(shown.apiKey?.secretId ?? '', /^AKID[A-Za-z0-9]{32}$/)
    assert.match(shown.apiKey?.secretKey ?? '', /^[A-Za-z0-9]{32}$/)
  })

  it('are not made a second time', async () => {
    const { db, clock, instance, startServer } = await openTestDeployment(await open())
    const credentials = await makeFirstCredentials(given, (await startServer()).vault)
    const input = { uin: ownerUin, name: 'again', credentials, at: clock.now(), origin }
    assert.equal(await db.write((tx) => insertMainAccount(tx, instance, input)), false)
    assert.equal((await findAccount(db.read, ownerUin))?.name, 'main')
  })
})
