// What somebody may store, link to or frame can do nothing to the person who looks at it.

import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { after, before, it } from 'node:test'
import { createGroup } from '@entrepot/contract/cam/groups.ts'
import { addUser } from '@entrepot/contract/cam/users.ts'
import { createInstanceToken } from '@entrepot/contract/tcr/credentials.ts'
import { createRepository } from '@entrepot/contract/tcr/repositories.ts'
import type { Page } from 'playwright-core'
import { type Content, content } from '../images/image.ts'
import { imageOf, pushArtifact, pushBlob, pushManifest, referrerOf } from './artifacts.ts'
import { addPerson, loginOf, userPassword } from './seeds.ts'
import { fillLogin, mainPassword, mainUin, onEachStage } from './stage.ts'
import { watch } from './watch.ts'

/** Each way that markup has been taken for text by some page. */
const scripts = [
  '<script>hit()</script>',
  '<img src=x onerror="hit()">',
  '"><svg onload=hit()>',
  '[x](javascript:hit())',
  "';hit();//",
  '{{constructor.constructor("hit()")()}}',
]
const script = scripts.join(' ')

onEachStage('the console', (stage) => {
  let digest = ''
  let elsewhere: Server

  before(async () => {
    digest = await plant()
    elsewhere = createServer((_, res) => {
      res.setHeader('Content-Type', 'text/html')
      res.end(`<iframe src="${stage().at('/')}"></iframe>`)
    }).listen(0, '127.0.0.1')
  })
  after(() => elsewhere.close())

  /** In each text that is somebody's own. */
  async function plant(): Promise<string> {
    const { api, registry, instance, server } = stage()
    await api.call(createRepository, {
      RegistryId: instance,
      NamespaceName: 'demo',
      RepositoryName: 'planted',
      BriefDescription: script.slice(0, 100),
      // Markdown, in paragraphs: a line of markup alone would be left out whole.
      Description: scripts.join('\n\n'),
    })
    const image = imageOf({
      layers: [{ name: 'planted', bytes: 1000, by: `RUN ${script}` }],
      env: [`PLANTED=${script}`],
      labels: { planted: script, [script]: 'key' },
      annotations: { planted: script },
    })
    await pushArtifact(registry, 'demo/planted', image, ['v1'])
    const page = content('text/html', Buffer.from(`<!doctype html>${script}`))
    const referrer = referrerOf(image.manifest, 'text/html', page, { planted: script })
    await pushArtifact(registry, 'demo/planted', referrer)
    await api.call(addUser, {
      Name: 'planted',
      Remark: script.slice(0, 100),
      Password: userPassword,
    })
    await addPerson(api, 'reader')
    await api.call(createGroup, { GroupName: 'planted', Remark: script.slice(0, 100) })
    await api.call(createInstanceToken, {
      RegistryId: instance,
      TokenType: 'longterm',
      Desc: script,
    })
    // What a refused client says of itself, as the pages of refusals and the audit show it.
    const login = Buffer.from(`${script.replaceAll(':', '')}:wrong`).toString('base64')
    await fetch(`${server.url}/service/token?service=${server.host}`, {
      headers: { 'User-Agent': scripts[1] ?? '', Authorization: `Basic ${login}` },
    })
    return image.manifest.digest
  }

  it('shows stored script as the text that it is', async () => {
    const page = await stage().logIn()
    const watched = watch(page)
    const hits = await countHits(page)
    const { instance } = stage()
    const repository = `/r/${instance}/repositories/demo/planted/-`
    for (const path of [
      '/',
      `/r/${instance}/repositories?q=${encodeURIComponent(script)}`,
      `/r/${instance}/repositories`,
      `${repository}/tags`,
      `${repository}/info`,
      `${repository}/history`,
      `${repository}/digests/${digest}/layers`,
      `${repository}/digests/${digest}/config`,
      `${repository}/digests/${digest}/labels`,
      `${repository}/digests/${digest}/history`,
      `${repository}/digests/${digest}/manifest`,
      `${repository}/digests/${digest}/referrers`,
      `/r/${instance}/credentials/user`,
      '/access/users',
      '/access/groups',
      '/audit',
      '/me/sessions',
    ]) {
      await page.goto(stage().at(path))
      await page.getByRole('main').waitFor()
      await watched.settled()
      assert.equal(await page.locator('a[href^="javascript:"]').count(), 0, path)
      assert.equal(await page.getByRole('main').locator('script, iframe, object').count(), 0, path)
      watched.assertQuiet()
    }
    await page.goto(stage().at(`${repository}/info`))
    await page.getByText('<script>hit()</script>').first().waitFor()
    assert.deepEqual(hits, [])
    await page.context().close()
  })

  it('runs nothing of what was pushed, opened as it lies', async () => {
    const { registry, server } = stage()
    const html = content('text/html', Buffer.from('<!doctype html><script>hit()</script>'))
    const image = content(
      'image/svg+xml',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>hit()</script></svg>'),
    )
    await assert.rejects(pushManifest(registry, 'demo/planted', html, ['html']))
    const page = await stage().logIn()
    const hits = await countHits(page)
    for (const blob of [html, image]) {
      await pushBlob(registry, 'demo/planted', blob)
      await open(page, blob)
    }
    assert.deepEqual(hits, [])
    await page.context().close()

    async function open(at: Page, { digest: of }: Content): Promise<void> {
      const login = Buffer.from(`${server.username}:${server.password}`).toString('base64')
      await at.setExtraHTTPHeaders({ Authorization: `Basic ${login}` })
      // What isn't a page is saved as a file, and then going there is no going.
      const answered = at.waitForResponse((response) => response.url().endsWith(of))
      await at.goto(`${server.url}/v2/demo/planted/blobs/${of}`).catch(() => undefined)
      const headers = await (await answered).allHeaders()
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.match(headers['content-type'] ?? '', /^application\/octet-stream/)
    }
  })

  it('is shown in no frame of another page', async () => {
    const context = await stage().newContext()
    const page = await context.newPage()
    const refused = page.waitForEvent('console', (said) => said.text().includes('frame-ancestors'))
    const address = elsewhere.address()
    assert.ok(address && typeof address === 'object')
    await page.goto(`http://127.0.0.1:${address.port}/`)
    await refused
    const inner = page.frames().find((frame) => frame !== page.mainFrame())
    assert.equal(await inner?.locator('#root').count(), 0)
    await context.close()
  })

  it('leads nobody elsewhere after the login', async () => {
    const context = await stage().newContext()
    const page = await context.newPage()
    const { host } = stage().server
    for (const next of [
      '//evil.example/',
      'https://evil.example/',
      '/\\evil.example',
      '\\\\evil.example',
      'javascript:alert(1)',
      '/%09/evil.example',
      ' //evil.example',
      'data:text/html,x',
    ]) {
      await page.goto(stage().at(`/login?next=${encodeURIComponent(next)}`))
      if (next === '//evil.example/') await fillLogin(page)
      await page.waitForURL(({ pathname }) => !pathname.endsWith('/login'))
      assert.equal(new URL(page.url()).host, host, next)
      assert.match(new URL(page.url()).pathname, /^\/console\//)
    }
    await context.close()
  })

  it('takes no form that another page sends in the name of who is logged in', async () => {
    const page = await stage().logIn(loginOf('reader'))
    const other = await page.context().newPage()
    const address = elsewhere.address()
    assert.ok(address && typeof address === 'object')
    // Another port is another origin of the same site: the strict cookie goes along, and is not enough.
    await other.goto(`http://127.0.0.1:${address.port}/`)
    const login = { name: mainUin, password: mainPassword }
    for (const [path, type] of [
      ['/session', 'text/plain'],
      ['/session', 'application/json'],
      ['/api', 'text/plain'],
      ['/api', 'application/json'],
    ] as const) {
      const request = {
        method: 'POST',
        mode: type === 'text/plain' ? 'no-cors' : 'cors',
        credentials: 'include',
        headers: { 'Content-Type': type },
        body: JSON.stringify(login),
      }
      const sent = `fetch(${JSON.stringify(stage().at(path))}, ${JSON.stringify(request)})`
      const outcome = await other.evaluate(`${sent}.then(() => 'answered', () => 'refused')`)
      assert.equal(outcome, 'refused', `${path} as ${type}`)
    }
    await page.reload()
    await page.getByRole('button', { name: 'Account of reader' }).waitFor()
    await page.context().close()
  })
})

/** Of the function that stored script would call. */
async function countHits(page: Page): Promise<readonly string[]> {
  const hits: string[] = []
  await page.exposeFunction('hit', () => hits.push(page.url()))
  return hits
}
