// The Personal Edition, from the first visit to the move into an instance.

import { it } from 'node:test'
import { imageOf } from './artifacts.ts'
import { pushPersonally } from './personal-push.ts'
import { mainUin, onEachStage, type Stage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

const password = 'Passw0rd-12'
const image = imageOf({ layers: [{ name: 'own', bytes: 4000, by: 'COPY own /' }] })

function target({ server }: Stage) {
  return { origin: server.url, host: 'ccr.registry.test', user: mainUin, password }
}

onEachStage('the Personal Edition', (stage) => {
  it('is begun, filled, tidied and moved into an instance', async () => {
    const page = await stage().logIn({ path: '/p/default/repositories' })
    const quiet = watch(page)
    await page.getByRole('heading', { name: 'Initialise' }).waitFor()
    await assertAccessible(page)
    await page.getByRole('textbox', { name: /^New password/ }).fill(password)
    await page.getByRole('textbox', { name: /^Confirm password/ }).fill('another')
    await page.getByRole('button', { name: 'Initialise' }).click()
    await page.getByText('The two differ').waitFor()
    await page.getByRole('textbox', { name: /^Confirm password/ }).fill(password)
    await page.getByRole('button', { name: 'Initialise' }).click()
    await page.getByText('No repository yet').waitFor()

    await page.goto(stage().at('/p/default/namespaces?open=new'))
    const drawer = page.getByRole('dialog', { name: 'Create namespace' })
    await drawer.getByRole('textbox', { name: /^Name/ }).fill('library')
    await drawer.getByText('library is reserved').waitFor()
    await drawer.getByRole('textbox', { name: /^Name/ }).fill('own')
    await drawer.getByText('own is free').waitFor()
    await drawer.getByRole('button', { name: 'Create namespace' }).click()
    await page.getByRole('link', { name: 'own' }).waitFor()

    await pushPersonally(target(stage()), 'own/app', image, ['v1', 'latest', 'old'])
    await page.goto(stage().at('/p/default/repositories'))
    await page.getByRole('button', { name: 'Favourite: own/app' }).click()
    await page.getByRole('link', { name: 'own/app' }).click()
    await page.getByRole('button', { name: 'Actions on old' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const question = page.getByRole('dialog', { name: 'Delete tag old?' })
    await question.getByText('2 other tags of the same content stay: latest, v1.').waitFor()
    await assertAccessible(page)
    await question.getByRole('button', { name: 'Delete tag' }).click()
    await page.getByRole('cell', { name: 'old', exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('cell', { name: 'v1', exact: true }).waitFor()

    await page.goto(stage().at('/p/default/favourites'))
    await page.getByRole('link', { name: 'own/app' }).waitFor()

    await page.goto(stage().at('/p/default/migration'))
    await page.getByRole('checkbox', { name: 'own 1 repository' }).check()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('radio', { name: /default/ }).check()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('textbox', { name: /^own becomes/ }).fill('moved')
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('heading', { name: 'Summary' }).waitFor()
    await page.goBack()
    await page.getByRole('textbox', { name: /^own becomes/ }).waitFor()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Begin to copy' }).click()
    await page.getByRole('heading', { name: 'The migration is over' }).waitFor()
    await page.getByText('2 / 2').waitFor()
    await page.getByRole('link', { name: 'See the repositories' }).click()
    await page.getByRole('link', { name: 'moved/app' }).waitFor()
    quiet.assertQuiet()
    await page.context().close()
  })

  it('keeps a repository whose name was mistyped', async () => {
    const page = await stage().logIn({ path: '/p/default/repositories' })
    await page.getByRole('button', { name: 'Actions on own/app' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const question = page.getByRole('dialog', { name: 'Delete repository own/app?' })
    await question.getByRole('textbox').fill('own/ap')
    await question.getByRole('button', { name: 'Delete repository' }).click()
    await question.getByText('This is not the name').waitFor()
    await question.getByRole('textbox').fill('own/app')
    await question.getByRole('button', { name: 'Delete repository' }).click()
    await page.getByText('No repository yet').waitFor()
    await page.context().close()
  })
})
