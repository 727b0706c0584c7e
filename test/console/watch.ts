// What a page does that it should not: errors, refusals of its policy, requests to other hosts; and what axe finds.

import assert from 'node:assert/strict'
import axe from 'axe-core'
import type { Page, Request } from 'playwright-core'

export interface Watch {
  /** Fails with all that was seen since the last time. */
  assertQuiet(): void
  /** Nothing is asked for any more, and what came is drawn. */
  settled(): Promise<void>
}

/** Answers that a page asks for knowing that they may be refusals are 200 in this API; others are faults. */
export function watch(page: Page, { host } = new URL(page.url())): Watch {
  const seen: string[] = []
  const open = new Set<Request>()
  let tellIdle = () => {}
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') seen.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    // A stream stays open on purpose.
    if (request.resourceType() !== 'eventsource') open.add(request)
    const url = new URL(request.url())
    // Where a person goes, a download for instance, is not what the page asks for.
    const isWay = request.isNavigationRequest() && request.frame() === page.mainFrame()
    if (!isWay && url.protocol.startsWith('http') && url.host !== host) {
      seen.push(`asked ${url.host}`)
    }
  })
  const end = (request: Request) => {
    open.delete(request)
    if (open.size === 0) tellIdle()
  }
  page.on('requestfinished', end)
  page.on('requestfailed', end)
  const idle = () =>
    new Promise<void>((resolve) => {
      tellIdle = resolve
      if (open.size === 0) resolve()
    })
  return {
    assertQuiet() {
      assert.deepEqual(seen.splice(0), [])
    },
    async settled() {
      do {
        await idle()
        // What came is drawn in the next frame, and may ask for more in the one after it.
        await page.evaluate(twoFrames)
      } while (open.size > 0)
      await page.locator('.skeleton').first().waitFor({ state: 'detached' })
    },
  }
}

export const twoFrames =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))'

interface Finding {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

const shownChars = 200

const rulesOfColour = ['color-contrast', 'link-in-text-block']

/** Throws with each rule that is broken and where. `only` colours: the same page was judged in another theme. */
export async function assertAccessible(page: Page, only?: 'colours'): Promise<void> {
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(axe.source)
  const rules = only === 'colours' ? rulesOfColour : undefined
  const violations = await page.evaluate(async (runOnly): Promise<readonly Finding[]> => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe }
    // What is right needs no list of where; nor does any rule ask for style sheets as text.
    const { violations: found } = await checker.run({
      resultTypes: ['violations'],
      preload: false,
      ...(runOnly && { runOnly }),
    })
    return found.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) }))
  }, rules)
  const words = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, shownChars)).join(' | ')}`,
  )
  assert.deepEqual(words, [], page.url())
}

/** Nothing stands beside the page: it is never scrolled sideways. */
export async function assertFits(page: Page): Promise<void> {
  const [needed, there] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, innerWidth]',
  )
  assert.ok(needed <= there, `${page.url()} is ${needed} px wide, the window ${there}`)
}
