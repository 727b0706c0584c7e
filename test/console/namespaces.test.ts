// What a person does with namespaces.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { begins } from './say.ts'
import { mainPassword, onEachStage, spokenOn } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

onEachStage('namespaces', (stage) => {
  it('are made, found and deleted', async () => {
    const { language, say } = spokenOn(stage().dialect)
    const page = await stage().logIn({ language, path: `/r/${stage().instance}/namespaces` })
    const quiet = watch(page)
    await page
      .getByRole('button', { name: say('Create namespace') })
      .first()
      .click()
    const drawer = page.getByRole('dialog', { name: say('Create namespace') })
    await drawer.getByRole('textbox', { name: begins(say('Name')) }).fill('Team-A')
    await drawer.getByRole('button', { name: say('Create namespace') }).click()
    await drawer.getByText(say('2 to 30 of a–z and 0–9, single . _ - inside')).waitFor()
    await assertAccessible(page)
    await drawer.getByRole('textbox', { name: begins(say('Name')) }).fill('team-a')
    await drawer.getByRole('button', { name: say('Create namespace') }).click()
    await drawer.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'team-a' }).waitFor()

    await page.getByRole('searchbox', { name: say('Namespace name') }).fill('team')
    await page.waitForURL(/[?&]q=team/)
    await page.reload()
    await page.getByRole('link', { name: 'team-a' }).waitFor()
    await page.getByRole('button', { name: say('Actions on team-a') }).click()
    await page.getByRole('menuitem', { name: say('Delete') }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: say('Delete namespace') })
      .click()
    await page.getByRole('link', { name: 'team-a' }).waitFor({ state: 'detached' })
    quiet.assertQuiet()
    await page.context().close()
  })

  it('keep what was typed when the login ends in the middle', async () => {
    const { language, say } = spokenOn(stage().dialect)
    const page = await stage().logIn({
      language,
      path: `/r/${stage().instance}/namespaces?open=new`,
    })
    const drawer = page.getByRole('dialog', { name: say('Create namespace') })
    await drawer.getByRole('textbox', { name: begins(say('Name')) }).fill('kept')
    await page.context().clearCookies()
    await drawer.getByRole('button', { name: say('Create namespace') }).click()
    const again = page.getByRole('dialog', { name: say('Your login has ended') })
    await again.locator('input[name=password]').fill(mainPassword)
    await again.getByRole('button', { name: say('Log in') }).click()
    await again.waitFor({ state: 'detached' })
    assert.equal(
      await drawer.getByRole('textbox', { name: begins(say('Name')) }).inputValue(),
      'kept',
    )
    await drawer.getByRole('button', { name: say('Create namespace') }).click()
    await page.getByRole('link', { name: 'kept' }).waitFor()
    await page.context().close()
  })
})
