// What a person does with repositories and their tags.

import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { deleteRepositoryTags } from '@entrepot/contract/tcr/repositories.ts'
import { imageOf, pushArtifact } from './artifacts.ts'
import { begins, within } from './say.ts'
import { seed } from './seeds.ts'
import { onEachStage, spokenOn } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

onEachStage('repositories', (stage) => {
  const list = () => `/r/${stage().instance}/repositories`

  before(() => seed(stage()))

  it('are made, found, and deleted once their name is typed', async () => {
    const { language, say } = spokenOn(stage().dialect)
    const page = await stage().logIn({ language, path: list() })
    const watched = watch(page)
    await page.getByRole('button', { name: say('Create repository') }).click()
    const drawer = page.getByRole('dialog', { name: say('Create repository') })
    await drawer.getByRole('combobox', { name: begins(say('Namespace')) }).selectOption('data')
    await drawer.getByRole('textbox', { name: begins(say('Name')) }).fill('etl/loader')
    await drawer.getByRole('textbox', { name: say('Short description') }).fill('Loads what came in')
    await drawer.getByText('data/etl/loader').waitFor()
    await assertAccessible(page)
    await drawer.getByRole('button', { name: say('Create repository') }).click()
    await page.waitForURL(/\/repositories\/data\/etl\/loader\/-\/tags$/)
    await page.getByText(say('Waiting for the first push')).waitFor()

    await page.goto(stage().at(`${list()}?q=loader`))
    await page.getByRole('link', { name: 'data/etl/loader' }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'front/nginx' }).count(), 0)
    await page.getByRole('button', { name: say('Actions on data/etl/loader') }).click()
    await page.getByRole('menuitem', { name: say('Delete') }).click()
    const dialog = page.getByRole('dialog', { name: say('Delete repository data/etl/loader?') })
    const remove = dialog.getByRole('button', { name: say('Delete repository') })
    const name = dialog.getByRole('textbox', {
      name: begins(say('Type data/etl/loader to confirm')),
    })
    await name.fill('data/etl/loade')
    await remove.click()
    await dialog.getByText(say('This is not the name')).waitFor()
    await assertAccessible(page)
    await name.fill('data/etl/loader')
    await remove.click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText(say('Nothing matches')).waitFor()
    watched.assertQuiet()
    await page.context().close()
  })

  it('tell what shares the content of a tag before it goes, and give it back', async () => {
    const { language, say } = spokenOn(stage().dialect)
    const page = await stage().logIn({ language, path: `${list()}/front/nginx/-/tags` })
    const watched = watch(page)
    await page.getByRole('button', { name: say('Actions on stable') }).click()
    await page.getByRole('menuitem', { name: say('Delete') }).click()
    const dialog = page.getByRole('dialog', { name: say('Delete tag stable?') })
    await dialog.getByText(within(say('2 other tags of the same content stay:'))).waitFor()
    await dialog.getByText(/1\.28\.0/).waitFor()
    await dialog.getByRole('button', { name: say('Delete tag') }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'stable', exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: say('Undo') }).click()
    await page.getByRole('link', { name: 'stable', exact: true }).waitFor()
    watched.assertQuiet()
    await page.context().close()
  })

  it('lose many tags by a job, which goes on without the page and tells what stays', async () => {
    const { registry, api, instance } = stage()
    const { language, say } = spokenOn(stage().dialect)
    const image = imageOf({ layers: [{ name: 'nightly', bytes: 100, by: 'RUN build' }] })
    const tags = Array.from({ length: 22 }, (_, n) => `n${String(n).padStart(2, '0')}`)
    await pushArtifact(registry, 'data/nightly', image, tags)
    const page = await stage().logIn({ language, path: `${list()}/data/nightly/-/tags` })
    const watched = watch(page)
    await page.getByRole('checkbox', { name: say('Select all rows shown') }).check()
    await page
      .getByRole('button', { name: say('Delete') })
      .last()
      .click()
    const dialog = page.getByRole('dialog', { name: say('Delete 22 tags?') })
    await dialog.getByRole('textbox').fill('nightly')
    // Gone meanwhile: the job says so, and goes on.
    const place = { RegistryId: instance, NamespaceName: 'data', RepositoryName: 'nightly' }
    await api.call(deleteRepositoryTags, { ...place, Tags: ['n05'] })
    await dialog.getByRole('button', { name: say('Delete 22 tags') }).click()
    const work = page.getByRole('dialog', { name: say('Deleting') })
    await work.getByText(say('21 of 22 deleted')).first().waitFor()
    await work.getByRole('listitem').filter({ hasText: 'n05' }).waitFor()
    await assertAccessible(page)
    await work
      .getByRole('button', { name: say('Close') })
      .last()
      .click()
    await page.getByRole('link', { name: 'n00', exact: true }).waitFor({ state: 'detached' })
    watched.assertQuiet()
    await page.goto(stage().at('/jobs'))
    const row = page.getByRole('row', { name: within(say('Delete tags')) })
    await row.getByText(within(say('Succeeded'))).waitFor()
    await page.context().close()
  })

  it('compare two tags', async () => {
    const { language, say } = spokenOn(stage().dialect)
    const page = await stage().logIn({ language, path: `${list()}/front/nginx/-/tags` })
    await page.getByRole('checkbox', { name: say('Select 1.27.1') }).check()
    await page.getByRole('checkbox', { name: say('Select 1.28.0') }).check()
    await page.getByRole('button', { name: say('Compare') }).click()
    await page.getByRole('heading', { level: 1, name: begins(say('Compare')) }).waitFor()
    await page.getByText('NGINX_VERSION').first().waitFor()
    await page.context().close()
  })

  it('keep their search on the way back and forth', async () => {
    const { language, say } = spokenOn(stage().dialect)
    const page = await stage().logIn({ language, path: list() })
    await page.getByRole('searchbox', { name: say('Repository name') }).fill('spark')
    await page.waitForURL(/[?&]q=spark/)
    await page.getByRole('link', { name: 'data/batch/spark' }).click()
    await page.getByRole('link', { name: '3.5.3', exact: true }).waitFor()
    await page.goBack()
    await page.waitForURL(/[?&]q=spark/)
    const box = page.getByRole('searchbox', { name: say('Repository name') })
    assert.equal(await box.inputValue(), 'spark')
    await page.getByRole('link', { name: 'data/batch/spark' }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'front/nginx' }).count(), 0)
    await page.goForward()
    await page.getByRole('link', { name: '3.5.3', exact: true }).waitFor()
    await page.context().close()
  })
})
