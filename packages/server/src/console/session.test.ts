import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { restMs, sessionMs } from '../logins/sessions.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { TestBrowser } from './test-browser.ts'

const password = 'Test-password-0123456789'

onEachDatabase('console sessions', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  async function loggedIn(): Promise<TestBrowser> {
    const browser = new TestBrowser(app.url)
    assert.deepEqual(await browser.logIn(app.username, password), { kind: 'session' })
    return browser
  }

  it('are told of, and of their absence without a failure', async () => {
    const browser = new TestBrowser(app.url)
    const before = await browser.state()
    assert.deepEqual([before.person, before.endsAt], [null, null])
    await browser.logIn(app.username, password)
    const { person, restEndsAt, endsAt } = await browser.state()
    assert.equal(String(person?.uin), app.username)
    assert.deepEqual([person?.isOperator, person?.hasFactor], [true, false])
    assert.equal(restEndsAt, app.clock.now() + restMs)
    assert.equal(endsAt, app.clock.now() + sessionMs)
  })

  it('call actions, and are named in the audit log', async () => {
    const browser = await loggedIn()
    const { Error: error } = await browser.call('CreateNamespace', {
      RegistryId: app.instance.id,
      NamespaceName: `by-${dialect}`,
      IsPublic: false,
    })
    assert.equal(error, undefined)
    const row = await app.app.db.read
      .selectFrom('audit')
      .select(['actor', 'credential'])
      .where('event', '=', 'CreateNamespace')
      .executeTakeFirst()
    assert.equal(row?.actor, app.username)
    assert.match(row?.credential ?? '', /^console:[0-9a-v]{20}$/)
  })
})
