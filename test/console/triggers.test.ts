// A trigger made in the console: tried before it is saved, felt by a receiver, its log read and sent again.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, it } from 'node:test'
import { createNamespace } from '@entrepot/contract/tcr/namespaces.ts'
import { createWebhookTrigger } from '@entrepot/contract/tcr/webhooks.ts'
import { imageOf, pushArtifact } from './artifacts.ts'
import { begins } from './say.ts'
import { onEachStage, type Stage, spokenOn } from './stage.ts'
import { assertAccessible, assertFits, watch } from './watch.ts'

interface Got {
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

async function startReceiver() {
  const got: Got[] = []
  let waiting = () => {}
  const receiver = { got, status: 200, url: '', next, close }
  const server = createServer(async (req, res) => {
    got.push({ headers: req.headers, text: Buffer.concat(await req.toArray()).toString() })
    res.writeHead(receiver.status).end('heard')
    waiting()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  /** The n-th request. */
  async function next(n: number): Promise<Got> {
    for (;;) {
      const one = got[n - 1]
      if (one) return one
      await new Promise<void>((resolve) => {
        waiting = resolve
      })
    }
  }
  async function close(): Promise<void> {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return receiver
}

const push = (stage: Stage, tag: string) => {
  const image = imageOf({ layers: [{ name: tag, bytes: 1000, by: `COPY ${tag} /` }] })
  return pushArtifact(stage.registry, 'demo/team/api', image, [tag])
}

onEachStage('triggers', (stage) => {
  let receiver: Awaited<ReturnType<typeof startReceiver>>
  before(async () => {
    receiver = await startReceiver()
  })
  after(() => receiver.close())

  it('are tried, made, felt by their receiver, and sent again', async () => {
    const { language, say } = spokenOn(stage().dialect)
    const path = `/r/${stage().instance}/triggers`
    const page = await stage().logIn({ path, language })
    const quiet = watch(page)
    await page.getByText(say('No trigger yet')).waitFor()
    await page
      .getByRole('button', { name: say('Create trigger') })
      .first()
      .click()
    const drawer = page.getByRole('dialog', { name: say('Create trigger') })
    await drawer
      .getByLabel(begins(say('Name')))
      .first()
      .fill('deploy')
    await drawer.getByLabel(say('Repository name')).fill('team/**')
    await drawer.getByLabel(say('Tag')).fill('v*')
    await drawer.getByLabel(say('Would this match?')).fill('team/api:v1')
    await drawer.getByText(say('It matches')).waitFor()
    await drawer.getByLabel(say('Would this match?')).fill('team/api:latest')
    await drawer.getByText(say('It does not match')).waitFor()
    await drawer.getByLabel(say('URL')).fill(receiver.url)
    await drawer.getByRole('button', { name: say('Add header') }).click()
    await drawer.getByLabel(say('Header name')).fill('X-Token')
    await drawer.getByLabel(say('Header value')).fill('t0ken')
    await drawer.getByRole('button', { name: say('Test delivery') }).click()
    await drawer.getByText(say('The test was answered with 200')).waitFor()
    assert.equal((await receiver.next(1)).headers['x-token'], 't0ken')
    await assertAccessible(page)
    await drawer.getByRole('button', { name: say('Create trigger') }).click()

    const secret = page.getByRole('dialog', { name: say('The signing secret of deploy') })
    await secret.getByRole('checkbox').check()
    await secret.getByRole('button', { name: say('Close') }).click()
    await page.getByText(say('repositories team/**, tags v*')).first().waitFor()

    await push(stage(), 'latest')
    await push(stage(), 'v1')
    const told = await receiver.next(2)
    assert.equal(JSON.parse(told.text).event_data.repository.repo_full_name, 'demo/team/api')
    assert.equal(JSON.parse(told.text).event_data.resources[0].tag, 'v1')
    assert.match(String(told.headers['x-entrepot-signature']), /^sha256=[0-9a-f]{64}$/)

    await page.getByRole('link', { name: 'deploy' }).click()
    await page.getByRole('cell', { name: 'demo/team/api:v1' }).waitFor()
    await page.getByRole('cell', { name: say('Succeeded') }).waitFor()
    await assertAccessible(page)
    const row = page.getByRole('row').filter({ hasText: 'demo/team/api:v1' })
    await row.getByRole('button').first().press('Enter')
    const delivery = page.getByRole('dialog')
    await delivery.getByText('"repo_full_name": "demo/team/api"').waitFor()
    await assertAccessible(page)
    await delivery.getByRole('button', { name: say('Redeliver') }).click()
    const again = await receiver.next(3)
    assert.equal(again.headers['x-entrepot-event-id'], told.headers['x-entrepot-event-id'])
    await delivery.getByRole('heading', { name: begins(say('Attempt 2')) }).waitFor()
    await page.keyboard.press('Escape')
    await delivery.waitFor({ state: 'detached' })
    quiet.assertQuiet()
    await page.context().close()
  })

  it('are turned off and deleted with a question, and fit a narrow screen', async () => {
    const { language, say } = spokenOn(stage().dialect)
    await stage().api.call(createNamespace, {
      RegistryId: stage().instance,
      NamespaceName: 'quiet',
      IsPublic: false,
    })
    await stage().api.call(createWebhookTrigger, {
      RegistryId: stage().instance,
      Namespace: 'demo',
      Trigger: {
        Name: 'narrow',
        Targets: [{ Address: receiver.url }],
        EventTypes: ['pushImage', 'pullImage', 'chartPush'],
        Condition: 'a+:v\\d',
        Enabled: true,
      },
    })
    const path = `/r/${stage().instance}/triggers?q=narrow`
    const page = await stage().logIn({ path, language, width: 390, theme: 'dark' })
    const quiet = watch(page)
    await page.getByText('a+:v\\d').waitFor()
    const among = page.getByRole('combobox', { name: say('Namespace') })
    await among.selectOption('quiet')
    await page.getByText(say('Nothing matches')).waitFor()
    await among.selectOption('demo')
    await page.getByText('a+:v\\d').waitFor()
    await assertFits(page)
    await assertAccessible(page)
    const menu = page.getByRole('button', { name: say('Actions on trigger narrow') })
    await menu.click()
    await page.getByRole('menuitem', { name: say('Turn off') }).click()
    const off = page.getByRole('dialog', { name: say('Turn off narrow?') })
    await off.getByText(say('0 requests that wait are dropped.')).waitFor()
    // In Chinese the cross that closes has the same name.
    await off
      .getByRole('button', { name: say('Turn off') })
      .last()
      .click()
    await page.locator('.status-off').getByText(say('Turned off')).waitFor()
    await menu.click()
    await page.getByRole('menuitem', { name: say('Configure') }).click()
    const drawer = page.getByRole('dialog', { name: say('Configure the trigger') })
    await drawer
      .getByLabel(begins(say('Regular expression')))
      .last()
      .waitFor()
    await assertFits(page)
    await assertAccessible(page)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await menu.click()
    await page.getByRole('menuitem', { name: say('Delete') }).click()
    const question = page.getByRole('dialog', {
      name: say('Delete trigger narrow?'),
    })
    await question.getByRole('button', { name: say('Delete trigger') }).click()
    await page.getByText(say('Nothing matches')).waitFor()
    quiet.assertQuiet()
    await page.context().close()
  })
})
