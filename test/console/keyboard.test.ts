// All of it by keyboard alone: past the menu, along the rows of a list, into a dialog and back.

import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import type { Page } from 'playwright-core'
import { seed } from './seeds.ts'
import { onEachStage } from './stage.ts'

onEachStage('the keyboard', (stage) => {
  before(() => seed(stage()))

  it('leads from the skip link to the page, its search and its main button', async () => {
    const page = await stage().logIn({ path: `/r/${stage().instance}/namespaces` })
    await page.getByRole('link', { name: 'front' }).waitFor()
    await page.keyboard.press('Tab')
    assert.equal(await focused(page), 'Skip to the page')
    assert.ok(await page.getByRole('button', { name: 'Skip to the page' }).isVisible())
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate('document.activeElement.id'), 'main')
    await tabTo(page, 'Create namespace')
    await tabTo(page, 'Namespace name')
    // The way there past the menu exists, too, with each entry a stop.
    await page.reload()
    await page.getByRole('link', { name: 'front' }).waitFor()
    await tabTo(page, 'Image repositories')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Image repositories' }).waitFor()
    await page.keyboard.press('/')
    assert.equal(await focused(page), 'Repository name')
    await page.context().close()
  })

  it('moves along the rows of a list, and opens what they hold', async () => {
    const page = await stage().logIn({ path: `/r/${stage().instance}/repositories?sort=-name` })
    const row = (name: string) => page.getByRole('row').filter({ hasText: name })
    await row('front/nginx').waitFor()
    await page.getByRole('table').locator('tbody tr[tabindex="0"]').focus()
    const names = await page.getByRole('table').locator('tbody tr .cell-name').allTextContents()
    assert.ok(names.length >= 3)
    await page.keyboard.press('ArrowDown')
    await focusedRow(page, 1)
    await page.keyboard.press('End')
    await focusedRow(page, names.length - 1)
    await page.keyboard.press('Home')
    await focusedRow(page, 0)
    await page.keyboard.press('Space')
    await page.getByText('1 selected').waitFor()
    await page.keyboard.press('Space')
    await page.keyboard.press('.')
    const first = page.getByRole('menuitem').first()
    await first.waitFor()
    await page.keyboard.press('Escape')
    await first.waitFor({ state: 'detached' })
    assert.match(await focused(page), /^Actions on /)
    await page.keyboard.press('Shift+Tab')
    await page.getByRole('table').locator('tbody tr[tabindex="0"]').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/-\/tags$/)
    await page.context().close()
  })

  it('closes a dialog by Esc, and is where it was', async () => {
    const page = await stage().logIn({ path: `/r/${stage().instance}/namespaces` })
    await page.getByRole('link', { name: 'front' }).waitFor()
    await tabTo(page, 'Create namespace')
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog', { name: 'Create namespace' })
    await drawer.waitFor()
    assert.match(await focused(page), /^Name/)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    assert.equal(await focused(page), 'Create namespace')
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Search' })
    await palette.getByRole('combobox').fill('nginx')
    await palette
      .getByRole('option', { name: /front\/nginx/ })
      .first()
      .waitFor()
    // The browser's own boxes take the first Esc to be emptied.
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await palette.waitFor({ state: 'detached' })
    assert.equal(await focused(page), 'Create namespace')
    await page.context().close()
  })
})

/** How a screen reader names it, as far as it says so itself. */
const nameOfFocused = `(() => {
  const { activeElement: at } = document
  return at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent
})()`

async function focused(page: Page): Promise<string> {
  return (await page.evaluate<string>(nameOfFocused)).trim()
}

/** More stops before a page's content would be no way. */
const maxStops = 60

async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = []
  while ((await focused(page)) !== name) {
    passed.push(await focused(page))
    assert.ok(passed.length < maxStops, `${name} is not among ${passed.join(', ')}`)
    await page.keyboard.press('Tab')
  }
}

async function focusedRow(page: Page, index: number): Promise<void> {
  await page.locator(`tr[data-index="${index}"]:focus`).waitFor()
}
