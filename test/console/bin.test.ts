// What was deleted, and its way back.

import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { describeDeletions } from '@entrepot/contract/entrepot/recycle-bin.ts'
import { describeRepositoryTags } from '@entrepot/contract/entrepot/repository-contents.ts'
import { deleteRepositoryTags } from '@entrepot/contract/tcr/repositories.ts'
import { imageOf, pushArtifact } from './artifacts.ts'
import { begins, within } from './say.ts'
import { seed } from './seeds.ts'
import { onEachStage, spokenOn } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

onEachStage('the recycle bin', (stage) => {
  const at = (RepositoryName: string) => ({
    RegistryId: stage().instance,
    NamespaceName: 'data',
    RepositoryName,
  })

  before(() => seed(stage()))

  async function push(name: string, tags: readonly string[], content = name): Promise<void> {
    const image = imageOf({ layers: [{ name: content, bytes: 100, by: 'RUN build' }] })
    await pushArtifact(stage().registry, `data/${name}`, image, tags)
  }

  async function tagsOf(name: string): Promise<readonly string[]> {
    const { Tags } = await stage().api.call(describeRepositoryTags, at(name))
    return Tags.map(({ Tag }) => Tag).sort()
  }

  it('gives a tag back, by keyboard alone, and says which it can not', async () => {
    const { language, say } = spokenOn(stage().dialect)
    await push('tags', ['v1', 'v2'])
    await stage().api.call(deleteRepositoryTags, { ...at('tags'), Tags: ['v1', 'v2'] })
    await push('tags', ['v2'], 'another')
    const path = `/r/${stage().instance}/bin?q=data/tags`
    const page = await stage().logIn({ language, path })
    const watched = watch(page)
    await page.getByRole('heading', { level: 1, name: say('Recycle bin') }).waitFor()
    await assertAccessible(page)
    await page.getByRole('button', { name: say('Actions on data/tags:v2') }).click()
    await page.getByRole('menuitem', { name: say('Restore') }).click()
    const taken = page.getByRole('dialog', { name: say('Restore data/tags:v2?') })
    await taken
      .getByText(say('The tag was pushed again since. Delete it first, then restore this one.'))
      .waitFor()
    await page.keyboard.press('Escape')
    await taken.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: say('Actions on data/tags:v1') }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: say('Restore') }).waitFor()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: say('Restore data/tags:v1?') })
    const restore = dialog.getByRole('button', { name: say('Restore') })
    await assertAccessible(page)
    await restore.focus()
    await page.keyboard.press('Enter')
    await page.getByText(say('data/tags:v1 is back')).waitFor()
    assert.deepEqual(await tagsOf('tags'), ['v1', 'v2'])
    watched.assertQuiet()
    await page.context().close()
  })

  it('takes a repository whose deletion says for how long, and gives it back', async () => {
    const { language, say } = spokenOn(stage().dialect)
    await push('whole', ['v1', 'v2'])
    const list = `/r/${stage().instance}/repositories?q=data/whole`
    const page = await stage().logIn({ language, path: list })
    const watched = watch(page)
    await page.getByRole('button', { name: say('Actions on data/whole') }).click()
    await page.getByRole('menuitem', { name: say('Delete') }).click()
    const question = page.getByRole('dialog', { name: say('Delete repository data/whole?') })
    await question
      .getByText(within(say('It can come back from the recycle bin for 7 days.')))
      .waitFor()
    await question
      .getByRole('textbox', { name: begins(say('Type data/whole to confirm')) })
      .fill('data/whole')
    await question.getByRole('button', { name: say('Delete repository') }).click()
    await question.waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(stage().at(`/r/${stage().instance}/bin?q=data/whole`))
    await page.getByRole('button', { name: say('Actions on data/whole') }).click()
    await page.getByRole('menuitem', { name: say('Restore') }).click()
    const dialog = page.getByRole('dialog', { name: say('Restore data/whole?') })
    await dialog.getByRole('button', { name: say('Restore') }).click()
    await page.getByText(say('data/whole is back')).waitFor()
    assert.deepEqual(await tagsOf('whole'), ['v1', 'v2'])
    watched.assertQuiet()
    await page.context().close()
  })

  it('keeps as long as is set, and is emptied once its name is typed', async () => {
    const { language, say } = spokenOn(stage().dialect)
    await push('gone', ['v1'])
    await stage().api.call(deleteRepositoryTags, { ...at('gone'), Tags: ['v1'] })
    const page = await stage().logIn({ language, path: `/r/${stage().instance}/bin` })
    const watched = watch(page)
    await page.getByRole('button', { name: say('Edit') }).click()
    const days = page.getByRole('dialog', { name: say('How long deleted things are kept') })
    const field = days.getByRole('spinbutton', { name: begins(say('Kept for')) })
    await field.fill('91')
    await days.getByRole('button', { name: say('Save') }).click()
    await days.getByText(say('A whole number from 0 to 90')).waitFor()
    await assertAccessible(page)
    await field.fill('30')
    await days.getByRole('button', { name: say('Save') }).click()
    await days.waitFor({ state: 'detached' })
    await page.getByText(say('30 days')).waitFor()
    await page.getByRole('button', { name: say('Empty recycle bin') }).click()
    const question = page.getByRole('dialog', { name: say('Empty the recycle bin?') })
    await question
      .getByRole('textbox', { name: begins(say('Type default to confirm')) })
      .fill('default')
    await question.getByRole('button', { name: say('Empty recycle bin') }).click()
    await page.getByText(say('The recycle bin is being emptied')).waitFor()
    await page.getByRole('button', { name: say('Show job') }).click()
    await page.getByText(say('Succeeded')).first().waitFor()
    const { TotalCount } = await stage().api.call(describeDeletions, {
      RegistryId: stage().instance,
    })
    assert.equal(TotalCount, 0)
    watched.assertQuiet()
    await page.context().close()
  })
})
