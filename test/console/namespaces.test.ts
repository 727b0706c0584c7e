// What a person does with namespaces.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEachStage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

onEachStage('namespaces', (stage) => {
  it('are made, found and deleted', async () => {
    const page = await stage().logIn({ path: `/r/${stage().instance}/namespaces` })
    const quiet = watch(page)
    await page.getByRole('button', { name: 'Create namespace' }).first().click()
    const drawer = page.getByRole('dialog', { name: 'Create namespace' })
    await drawer.getByRole('textbox', { name: /^Name/ }).fill('Team-A')
    await drawer.getByRole('button', { name: 'Create namespace' }).click()
    await drawer.getByText('2 to 30 of a–z and 0–9').waitFor()
    await assertAccessible(page)
    await drawer.getByRole('textbox', { name: /^Name/ }).fill('team-a')
    await drawer.getByRole('button', { name: 'Create namespace' }).click()
    await drawer.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'team-a' }).waitFor()

    await page.getByRole('searchbox', { name: 'Namespace name' }).fill('team')
    await page.waitForURL(/[?&]q=team/)
    await page.reload()
    await page.getByRole('link', { name: 'team-a' }).waitFor()
    await page.getByRole('button', { name: 'Actions on team-a' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete namespace' }).click()
    await page.getByRole('link', { name: 'team-a' }).waitFor({ state: 'detached' })
    quiet.assertQuiet()
    await page.context().close()
  })

  it('keep what was typed when the login ends in the middle', async () => {
    const page = await stage().logIn({ path: `/r/${stage().instance}/namespaces?open=new` })
    const drawer = page.getByRole('dialog', { name: 'Create namespace' })
    await drawer.getByRole('textbox', { name: /^Name/ }).fill('kept')
    await page.context().clearCookies()
    await drawer.getByRole('button', { name: 'Create namespace' }).click()
    const again = page.getByRole('dialog', { name: 'Your login has ended' })
    await again.locator('input[name=password]').fill('Console-tests-password-1')
    await again.getByRole('button', { name: 'Log in', exact: true }).click()
    await again.waitFor({ state: 'detached' })
    assert.equal(await drawer.getByRole('textbox', { name: /^Name/ }).inputValue(), 'kept')
    await drawer.getByRole('button', { name: 'Create namespace' }).click()
    await page.getByRole('link', { name: 'kept' }).waitFor()
    await page.context().close()
  })
})
