// What a page does that it should not: errors, refusals of its policy, requests to other hosts; and what axe finds.

import assert from 'node:assert/strict'
import axe from 'axe-core'
import type { Page } from 'playwright-core'

export interface Watch {
  /** Fails with all that was seen since the last time. */
  assertQuiet(): void
}

/** Answers that a page asks for knowing that they may be refusals are 200 in this API; others are faults. */
export function watch(page: Page): Watch {
  const seen: string[] = []
  const { host } = new URL(page.url())
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') seen.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.host !== host) seen.push(`asked ${url.host}`)
  })
  return {
    assertQuiet() {
      assert.deepEqual(seen.splice(0), [])
    },
  }
}

interface Finding {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

const shownChars = 200

/** Throws with each rule that is broken and where. */
export async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async (): Promise<readonly Finding[]> => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe }
    const { violations: found } = await checker.run()
    return found.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) }))
  })
  const words = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, shownChars)).join(' | ')}`,
  )
  assert.deepEqual(words, [], page.url())
}
