import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { listCountDifferences } from '../quotas/recount.ts'
import { basic, errorOf, outcome, TestClient } from '../registry/test-client.ts'
import { mainKey, type TestApp } from '../test-app.ts'
import {
  begunUser,
  type PersonalUser,
  personalApp,
  personalHost,
  personalPassword,
  userOf,
} from './test-personal.ts'

onEachDatabase('the registry of the Personal edition', (_open, dialect) => {
  let app: TestApp
  let user: PersonalUser
  let other: PersonalUser

  before(async () => {
    app = await personalApp({ dialect })
    user = await begunUser(app, 100000000711)
    other = await begunUser(app, 100000000712)
    await user.done('CreateNamespacePersonal', { Namespace: 'mine' })
    await other.done('CreateNamespacePersonal', { Namespace: 'theirs' })
  })
  after(() => app.close())

  const anonymous = () => new TestClient(app.url, undefined, personalHost)
  const image = (path: string, tag = 'v1') => `/v2/${path}/manifests/${tag}`

  it('is logged in to with the uin and the password, at its own host only', async () => {
    const status = async (client: TestClient) => (await client.call('GET', '/service/token')).status
    assert.equal(await status(user.client), 200)
    assert.equal(await status(user.client.at('ccr-vpc.registry.example.com')), 200)
    assert.equal(await status(user.client.at('default.registry.example.com')), 401)
    assert.equal(await status(user.client.as(basic(user.uin, 'wrong-password'))), 401)
    // The main account's credential of another instance.
    assert.equal(await status(user.client.as(basic(app.username, app.password))), 401)
    assert.equal((await user.client.call('GET', '/v2/')).status, 200)
  })

  it('throttles guesses as every login', async () => {
    const guesser = user.client.as(basic(100000000799, 'a-guess-12'))
    for (let i = 0; i < 10; i += 1) {
      assert.equal((await guesser.call('GET', '/service/token')).status, 401)
    }
    assert.equal((await guesser.call('GET', '/service/token')).status, 429)
    assert.equal((await user.client.call('GET', '/service/token')).status, 200)
  })

  it('keeps what an account pushes to itself, until it is made public', async () => {
    const { client } = user
    const token = await client.bearer('repository:mine/app:pull,push')
    const pushed = await client.as(token).pushImage('mine/app', 'v1')
    assert.equal(outcome(await client.call('GET', image('mine/app'))), '200')
    const stranger = other.client
    assert.equal(outcome(await stranger.call('GET', image('mine/app'))), '404 MANIFEST_UNKNOWN')
    assert.equal(outcome(await stranger.call('GET', image('mine/none'))), '404 MANIFEST_UNKNOWN')
    assert.equal(outcome(await stranger.call('GET', image('none/app'))), '404 MANIFEST_UNKNOWN')
    const nobody = await anonymous().bearer('repository:mine/app:pull')
    assert.equal((await anonymous().as(nobody).call('GET', image('mine/app'))).status, 401)

    await user.done('ModifyRepositoryAccessPersonal', { RepoName: 'mine/app', Public: 1 })
    assert.equal(outcome(await stranger.call('GET', image('mine/app'))), '200')
    const now = await anonymous().bearer('repository:mine/app:pull')
    const blob = `/v2/mine/app/blobs/${pushed.layer}`
    assert.equal(outcome(await anonymous().as(now).call('GET', image('mine/app'))), '200')
    assert.equal(outcome(await anonymous().as(now).call('GET', blob)), '200')
    assert.equal((await anonymous().as(now).call('GET', image('mine/other'))).status, 401)
    const push = await stranger.putManifest('mine/app', 'v2', pushed.bytes)
    assert.equal(outcome(push), '403 DENIED')
    assert.equal(outcome(await stranger.call('DELETE', image('mine/app'))), '403 DENIED')
    await user.done('ModifyRepositoryAccessPersonal', { RepoName: 'mine/app', Public: 0 })
    assert.equal((await anonymous().as(now).call('GET', image('mine/app'))).status, 401)
  })

  it('tells a stranger of a taken namespace what it tells of none', async () => {
    const taken = await other.client.call('POST', '/v2/mine/app/blobs/uploads/')
    const missing = await other.client.call('POST', '/v2/nobodys/app/blobs/uploads/')
    assert.deepEqual([outcome(taken), outcome(missing)], ['404 NAME_UNKNOWN', '404 NAME_UNKNOWN'])
    const words = (text: string) => text.replace('nobodys', 'mine')
    assert.equal(errorOf(taken).message, words(errorOf(missing).message))
  })

  it('has no paths of several levels, and no catalog', async () => {
    const start = (path: string) => user.client.call('POST', `/v2/${path}/blobs/uploads/`)
    const deep = await start('mine/a/b')
    assert.equal(outcome(deep), '400 NAME_INVALID')
    assert.match(errorOf(deep).message, /several levels/)
    const catalog = await user.client.call('GET', '/v2/_catalog')
    assert.equal(outcome(catalog), '403 DENIED')
    const token = await anonymous().bearer('registry:catalog:*')
    assert.equal((await anonymous().as(token).call('GET', '/v2/_catalog')).status, 401)
  })

  it('takes artifacts, and deletes by tag', async () => {
    await user.client.pushImage('mine/app', 'gone')
    assert.equal(outcome(await user.client.call('DELETE', image('mine/app', 'gone'))), '202')
    const left = await user.client.call('GET', image('mine/app', 'gone'))
    assert.equal(outcome(left), '404 MANIFEST_UNKNOWN')
  })

  it('ends the old password at once when it is changed', async () => {
    const third = await begunUser(app, 100000000713)
    const token = await third.client.bearer()
    assert.equal((await third.client.as(token).call('GET', '/v2/')).status, 200)
    await third.done('ModifyUserPasswordPersonal', { Password: 'another-12' })
    app.clock.advance(1001)
    assert.equal((await third.client.as(token).call('GET', '/v2/')).status, 401)
    assert.equal((await third.client.call('GET', '/v2/')).status, 401)
    const renewed = third.client.as(basic(third.uin, 'another-12'))
    assert.equal((await renewed.call('GET', '/v2/')).status, 200)
  })

  it('is decided by policies on repo/<namespace>/<name>', async () => {
    const owner = userOf(app, { uin: app.instance.ownerUin, key: mainKey })
    await owner.done('CreateUserPersonal', { Password: personalPassword })
    await owner.done('CreateNamespacePersonal', { Namespace: 'ours' })
    for (const name of ['read', 'write', 'none']) await owner.client.pushImage(`ours/${name}`, 'v1')
    const member = userOf(
      app,
      await addPerson(
        app,
        'docker-user',
        allow('tcr:PullRepositoryPersonal', 'qcs::tcr:::repo/ours/read'),
        allow(['ccr:pull', 'ccr:push'], 'qcs::ccr:::repo/ours/write'),
      ),
    )
    await member.done('CreateUserPersonal', { Password: personalPassword })
    const pull = async (path: string) => outcome(await member.client.call('GET', image(path)))
    const push = async (path: string) =>
      outcome(await member.client.call('POST', `/v2/${path}/blobs/uploads/?digest=${empty}`))
    assert.equal(await pull('ours/read'), '200')
    assert.equal(await push('ours/read'), '403 DENIED')
    assert.equal(await pull('ours/write'), '200')
    assert.equal(await push('ours/write'), '201')
    assert.equal(await pull('ours/none'), '404 MANIFEST_UNKNOWN')
    assert.equal(await push('ours/new'), '404 NAME_UNKNOWN')
    assert.equal(await pull('mine/app'), '404 MANIFEST_UNKNOWN')
  })

  it('counts pulls and tells the account of them in its own log', async () => {
    await app.app.registry.audit.flush()
    const rows = await app.app.db.read
      .selectFrom('audit')
      .select(['action', 'actor', 'resource', 'result'])
      .where('owner_uin', '=', user.uin)
      .where('resource', '=', 'mine/app')
      .execute()
    const has = (action: string, actor: number | string, result: string) =>
      rows.some(
        (row) => row.action === action && row.actor === String(actor) && row.result === result,
      )
    assert.ok(has('tcr:PushRepository', user.uin, 'ok'))
    assert.ok(has('tcr:PullRepository', user.uin, 'ok'))
    assert.ok(has('tcr:PullRepository', 'anonymous', 'ok'))
    assert.ok(has('tcr:PullRepository', other.uin, 'refused'))
    const input = { RepoName: 'mine/app' }
    const { Data } = await user.api('DescribeRepositoryPersonal', input)
    assert.ok(Data.PullCount >= 3)
  })

  it('counts what is there', async () => {
    assert.deepEqual(await listCountDifferences(app.app.db.read), [])
  })
})

/** Of nothing: a blob that needs no body. */
const empty = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
