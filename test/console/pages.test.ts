// Every page shows what it is about, without an error, a request to another host or anything that axe finds: wide and
// narrow, light and dark, in both languages; and by keyboard alone. A page is loaded once for all of its looks. Each
// language is tried on one of the databases: what an answer holds does not depend on the words around it.

import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import type { Page } from 'playwright-core'
import { type ConsolePage, headingIn, pagesOf } from './pages.ts'
import { type Seeds, seed } from './seeds.ts'
import { languageOn, onEachStage } from './stage.ts'
import { assertOpens, assertWalkable } from './walk.ts'
import { assertAccessible, assertFits, type Watch, watch } from './watch.ts'

const looks = [
  ['dark', 390],
  ['light', 390],
  ['dark', 1280],
  ['light', 1280],
] as const
const height = 900

onEachStage('the pages', (stage) => {
  let seeds: Seeds

  before(async () => {
    seeds = await seed(stage())
  })

  it('show what they are about, and are used by keyboard alone', async (t) => {
    const { dialect } = stage()
    const language = languageOn(dialect)
    const page = await stage().logIn({ language })
    const watched = watch(page)
    for (const [index, one] of pagesOf(stage(), seeds).entries()) {
      await t.test(`${one.path} in ${language}`, async () => {
        await page.goto(stage().at(one.path))
        await assertShown(page, watched, one, language)
        await assertWalkable(page)
        // What opens is the same in both languages: each page's on one of the databases.
        if (index % 2 === (dialect === 'SQLite' ? 0 : 1)) {
          await assertOpens(page, () => assertAccessible(page))
        }
        watched.assertQuiet()
      })
    }
    await page.context().close()
  })

  it('show the way in', async () => {
    const language = languageOn(stage().dialect)
    const context = await stage().newContext({ language })
    const page = await context.newPage()
    const watched = watch(page, new URL(stage().server.url))
    await page.goto(stage().at('/login'))
    const heading = ['Log in to Entrepot', '登录 Entrepot'] as const
    await assertShown(page, watched, { path: '/login', heading }, language)
    await assertWalkable(page)
    await context.close()
  })
})

/** All that it asked for is there. */
const maxDrawnMs = 3000

async function assertShown(
  page: Page,
  watched: Watch,
  one: ConsolePage,
  language: 'en' | 'zh',
): Promise<void> {
  const main = page.getByRole('main')
  const name = headingIn(one, language)
  await watched.settled()
  await main.getByRole('heading', { level: 1, name }).waitFor({ timeout: maxDrawnMs })
  assert.equal(await main.getByRole('heading', { level: 1 }).count(), 1, 'one heading of the page')
  assert.match(await page.title(), / · Entrepot$|^Entrepot$/)
  const lang = await page.evaluate<string>('document.documentElement.lang')
  assert.equal(lang, language === 'zh' ? 'zh-CN' : 'en-GB')
  assert.equal(await main.getByRole('alert').count(), 0, 'a page without a failure')
  for (const [theme, width] of looks) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: theme })
    await watched.settled()
    const shown = await page.evaluate<string>("document.documentElement.getAttribute('theme-mode')")
    assert.equal(shown, theme)
    await assertFits(page)
    await assertAccessible(page, theme === 'light' ? undefined : 'colours')
  }
  watched.assertQuiet()
}
