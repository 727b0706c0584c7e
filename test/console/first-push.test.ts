// From the first login to the first image: the lines that the page shows are run as they stand, and the push arrives on
// the page.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { run } from '../clients/command.ts'
import { makeImage } from '../images/image.ts'
import { writeLayout } from '../images/layout.ts'
import { fillLogin, onEachStage, spokenOn } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

onEachStage('the first push', (stage) => {
  it('is done by the lines of the page, and arrives on it', async (t) => {
    const { language, say } = spokenOn(stage().dialect)
    const folder = await mkdtemp(join(tmpdir(), 'entrepot-first-push-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    writeLayout(join(folder, 'image'), 'latest', [makeImage({ seed: 'first push' })])

    const context = await stage().newContext({ language })
    const page = await context.newPage()
    await page.goto(stage().at('/'))
    await fillLogin(page)
    await page.getByRole('banner').waitFor()
    const watched = watch(page)
    await page
      .getByRole('link', { name: say('Push the first image') })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: say('Welcome') }).waitFor()
    await page.getByRole('radio', { name: 'skopeo' }).check()
    await page.getByText(say('Waiting for a push to demo/ …')).waitFor()
    await page.getByRole('button', { name: say('Make a temporary password (1 hour)') }).click()
    await page
      .getByText(say('With your temporary password; it holds for an hour and is shown only here.'))
      .waitFor()
    await assertAccessible(page)

    const lines = await page
      .getByRole('region', { name: say('Line *') })
      .locator('code')
      .allInnerTexts()
    const env = { REGISTRY_AUTH_FILE: join(folder, 'auth.json') }
    await run('sh', ['-ec', lines.join('\n')], { cwd: folder, env })

    const arrivals = page.getByRole('list', { name: say('What arrives') })
    await arrivals.getByText(say('Login by * from *')).first().waitFor()
    await arrivals.getByText(say('demo/hello:v1 arrived, *')).waitFor()
    await page.getByText(say('Your image is there.')).waitFor()
    await arrivals.getByRole('link', { name: say('Open the image') }).click()
    await page.waitForURL(/\/repositories\/demo\/hello\/-\/tags\/v1\//)
    await page.getByRole('heading', { level: 1, name: 'demo/hello' }).waitFor()
    watched.assertQuiet()
    await page.context().close()
  })

  it('that is refused says why, on the page', async (t) => {
    const { language, say } = spokenOn(stage().dialect)
    const folder = await mkdtemp(join(tmpdir(), 'entrepot-first-push-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const page = await stage().logIn({ language, path: '/welcome' })
    await page.getByText(say('Waiting for a push to demo/ …')).waitFor()
    const { host, username } = stage().server
    const args = ['login', '--tls-verify=false', '-u', username, '-p', 'wrong', host]
    const env = { REGISTRY_AUTH_FILE: join(folder, 'auth.json') }
    await run('sh', ['-c', `! skopeo ${args.join(' ')}`], { env })
    await page.getByText(say('Refused: *')).first().waitFor()
    await page.getByRole('button', { name: say('Why was I refused?') }).click()
    await page.getByRole('dialog').getByRole('listitem').first().waitFor()
    await assertAccessible(page)
    await page.context().close()
  })
})
