// Logins to the registry: made on a page, used by a client, ended on the page.

import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { Registry } from '@entrepot/client/oci/registry.ts'
import type { Locator, Page } from 'playwright-core'
import { begins, type Say, within } from './say.ts'
import { seed } from './seeds.ts'
import { mainUin, onEachStage, spokenOn } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

const maxEndMs = 5000

onEachStage('credentials', (stage) => {
  before(() => seed(stage()))

  const mayPull = (username: string, password: string, image = 'front/nginx:latest') => {
    const [repository = '', tag = ''] = image.split(':')
    const registry = new Registry({ origin: stage().server.url, login: { username, password } })
    return registry.resolve(repository, tag).then(
      (digest) => digest !== undefined,
      () => false,
    )
  }

  /** A process may answer by what it knew for a second. */
  const ended = async (username: string, password: string) => {
    const last = Date.now() + maxEndMs
    while (await mayPull(username, password)) assert.ok(Date.now() < last, 'it goes on')
  }

  it('of a person are shown once, and end when they are disabled', async () => {
    const { language, say } = spokenOn(stage().dialect)
    const page = await stage().logIn({ language, path: `/r/${stage().instance}/credentials/user` })
    const watched = watch(page)
    await page
      .getByRole('button', { name: say('Create credential') })
      .first()
      .click()
    const purpose = page.getByRole('dialog', { name: say('Create credential') })
    await purpose.getByRole('button', { name: say('Next') }).click()
    await purpose.getByText(say('Say what it will be used for')).waitFor()
    await purpose.getByRole('textbox', { name: begins(say('Purpose')) }).fill('build server')
    await purpose.getByRole('button', { name: say('Next') }).click()
    const password = await saveSecret(page, say)
    assert.equal(await mayPull(mainUin, password), true)
    assert.equal((await page.content()).includes(password), false)

    await page.getByRole('button', { name: say('Actions on build server') }).click()
    await page.getByRole('menuitem', { name: say('Disable') }).click()
    const sure = page.getByRole('dialog', { name: say('Disable build server?') })
    await sure.getByRole('button', { name: say('Disable') }).click()
    await page
      .getByRole('row', { name: /build server/ })
      .getByText(say('Disabled'))
      .waitFor()
    await ended(mainUin, password)
    watched.assertQuiet()
    await page.context().close()
  })

  it('of a machine do what was chosen, and no more', async () => {
    const { language, say } = spokenOn(stage().dialect)
    const page = await stage().logIn({
      language,
      path: `/r/${stage().instance}/credentials/service`,
    })
    const watched = watch(page)
    await page.getByRole('link', { name: 'tcr$ci-front' }).waitFor()
    await page.getByRole('link', { name: say('Create service account') }).click()
    await page.getByRole('textbox', { name: begins(say('Name')) }).fill('cluster-a')
    await page.getByRole('button', { name: say('Create service account') }).click()
    await page.getByText(say('Give it rights in at least one namespace')).waitFor()
    await assertAccessible(page)
    const level = new RegExp(`^front: ${within(say('Read-only')).source}$`)
    await page.getByRole('radio', { name: level }).check()
    await page.getByText(say('May pull in front.')).waitFor()
    await page.getByRole('button', { name: say('Create service account') }).click()
    const password = await saveSecret(page, say)
    assert.equal(await mayPull('tcr$cluster-a', password), true)
    assert.equal(await mayPull('tcr$cluster-a', password, 'data/batch/spark:3.5.3'), false)
    await page.getByRole('link', { name: 'tcr$cluster-a' }).waitFor()
    watched.assertQuiet()
    await page.context().close()
  })
})

/** What is shown once can't be closed by mistake: neither by Esc nor by the button. */
async function saveSecret(page: Page, say: Say): Promise<string> {
  const dialog = page.getByRole('dialog', { name: say('Save credential') })
  await dialog.waitFor()
  await assertAccessible(page)
  await page.keyboard.press('Escape')
  const close = dialog.getByRole('button', { name: say('Close') })
  assert.equal(await close.getAttribute('aria-disabled'), 'true')
  await close.click({ force: true })
  assert.equal(await dialog.count(), 1)
  const password = await secretIn(dialog, say)
  await dialog.getByRole('checkbox', { name: say('I have saved it') }).check()
  await close.click()
  await dialog.waitFor({ state: 'detached' })
  return password
}

async function secretIn(dialog: Locator, say: Say): Promise<string> {
  const shown = dialog.locator('.fact').filter({ has: dialog.page().getByText(say('Password')) })
  const code = shown.locator('code')
  assert.match((await code.textContent()) ?? '', /^•+$/)
  await shown.getByRole('button', { name: say('Show') }).click()
  return (await code.textContent()) ?? ''
}
