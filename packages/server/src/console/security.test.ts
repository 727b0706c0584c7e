// What keeps other pages, and whoever sits between, away from somebody's login.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { productVersions } from '@entrepot/contract/action.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { answerOf, TestBrowser } from './test-browser.ts'

const password = 'Test-password-0123456789'
const sessionCookie = 'entrepot_session'
const proxied = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Prefix': '/registry' }

onEachDatabase('the console', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    const env = { ENTREPOT_TRUSTED_PROXIES: '127.0.0.1' }
    app = await testApp({ dialect, env, consoleFolder: '/nonexistent/console' })
  })
  after(() => app.close())

  async function loggedIn(headers = {}): Promise<TestBrowser> {
    const browser = new TestBrowser(app.url, headers)
    assert.equal((await browser.logIn(app.username, password)).kind, 'session')
    return browser
  }

  const codeOf = async (response: Response) => (await answerOf(response)).Error?.Code ?? 'ok'

  const callHeaders = {
    'X-TC-Action': 'DescribeSessions',
    'X-TC-Version': productVersions.entrepot,
  }

  it('runs no script but its own, and is shown in no frame', async () => {
    const browser = await loggedIn()
    const answers = [
      await browser.fetch('/console/'),
      await browser.fetch('/console'),
      await browser.fetch('/console/session'),
      await browser.fetch('/console/docs/running.md'),
      await browser.fetch('/console/docs/none.md'),
      await browser.fetch('/console/assets/none.js'),
      await browser.fetch('/console/', { method: 'PUT' }),
      await browser.post('/console/api', {}, callHeaders),
      await browser.post('/console/api', {}, { 'X-CSRF-Token': '' }),
      await browser.fetch('/console/session/oidc/start?provider=none'),
    ]
    for (const { headers } of answers) {
      const policy = headers.get('content-security-policy') ?? ''
      const directives = new Map(
        policy.split('; ').map((text) => [text.split(' ', 1)[0] ?? '', text] as const),
      )
      assert.equal(directives.get('default-src'), "default-src 'none'")
      assert.equal(directives.get('script-src'), "script-src 'self'")
      assert.equal(directives.get('connect-src'), "connect-src 'self'")
      assert.equal(directives.get('frame-ancestors'), "frame-ancestors 'none'")
      assert.equal(directives.get('base-uri'), "base-uri 'self'")
      assert.equal(directives.get('form-action'), "form-action 'self'")
      assert.doesNotMatch(policy, /unsafe-eval|\*|https?:/)
      assert.equal(headers.get('x-frame-options'), 'DENY')
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('referrer-policy'), 'same-origin')
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin')
      assert.equal(headers.get('access-control-allow-origin'), null)
    }
  })

  it('keeps its cookie from scripts, other sites, other paths, and on HTTPS from plain HTTP', async () => {
    const plain = await loggedIn()
    const { value: _, ...cookie } = plain.cookies.get(sessionCookie) ?? {}
    assert.deepEqual(cookie, {
      name: sessionCookie,
      path: '/console',
      httpOnly: true,
      sameSite: 'strict',
    })
    const behind = await loggedIn({ ...proxied, 'Sec-Fetch-Site': 'same-origin' })
    const { value: __, ...secure } = behind.cookies.get(sessionCookie) ?? {}
    assert.deepEqual(secure, { ...cookie, path: '/registry/console', secure: true })
  })

  it('gives a new cookie at each login: one that was planted before is worth nothing', async () => {
    const victim = new TestBrowser(app.url)
    const planted = 'A'.repeat(32)
    victim.cookies.set(sessionCookie, { name: sessionCookie, value: planted })
    await victim.logIn(app.username, password)
    const first = victim.cookies.get(sessionCookie)?.value
    assert.notEqual(first, planted)
    const attacker = new TestBrowser(app.url)
    attacker.cookies.set(sessionCookie, { name: sessionCookie, value: planted })
    assert.equal((await attacker.state()).person, null)
    // The former session of the same browser is over, too.
    await victim.logIn(app.username, password)
    assert.notEqual(victim.cookies.get(sessionCookie)?.value, first)
    attacker.cookies.set(sessionCookie, { name: sessionCookie, value: first })
    assert.equal((await attacker.state()).person, null)
  })

  it('lets nobody keep others from logging in by planting cookies that come before its own', async () => {
    const other = await loggedIn()
    const victim = new TestBrowser(app.url)
    victim.planted = [
      `${sessionCookie}=${'A'.repeat(32)}`,
      `${sessionCookie}=not-a-token`,
      // A session that is open, begun before: the victim would work in it unknowingly.
      `${sessionCookie}=${other.cookies.get(sessionCookie)?.value}`,
    ]
    app.clock.advance(1)
    assert.equal((await victim.logIn(`${app.username}`, password)).kind, 'session')
    const own = victim.cookies.get(sessionCookie)?.value
    assert.equal(await codeOf(await victim.post('/console/api', {}, callHeaders)), 'ok')
    // The page knows its own session by its token, also beside one that begins later.
    const later = await loggedIn()
    victim.planted = [`${sessionCookie}=${later.cookies.get(sessionCookie)?.value}`]
    assert.equal(await codeOf(await victim.post('/console/api', {}, callHeaders)), 'ok')
    await victim.logOut()
    assert.notEqual(victim.cookies.get(sessionCookie)?.value, own)
    assert.ok((await later.state()).person, 'the session of somebody else goes on')
    // Of more than there can be by accident none is looked for.
    const former = await loggedIn()
    former.planted = Array.from({ length: 100 }, () => `${sessionCookie}=${'B'.repeat(32)}`)
    assert.equal(await codeOf(await former.post('/console/api', {}, callHeaders)), 'ok')
  })

  it('takes calls with the token of the session only', async () => {
    const [browser, other] = [await loggedIn(), await loggedIn()]
    const call = (headers: Record<string, string>) =>
      browser.post('/console/api', {}, { ...callHeaders, ...headers })
    assert.equal(await codeOf(await call({})), 'ok')
    for (const token of ['', 'x', other.csrfToken]) {
      const refused = 'AuthFailure.CsrfTokenInvalid'
      const headers = { 'X-CSRF-Token': token }
      assert.equal(await codeOf(await call(headers)), refused)
      const login = { name: app.username, password }
      assert.equal(await codeOf(await browser.post('/console/session', login, headers)), refused)
      assert.equal(
        await codeOf(await browser.post('/console/session', {}, headers, 'DELETE')),
        refused,
      )
    }
    assert.ok((await browser.state()).person)
  })

  it('takes no type that a form of another page could send', async () => {
    const browser = await loggedIn()
    for (const type of [
      'text/plain',
      'text/plain; application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '',
    ]) {
      const headers = { ...callHeaders, 'Content-Type': type }
      const login = { name: app.username, password }
      assert.equal(await codeOf(await browser.post('/console/api', {}, headers)), 'InvalidRequest')
      assert.equal(
        await codeOf(await browser.post('/console/session', login, headers)),
        'InvalidRequest',
      )
    }
    const withQuery = await browser.post('/console/api?Action=DescribeSessions', {}, callHeaders)
    assert.equal(await codeOf(withQuery), 'InvalidRequest')
  })

  it('takes no request of a page of another origin', async () => {
    const browser = await loggedIn()
    const own = new URL(app.url).origin
    const refused: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: `${own}0` },
      { Origin: own, 'Sec-Fetch-Site': 'cross-site' },
      { Origin: own, 'Sec-Fetch-Site': 'same-site' },
      { Origin: own, 'Sec-Fetch-Site': 'none' },
      // A page of plain HTTP beside one of HTTPS.
      { Origin: own, 'X-Forwarded-Proto': 'https' },
    ]
    for (const headers of refused) {
      const answers = [
        await browser.post('/console/api', {}, { ...callHeaders, ...headers }),
        await browser.post('/console/session', { name: app.username, password }, headers),
        await browser.post('/console/session', {}, headers, 'DELETE'),
      ]
      for (const answer of answers) {
        assert.equal(await codeOf(answer), 'AuthFailure.CrossOrigin', JSON.stringify(headers))
      }
    }
    const taken: Record<string, string>[] = [
      { Origin: own },
      { Origin: 'https://public.example', 'Sec-Fetch-Site': 'same-origin' },
      // TLS ended at a proxy that nobody declared, which kept the host.
      { Origin: own.replace('http:', 'https:') },
      { Origin: 'https://public.example', 'X-Forwarded-Host': 'public.example', ...proxied },
    ]
    for (const headers of taken) {
      const answer = await browser.post('/console/api', {}, { ...callHeaders, ...headers })
      assert.equal(await codeOf(answer), 'ok', JSON.stringify(headers))
    }
  })

  it('asks for a login before it looks at anything else', async () => {
    const browser = new TestBrowser(app.url)
    await browser.state()
    for (const action of ['DescribeSessions', 'NoSuchAction']) {
      const headers = { ...callHeaders, 'X-TC-Action': action }
      const answer = await browser.post('/console/api', { x: 1 }, headers)
      assert.equal(await codeOf(answer), 'AuthFailure.SessionEnded')
    }
  })

  it('answers a wrong password and an unknown name alike', async () => {
    const browser = new TestBrowser(app.url)
    const answers = [
      await browser.logIn(app.username, 'wrong'),
      await browser.logIn('999999999999', 'wrong'),
      await browser.logIn('nobody', 'wrong'),
    ]
    for (const { Error: error } of answers) assert.deepEqual(error, answers[0]?.Error)
    assert.equal(answers[0]?.Error?.Code, 'AuthFailure')
    const wrong: object[] = [{}, { name: 1 }, { name: 'x', password: 'x', more: 1 }, []]
    for (const body of wrong) {
      assert.equal(await codeOf(await browser.post('/console/session', body)), 'InvalidRequest')
    }
  })

  it('sends nobody elsewhere', async () => {
    const browser = new TestBrowser(app.url)
    const goTo = async (path: string, headers = {}) => {
      const response = await browser.fetch(path, { headers })
      assert.equal(response.status, 302, path)
      return response.headers.get('location') ?? ''
    }
    const html = { Accept: 'text/html,*/*' }
    assert.equal(await goTo('/', html), '/console/')
    assert.equal(await goTo('/?x=1', html), '/console/')
    assert.equal(await goTo('/console'), '/console/')
    assert.equal(await goTo('/console', proxied), '/registry/console/')
    for (const prefix of ['//evil.example', '/a b', 'evil', '/../x', '/a"b', '/<x>', '/a;b']) {
      assert.equal(await goTo('/console', { 'X-Forwarded-Prefix': prefix }), '/console/')
    }
    const failed = await goTo('/console/session/oidc/start?provider=none&next=//evil.example')
    assert.match(failed, /^\/console\/login\?error=ResourceNotFound\.[A-Za-z]+&request=[0-9a-f-]+$/)
    const back = await goTo('/console/oidc/callback?code=x&state=y&next=https://evil.example')
    assert.match(back, /^\/console\/login\?error=AuthFailure&request=/)
  })

  it('answers programs at the bare host as before', async () => {
    const response = await fetch(`${app.url}/`, { headers: { Accept: '*/*' } })
    assert.equal(response.status, 404)
  })

  it('reads no cookie in the registry, and sends none there', async () => {
    const browser = await loggedIn()
    const response = await browser.fetch('/v2/')
    assert.equal(response.status, 401)
    assert.equal(response.headers.get('set-cookie'), null)
  })

  it('takes bodies of its size and no larger', async () => {
    const browser = await loggedIn()
    const body = { x: 'x'.repeat(1024 * 1024) }
    const answer = await browser.post('/console/api', body, callHeaders)
    assert.equal(await codeOf(answer), 'RequestSizeLimitExceeded')
  })
})

onEachDatabase('the console without proxies', (_open, dialect) => {
  it('believes no header that only proxies write', async () => {
    const app = await testApp({ dialect })
    const browser = new TestBrowser(app.url, proxied)
    const { headers } = await browser.fetch('/console')
    assert.equal(headers.get('location'), '/console/')
    await browser.state()
    assert.equal(browser.cookies.get(sessionCookie)?.path, '/console')
    await app.close()
  })
})
