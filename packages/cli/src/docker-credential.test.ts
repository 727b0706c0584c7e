// Docker's helper, and the login that sets it up, against the program.

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { mainKey, type TestApp, testApp } from '@entrepot/server/test-app.ts'
import { runWith, temporaryHome } from './test-terminal.ts'

describe('the credential helper of Docker', () => {
  let app: TestApp
  let home: ReturnType<typeof temporaryHome>
  const host = () => app.url.replace('http://', '')

  before(async () => {
    app = await testApp({ realTime: true })
  })
  after(() => app.close())
  beforeEach(() => {
    home = temporaryHome()
  })
  afterEach(() => home.remove())

  const env = () => ({
    ENTREPOT_ENDPOINT: app.url,
    ENTREPOT_SECRET_ID: mainKey.secretId,
    ENTREPOT_SECRET_KEY: mainKey.secretKey,
  })
  const helper = (verb: string, input = '') =>
    runWith({ env: env(), home: home.path, input }, 'docker-credential', verb)
  const login = (...more: string[]) =>
    runWith({ env: env(), home: home.path }, 'login', 'docker', ...more)
  const dockerFile = () => join(home.path, '.docker/config.json')
  const ownFile = () => join(home.path, '.config/entrepot/docker.json')

  it('gives a temporary credential that the registry takes, and the same one again', async () => {
    const ran = await login(host(), '--registry-id', app.instance.id)
    assert.deepEqual([ran.code, ran.out], [0, ''])
    const first = await helper('get', `${host()}\n`)
    assert.equal(first.code, 0)
    const { ServerURL, Username, Secret } = JSON.parse(first.out)
    assert.deepEqual([ServerURL, Username], [host(), app.username])
    const basic = Buffer.from(`${Username}:${Secret}`).toString('base64')
    const answer = await fetch(`${app.url}/v2/`, { headers: { Authorization: `Basic ${basic}` } })
    assert.equal(answer.status, 200)
    assert.deepEqual(await helper('get', `https://${host()}/v2/`), first)
    assert.equal(statSync(ownFile()).mode & 0o777, 0o600)
  })

  it('makes another one when the first is about to end', async () => {
    await login(host(), '--registry-id', app.instance.id)
    const before = JSON.parse((await helper('get', host())).out)
    const file = JSON.parse(readFileSync(ownFile(), 'utf8'))
    file.hosts[host()].token.expiresMs = 0
    writeFileSync(ownFile(), JSON.stringify(file))
    const after = JSON.parse((await helper('get', host())).out)
    assert.notEqual(after.Secret, before.Secret)
  })

  it('is set up without a host and an id where there is one instance', async () => {
    for (const words of [[], [host()], ['--registry-id', app.instance.id]]) {
      assert.equal((await login(...words)).code, 0, words.join(' '))
      assert.equal(JSON.parse((await helper('get', host())).out).Username, app.username)
      assert.equal((await helper('erase', host())).code, 0)
    }
    const none = await login('other.example', '--registry-id', 'tcr-none0000')
    assert.equal(none.code, 5)
  })

  it("stands in Docker's file, beside what was there", async () => {
    mkdirSync(join(home.path, '.docker'))
    const old = { auths: { [host()]: { auth: 'eA==' }, other: {} }, credHelpers: { a: 'b' }, x: 1 }
    writeFileSync(dockerFile(), JSON.stringify(old))
    await login(host(), '--registry-id', app.instance.id)
    assert.deepEqual(JSON.parse(readFileSync(dockerFile(), 'utf8')), {
      auths: { other: {} },
      credHelpers: { a: 'b', [host()]: 'entrepot' },
      x: 1,
    })
  })

  it('keeps, lists and forgets what a person gives Docker', async () => {
    const given = JSON.stringify({ ServerURL: 'a.example', Username: 'tcr$robot', Secret: 's' })
    assert.equal((await helper('store', given)).code, 0)
    assert.deepEqual(JSON.parse((await helper('get', 'a.example')).out), {
      ServerURL: 'a.example',
      Username: 'tcr$robot',
      Secret: 's',
    })
    assert.equal((await helper('list')).out, '{"a.example":"tcr$robot"}\n')
    assert.equal((await helper('erase', 'a.example')).code, 0)
    assert.equal((await helper('list')).out, '{}\n')
  })

  it('says in the words of Docker that it knows nothing', async () => {
    for (const input of ['b.example', '__proto__', '']) {
      assert.deepEqual(await helper('get', input), {
        code: 1,
        out: 'credentials not found in native keychain\n',
        err: '',
      })
    }
  })

  it('tells what is wrong in one line, on standard output', async () => {
    for (const [verb, input] of [
      ['gett', ''],
      ['store', 'no JSON'],
      ['store', '{}'],
    ] as const) {
      const ran = await helper(verb, input)
      assert.deepEqual([ran.code, ran.err], [1, ''])
      assert.match(ran.out, /^[^\n]+\n$/)
    }
  })

  it('is not set up where the login fails', async () => {
    const ran = await login(host(), '--registry-id', 'tcr-none0000')
    assert.equal(ran.code, 5)
    assert.ok(!existsSync(dockerFile()) && !existsSync(ownFile()))
    for (const words of [[], ['podman'], ['docker', 'a', 'b'], ['docker', '--registry-id']]) {
      const wrong = await runWith({ env: env(), home: home.path }, 'login', ...words)
      assert.equal(wrong.code, 2, words.join(' '))
    }
  })
})
