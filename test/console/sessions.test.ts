// What happens to a page when something else happens: the server goes away and comes back, another tab logs in as
// somebody else, the language changes, the login begins with somebody's planted cookie.

import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { addPerson, loginOf, seed } from './seeds.ts'
import { fillLogin, onEachStage } from './stage.ts'
import { watch } from './watch.ts'

onEachStage('sessions', (stage) => {
  before(async () => {
    await addPerson(stage().api, 'nobody')
  })

  it('change the language at once, without a new page, and keep it', async () => {
    const page = await stage().logIn({ path: '/jobs' })
    const watched = watch(page)
    await page.evaluate('globalThis.isSamePage = true')
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor()
    await page.getByRole('button', { name: 'Language' }).click()
    await page.getByRole('menuitemradio', { name: '中文' }).click()
    await page.getByRole('heading', { level: 1, name: '任务' }).waitFor()
    assert.equal(await page.evaluate('globalThis.isSamePage'), true)
    assert.equal(await page.evaluate('document.documentElement.lang'), 'zh-CN')
    assert.match(await page.title(), /^任务 ·/)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: '任务' }).waitFor()
    watched.assertQuiet()
    await page.context().close()
  })

  it('of two tabs: the second login takes the first tab over', async () => {
    const context = await stage().newContext()
    const first = await stage().logIn({
      context,
      path: `/r/${stage().instance}/namespaces?open=new`,
    })
    const drawer = first.getByRole('dialog', { name: 'Create namespace' })
    await drawer.getByRole('textbox', { name: /^Name/ }).fill('of-nobody')
    const second = await context.newPage()
    await second.goto(stage().at('/login'))
    await second.getByRole('button', { name: 'Account of main' }).click()
    await second.getByRole('menuitem', { name: 'Log out' }).click()
    await fillLogin(second, loginOf('nobody'))
    await second.getByRole('button', { name: 'Account of nobody' }).waitFor()
    // What the main account began is not done in the name of the other.
    await drawer.getByRole('button', { name: 'Create namespace' }).click()
    await first.getByRole('button', { name: 'Account of nobody' }).waitFor()
    await first.getByText('You see no instance yet').waitFor()
    await context.close()
  })

  it('that were planted before the login are worth nothing after it', async () => {
    const context = await stage().newContext()
    const planted = 'A'.repeat(32)
    const url = stage().at('/')
    const plantedCookie = {
      name: 'entrepot_session',
      value: planted,
      domain: '127.0.0.1',
      path: '/console',
    }
    // For longer paths, too: the browser sends these before the console's own.
    const paths = ['/console', '/console/session', '/console/api']
    await context.addCookies(paths.map((path) => ({ ...plantedCookie, path })))
    const page = await context.newPage()
    await page.goto(url)
    await fillLogin(page)
    await page.getByRole('banner').waitFor()
    const cookies = await context.cookies(url)
    const [cookie] = cookies
    assert.equal(cookies.length, 1)
    assert.notEqual(cookie?.value, planted)
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, 'Strict'])
    assert.equal(await page.evaluate('document.cookie'), '')
    const attacker = await stage().newContext()
    await attacker.addCookies([plantedCookie])
    const other = await attacker.newPage()
    await other.goto(url)
    await other.getByRole('heading', { name: 'Log in to Entrepot' }).waitFor()
    await attacker.close()
    await context.close()
  })

  it('outlive the server: the page says so, tries again, and a job goes on', async () => {
    await seed(stage())
    const page = await stage().logIn({ path: '/jobs' })
    const job = page.getByRole('row', { name: /Move storage/ })
    await job.waitFor()
    await stage().server.stop()
    const bar = page.getByRole('alert').filter({ hasText: 'No connection to the server.' })
    await bar.waitFor()
    // What was read stays, also when a page is wanted of which nothing is there yet.
    await job.waitFor()
    const menu = page.getByRole('navigation', { name: 'Menu' })
    await menu.getByRole('link', { name: 'Usage' }).click()
    await page.waitForURL(/\/usage$/)
    await bar.getByRole('button', { name: 'Try again' }).click()
    await bar.waitFor()
    assert.equal(await page.getByText('This page can’t be shown.').count(), 0)
    await stage().startAgain()
    // By itself.
    await page.getByRole('heading', { level: 1, name: 'Usage' }).waitFor()
    await bar.waitFor({ state: 'detached' })
    await page.goBack()
    // It waits for what was under way before it, a minute at least: it has not ended.
    await job.getByText(/Running|Waiting/).waitFor()
    await job.getByRole('link').first().click()
    await page.getByRole('heading', { level: 1, name: 'Move storage' }).waitFor()
    await page.context().close()
  })

  it('get the scripts of a newer build by loading the page anew, once', async () => {
    const page = await stage().logIn({ path: '/jobs' })
    let loads = 0
    page.on('load', () => {
      loads += 1
    })
    const gone = (of: RegExp) => page.route(of, (route) => route.fulfill({ status: 404 }))
    const menu = page.getByRole('navigation', { name: 'Menu' })
    const usage = page.getByRole('heading', { level: 1, name: 'Usage' })

    await gone(/\/assets\/usage-/)
    page.once('load', () => void page.unroute(/\/assets\/usage-/))
    await menu.getByRole('link', { name: 'Usage' }).click()
    await usage.waitFor()
    assert.equal(loads, 1)
    // Where that does not help the page says so, and nothing turns in a circle.
    await gone(/\/assets\/audit-/)
    await menu.getByRole('link', { name: 'Operation audit' }).click()
    await page.getByText('This page can’t be shown.').waitFor()
    assert.equal(loads, 2)
    await page.unroute(/\/assets\/audit-/)
    await page.getByRole('button', { name: 'Load anew' }).click()
    await page.getByRole('heading', { level: 1, name: 'Operation audit' }).waitFor()
    await page.context().close()
  })
})
