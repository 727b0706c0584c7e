// Logging in at an identity provider: a real one, a real browser, the whole way there and back.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import {
  createOidcProvider,
  modifyOidcProvider,
} from '@entrepot/contract/entrepot/identity-providers.ts'
import {
  startTestProvider,
  type TestProvider,
} from '@entrepot/server/identity-providers/test-provider.ts'
import { onEachStage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

const secret = 'a client secret: of signs + blanks'

onEachStage('identity providers', (stage) => {
  let provider: TestProvider

  before(async () => {
    const callback = stage().at('/oidc/callback')
    provider = await startTestProvider({
      clients: [{ client_id: 'entrepot', client_secret: secret, redirect_uris: [callback] }],
    })
    provider.person = { sub: 'u-1', preferred_username: 'ann' }
    const { RedirectUri } = await stage().api.call(createOidcProvider, {
      Name: 'work',
      DisplayName: 'Work',
      IssuerUrl: provider.issuer,
      ClientId: 'entrepot',
      ClientSecret: secret,
      Scopes: ['profile'],
      ConsoleLogin: true,
      UserClaim: 'preferred_username',
      CreateUsers: true,
      Enabled: true,
    })
    assert.equal(RedirectUri, callback)
  })
  after(() => provider.close())

  it('let a person in, to the page that was asked for', async () => {
    const context = await stage().newContext()
    const page = await context.newPage()
    await page.goto(stage().at('/jobs?sort=a'))
    const link = page.getByRole('link', { name: 'Log in by Work' })
    await link.waitFor()
    await assertAccessible(page)
    const quiet = watch(page)
    await link.click()
    await page.waitForURL(/\/console\/jobs\?sort=a$/)
    await page.getByRole('button', { name: 'Account of ann' }).waitFor()
    quiet.assertQuiet()
    await context.close()
  })

  it('that are turned off let nobody in, and the login page says so', async () => {
    const context = await stage().newContext({ language: 'zh' })
    const page = await context.newPage()
    await page.goto(stage().at('/login'))
    const link = page.getByRole('link', { name: '使用 Work 登录' })
    const address = await link.getAttribute('href')
    await stage().api.call(modifyOidcProvider, { Name: 'work', Enabled: false })
    await page.goto(new URL(address ?? '', stage().server.url).href)
    await page.getByRole('alert').filter({ hasText: '身份提供商登录失败' }).waitFor()
    assert.match(page.url(), /\/console\/login\?/)
    await context.close()
  })
})
