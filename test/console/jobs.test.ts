// A job on its page: followed as it moves, over a restart of the server, without event streams, and cancelled.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { describeRegions } from '@entrepot/contract/tcr/instances.ts'
import type { Page } from 'playwright-core'
import { startMove } from './seeds.ts'
import { onEachStage } from './stage.ts'
import { assertAccessible, assertFits, watch } from './watch.ts'

onEachStage('a job', (stage) => {
  let job: string | undefined
  /** It waits a minute for uploads that were under way. */
  async function moving(): Promise<string> {
    if (job !== undefined) return job
    const { Regions } = await stage().api.call(describeRegions, {})
    job = await startMove(stage(), Regions?.[0]?.RegionName ?? '')
    return job
  }

  const head = (page: Page) => page.getByRole('heading', { level: 1 })

  it('is followed by an event stream, which goes on after a restart', async () => {
    const path = `/jobs/${await moving()}`
    const page = await stage().logIn({ path: '/jobs' })
    const streams: string[] = []
    page.on('request', (request) => {
      if (request.resourceType() === 'eventsource') streams.push(request.url())
    })
    await page.goto(stage().at(path))
    await head(page).filter({ hasText: 'Move storage' }).waitFor()
    await page
      .getByText(/^(Waiting|Running)$/)
      .first()
      .waitFor()
    assert.equal(streams.length, 1)
    await stage().killServer()
    await page.getByText('Connection lost; reconnecting…').waitFor()
    await stage().startAgain()
    await page.getByText('Connection lost; reconnecting…').waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('is asked for where there is no stream to be had, in Chinese, on a narrow screen', async () => {
    const context = await stage().newContext({ language: 'zh', width: 390, theme: 'dark' })
    await context.route('**/events?*', (route) => route.fulfill({ status: 502, body: 'no' }))
    const page = await stage().logIn({ path: '/jobs', context })
    const polls = () => page.waitForRequest((one) => one.headers()['x-tc-action'] === 'DescribeJob')
    await page.goto(stage().at(`/jobs/${await moving()}`))
    await head(page).filter({ hasText: '迁移存储' }).waitFor()
    for (let count = 0; count < 3; count += 1) await polls()
    await assertFits(page)
    await assertAccessible(page)
    await context.close()
  })

  it('is cancelled by keyboard: the stream shows it', async () => {
    const page = await stage().logIn({ path: `/jobs/${await moving()}` })
    const quiet = watch(page)
    await page.getByRole('button', { name: 'Cancel the job' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Cancel this job?' })
    await dialog.getByText('The instance stays on its storage backend.').waitFor()
    await dialog.getByRole('button', { name: 'Cancel the job' }).focus()
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Cancel the job' }).waitFor({ state: 'detached' })
    await page.goto(stage().at(`/instances/${stage().instance}/storage`))
    await page.getByText('Cancelled').first().waitFor()
    quiet.assertQuiet()
    await page.context().close()
  })
})
