// Every page shows what it is about, without an error, a request to another host or anything that axe finds: wide and
// narrow, light and dark, in both languages. Each combination is tried on one of the databases; what an answer holds
// does not depend on how it is drawn.

import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import type { Page } from 'playwright-core'
import { type ConsolePage, headingIn, pagesOf } from './pages.ts'
import { type Seeds, seed } from './seeds.ts'
import { type ContextOptions, onEachStage, type Stage } from './stage.ts'
import { assertAccessible, assertFits, type Watch, watch } from './watch.ts'

interface Look extends Required<ContextOptions> {
  /** The others are tried on some only. */
  readonly isForAll: boolean
}

const looks: Readonly<Record<Stage['dialect'], readonly Look[]>> = {
  SQLite: [
    { language: 'en', theme: 'light', width: 1280, isForAll: true },
    { language: 'zh', theme: 'light', width: 1280, isForAll: false },
  ],
  PostgreSQL: [
    { language: 'zh', theme: 'dark', width: 390, isForAll: true },
    { language: 'en', theme: 'dark', width: 1280, isForAll: false },
    { language: 'en', theme: 'light', width: 390, isForAll: false },
  ],
}
/** A list, a detail, a form. */
const some = /\/r\/[^/]+\/namespaces$|\/tags\/1\.28\.0\/layers$|\/policies\/new$/

onEachStage('the pages', (stage) => {
  let seeds: Seeds

  before(async () => {
    seeds = await seed(stage())
  })

  it('show what they are about', async (t) => {
    for (const look of looks[stage().dialect]) {
      const page = await stage().logIn(look)
      const watched = watch(page)
      for (const one of pagesOf(stage(), seeds)) {
        if (!look.isForAll && !some.test(one.path)) continue
        const { language, theme, width } = look
        await t.test(`${one.path} (${language}, ${theme}, ${width} px)`, async () => {
          await page.goto(stage().at(one.path))
          await assertShown(page, watched, one, look)
        })
      }
      await page.context().close()
    }
  })

  it('show the way in', async () => {
    for (const look of looks[stage().dialect]) {
      const context = await stage().newContext(look)
      const page = await context.newPage()
      const watched = watch(page, new URL(stage().server.url))
      await page.goto(stage().at('/login'))
      const heading = ['Log in to Entrepot', '登录 Entrepot'] as const
      await assertShown(page, watched, { path: '/login', heading }, look)
      await context.close()
    }
  })
})

/** All that it asked for is there. */
const maxDrawnMs = 3000

async function assertShown(
  page: Page,
  watched: Watch,
  one: ConsolePage,
  look: Look,
): Promise<void> {
  const main = page.getByRole('main')
  const name = headingIn(one, look.language)
  await watched.settled()
  await main.getByRole('heading', { level: 1, name }).waitFor({ timeout: maxDrawnMs })
  assert.equal(await main.getByRole('heading', { level: 1 }).count(), 1, 'one heading of the page')
  assert.match(await page.title(), / · Entrepot$|^Entrepot$/)
  const lang = await page.evaluate<string>('document.documentElement.lang')
  assert.equal(lang, look.language === 'zh' ? 'zh-CN' : 'en-GB')
  const theme = await page.evaluate<string>("document.documentElement.getAttribute('theme-mode')")
  assert.equal(theme, look.theme)
  assert.equal(await main.getByRole('alert').count(), 0, 'a page without a failure')
  await assertFits(page)
  await assertAccessible(page)
  watched.assertQuiet()
}
