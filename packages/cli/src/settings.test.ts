import assert from 'node:assert/strict'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { readSettings, tongueOf } from './settings.ts'
import { runWith, type TestTerminalOptions, temporaryHome, testTerminal } from './test-terminal.ts'

let home: ReturnType<typeof temporaryHome>
beforeEach(() => {
  home = temporaryHome()
})
afterEach(() => home.remove())

const file = () => join(home.path, '.config/entrepot/profiles.json')
const at = (options: TestTerminalOptions = {}) => ({ home: home.path, ...options })
const configure = (...words: string[]) => runWith(at(), 'configure', ...words)
const settings = (env: Record<string, string> = {}, given: [string, string][] = []) =>
  readSettings(new Map(given) as never, testTerminal(at({ env })))

describe('configure', () => {
  it('asks, keeps what is not answered, and never shows a secret', async () => {
    const input = 'http://127.0.0.1:5000\nAKIDa\nsecret-one\n\nzh\n'
    const first = await runWith(at({ input }), 'configure')
    assert.equal(first.code, 0)
    const second = await runWith(at({ input: '\n\n\nap-x\n\n' }), 'configure')
    assert.match(second.err, /\[AKIDa\].*\[\*\*\*\*\]/s)
    assert.ok(!first.err.includes('secret-one') && !second.err.includes('secret-one'))
    assert.deepEqual(JSON.parse(readFileSync(file(), 'utf8')), {
      default: 'default',
      profiles: {
        default: {
          endpoint: 'http://127.0.0.1:5000',
          'secret-id': 'AKIDa',
          'secret-key': 'secret-one',
          region: 'ap-x',
          language: 'zh',
        },
      },
    })
  })

  it("writes files that are the owner's alone", async () => {
    await configure('set', 'secret-id', 'a')
    assert.equal(statSync(file()).mode & 0o777, 0o600)
    assert.equal(statSync(join(home.path, '.config/entrepot')).mode & 0o777, 0o700)
    chmodSync(file(), 0o644)
    assert.match((await configure('get', 'secret-id')).err, /others may read .*chmod 600/)
  })

  it('sets, gets, lists, removes; a secret from standard input', async () => {
    await runWith(at({ input: 'from-input\n' }), 'configure', 'set', 'secret-key', '-')
    await configure('set', 'endpoint', 'https://a.example', '--profile', 'work')
    await configure('default', 'work')
    assert.equal((await configure('get', 'endpoint')).out, 'https://a.example\n')
    assert.equal((await configure('get', 'secret-key', '--profile', 'default')).out, 'from-input\n')
    assert.equal((await configure('list')).out, '  default\t\t\n* work\thttps://a.example\t\n')
    await configure('remove', 'default')
    assert.equal((await configure('list')).out, '* work\thttps://a.example\t\n')
  })

  const wrong: readonly (readonly [string[], number, RegExp])[] = [
    [['sett'], 2, /did you mean set\?/],
    [['set', 'endpont', 'a'], 2, /did you mean endpoint\?/],
    [['set', 'endpoint', 'http://a/v2'], 2, /no endpoint/],
    [['set', 'output', 'yaml'], 2, /json, table, text/],
    [['set', 'output'], 2, /configure set NAME VALUE/],
    [['default', 'none'], 3, /no profile none/],
    [['set', 'region', 'a', '--profile', '../x'], 2, /name of a profile/],
  ]
  for (const [words, code, message] of wrong) {
    it(`refuses ${words.join(' ')}`, async () => {
      const ran = await configure(...words)
      assert.equal(ran.code, code)
      assert.match(ran.err, message)
    })
  }

  it('tells of a file that is broken', async () => {
    await configure('set', 'region', 'a')
    writeFileSync(file(), '{')
    const ran = await configure('list')
    assert.equal(ran.code, 2)
    assert.match(ran.err, /profiles\.json can't be read/)
  })
})

describe('settings', () => {
  beforeEach(async () => {
    for (const [field, value] of [
      ['endpoint', 'https://profile'],
      ['secret-id', 'of-profile'],
      ['secret-key', 'k'],
    ] as const) {
      await configure('set', field, value)
      await configure('set', field, `${value}-b`, '--profile', 'b')
    }
  })

  const environment = { ENTREPOT_SECRET_ID: 'ours', ENTREPOT_SECRET_KEY: 'k' }
  const official = { TENCENTCLOUD_SECRET_ID: 'theirs', TENCENTCLOUD_SECRET_KEY: 'k' }

  it('come from options, named profiles, the environment, the usual profile', () => {
    const idOf = (...args: Parameters<typeof settings>) => settings(...args).credential?.secretId
    assert.equal(idOf(), 'of-profile')
    assert.equal(idOf(official), 'theirs')
    assert.equal(idOf({ ...official, ...environment }), 'ours')
    assert.equal(idOf(environment, [['profile', 'b']]), 'of-profile-b')
    assert.equal(idOf({ ENTREPOT_PROFILE: 'b' }), 'of-profile-b')
    const { endpoint } = settings({ ENTREPOT_ENDPOINT: 'https://env' }, [])
    assert.equal(endpoint, 'https://env')
    assert.equal(settings({}, [['endpoint', 'https://option']]).endpoint, 'https://option')
  })

  it('take the token of a temporary key, and no half of a key', () => {
    const token = settings({ ...official, TENCENTCLOUD_SESSION_TOKEN: 't' }).credential?.token
    assert.equal(token, 't')
    assert.throws(() => settings({ ENTREPOT_SECRET_ID: 'a' }), /given together/)
  })

  it('have a language: asked for, of the profile, of the system', async () => {
    const tongue = (env: Record<string, string>, given: [string, string][] = []) =>
      tongueOf(new Map(given) as never, testTerminal(at({ env })))
    assert.equal(tongue({}), 'en')
    assert.equal(tongue({ LANG: 'zh_CN.UTF-8' }), 'zh')
    assert.equal(tongue({ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }), 'en')
    assert.equal(tongue({ LANG: 'zh_CN.UTF-8', ENTREPOT_LANGUAGE: 'en' }), 'en')
    assert.equal(tongue({ ENTREPOT_LANGUAGE: 'en' }, [['language', 'zh']]), 'zh')
    await configure('set', 'language', 'zh')
    assert.equal(tongue({ LANG: 'C' }), 'zh')
  })
})
