// A page by keyboard alone: Tab reaches all that can be pressed or filled in, each with a ring that shows where one is
// and with a name, and leads out again; what opens is closed by Esc, and one is where one was.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { twoFrames } from './watch.ts'

const inPage = readFileSync(join(import.meta.dirname, 'walk-in-page.js'), 'utf8')
/** Of the browser: what scrolls by itself, and its own end of the page. */
const ownStops = 12

interface Stop {
  readonly what: string
  readonly isReached: boolean
  readonly hasRing: boolean
  readonly hasName: boolean
}

/** Presses Tab through the page, or through the dialog that lies over it. */
export async function assertWalkable(page: Page): Promise<void> {
  await page.evaluate(inPage)
  const count = await page.evaluate<number>('tabWalk.begin()')
  // From wherever one is: once around, and past what the browser itself adds.
  const presses = Array.from({ length: count + ownStops }, () => page.keyboard.press('Tab'))
  await Promise.all(presses)
  const stops = await page.evaluate<readonly Stop[]>('tabWalk.end()')
  const faults = stops.flatMap(({ what, isReached, hasRing, hasName }) => [
    ...(isReached ? [] : [`not reached: ${what}`]),
    ...(hasName ? [] : [`without a name: ${what}`]),
    ...(isReached && !hasRing ? [`without a ring: ${what}`] : []),
  ])
  assert.deepEqual(faults, [], page.url())
}

/**
 * Opens all that a page's buttons open, by Enter: dialogs and menus, and the dialogs behind a menu's entries. `look`
 * judges each dialog.
 */
export async function assertOpens(page: Page, look: () => Promise<void>): Promise<void> {
  const openers = page.locator(
    'main :is(.button-primary, .button-default, .button-danger-text, .icon-button:not(.copy), .audit-action):is([type=button])',
  )
  const url = page.url()
  const { host } = new URL(url)
  // What is downloaded from the registry has names that this machine does not know.
  await page.route(
    (asked) => asked.host !== host,
    (route) => route.fulfill({ status: 204 }),
  )
  const seen = new Set<string>()
  for (const opener of await openers.all()) {
    const name = (await opener.isVisible()) ? await kindOf(opener) : undefined
    // Rows are alike: one of each.
    if (name === undefined || seen.has(name)) continue
    seen.add(name)
    if ((await opener.getAttribute('aria-haspopup')) === 'menu') {
      await assertMenu(page, opener, look)
    } else {
      await opener.press('Enter')
      if (await isOpen(page, 'dialog:modal')) await assertDialog(page, opener, look)
    }
    if (page.url() !== url) return
  }
}

/** Of several that stand in rows the class, of others what they say. */
async function kindOf(opener: Locator): Promise<string> {
  return opener.evaluate((at) =>
    at.closest('td, li')
      ? `row ${at.className}`
      : (at.getAttribute('aria-label') ?? at.textContent ?? ''),
  )
}

async function assertMenu(page: Page, opener: Locator, look: () => Promise<void>): Promise<void> {
  await opener.press('Enter')
  const entries = page.locator('[role=menu] button[role=menuitem]')
  const menu = page.locator('[role=menu]')
  await menu.locator(':focus').waitFor()
  const count = await entries.count()
  await page.keyboard.press('Escape')
  await menu.waitFor({ state: 'detached' })
  await assertFocused(opener)
  const url = page.url()
  for (let index = 0; index < count; index += 1) {
    // One of them leads to a page.
    if (page.url() !== url) await page.goBack()
    await opener.press('Enter')
    await menu.locator(':focus').waitFor()
    const entry = entries.nth(index)
    // What was done at once may have left fewer to do.
    if (!(await entry.isVisible())) break
    if ((await entry.getAttribute('aria-disabled')) === 'true') {
      await page.keyboard.press('Escape')
      continue
    }
    await entry.press('Enter')
    if (await isOpen(page, 'dialog:modal')) await assertDialog(page, opener, look)
  }
  if (page.url() !== url) await page.goBack()
}

async function assertDialog(page: Page, opener: Locator, look: () => Promise<void>): Promise<void> {
  const dialog = page.locator('dialog:modal')
  const [title] = await dialog.getByRole('heading').allTextContents()
  const isInside = await dialog.evaluate((at) => at.matches(':focus, :has(:focus)'))
  assert.ok(isInside, `${title} begins with the focus in it`)
  await assertWalkable(page)
  await look()
  // The browser's own boxes take the first Esc to be emptied.
  for (let presses = 0; presses < 2 && (await dialog.count()) > 0; presses += 1) {
    await page.keyboard.press('Escape')
  }
  await dialog.waitFor({ state: 'detached' })
  await assertFocused(opener)
}

async function assertFocused(opener: Locator): Promise<void> {
  const name = await kindOf(opener)
  assert.ok(await opener.evaluate((at) => at.matches(':focus')), `one is back at ${name}`)
}

async function isOpen(page: Page, selector: string): Promise<boolean> {
  await page.evaluate(twoFrames)
  return (await page.locator(selector).count()) > 0
}
