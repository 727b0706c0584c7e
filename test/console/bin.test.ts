// What was deleted, and its way back.

import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { attachUserPolicy } from '@entrepot/contract/cam/attachments.ts'
import { createPolicy } from '@entrepot/contract/cam/policies.ts'
import { describeDeletions } from '@entrepot/contract/entrepot/recycle-bin.ts'
import { describeRepositoryTags } from '@entrepot/contract/entrepot/repository-contents.ts'
import { deleteRepositoryTags } from '@entrepot/contract/tcr/repositories.ts'
import { shortDigest } from '../../packages/console/src/patterns/format.ts'
import { imageOf, pushArtifact } from './artifacts.ts'
import { begins, within } from './say.ts'
import { addPerson, loginOf, seed } from './seeds.ts'
import { onEachStage, spokenOn } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

const forGood = 'Delete for good now, not into the recycle bin'
const passesBin =
  'Nothing brings it back, neither the recycle bin nor Undo. The bytes go with the next clean-ups.'
const takesDigest =
  'Nothing brings it back. What lies in the recycle bin of this digest goes as well, and the bytes with the next clean-ups.'

interface Question {
  readonly title: string
  readonly typed: string
  readonly verb: string
  readonly warning?: string
}

onEachStage('the recycle bin', (stage) => {
  const at = (RepositoryName: string) => ({
    RegistryId: stage().instance,
    NamespaceName: 'data',
    RepositoryName,
  })

  before(() => seed(stage()))

  async function push(name: string, tags: readonly string[], content = name): Promise<string> {
    const image = imageOf({ layers: [{ name: content, bytes: 100, by: 'RUN build' }] })
    await pushArtifact(stage().registry, `data/${name}`, image, tags)
    return image.manifest.digest
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

  it('is passed by for good where that is chosen, of a tag, a digest and a repository', async () => {
    const { language, say } = spokenOn(stage().dialect)
    await push('final', ['v1', 'v2'])
    const digest = await push('final', ['v3'], 'another')
    const repository = `/r/${stage().instance}/repositories/data/final/-`
    const page = await stage().logIn({ language, path: `${repository}/tags` })
    const watched = watch(page)

    async function deleteForGood({
      title,
      typed,
      verb,
      warning = passesBin,
    }: Question): Promise<void> {
      const dialog = page.getByRole('dialog', { name: say(title) })
      const box = dialog.getByRole('checkbox', { name: say(forGood) })
      assert.equal(await box.isChecked(), false)
      await box.focus()
      await page.keyboard.press('Space')
      await dialog.getByText(say(warning)).waitFor()
      // The name's field does not take the focus from the choice that brings it.
      await dialog.locator('input[type=checkbox]:focus').waitFor()
      await assertAccessible(page)
      await dialog
        .getByRole('textbox', { name: begins(say(`Type ${typed} to confirm`)) })
        .fill(typed)
      await dialog.getByRole('button', { name: say(verb) }).click()
      await dialog.waitFor({ state: 'detached' })
    }

    await page.getByRole('button', { name: say('Actions on v1') }).click()
    await page.getByRole('menuitem', { name: say('Delete') }).click()
    await deleteForGood({ title: 'Delete tag v1?', typed: 'v1', verb: 'Delete tag' })
    await page.getByText(say('Tag v1 is deleted')).waitFor()
    assert.equal(await page.getByRole('button', { name: say('Undo') }).count(), 0)
    assert.deepEqual(await tagsOf('final'), ['v2', 'v3'])

    await page.getByRole('link', { name: 'v3', exact: true }).click()
    await page.getByRole('button', { name: say('Actions on data/final:v3') }).click()
    await page.getByRole('menuitem', { name: say('Delete image') }).click()
    const typed = shortDigest(digest)
    await deleteForGood({
      title: `Delete image ${typed}?`,
      typed,
      verb: 'Delete image',
      warning: takesDigest,
    })
    await page.getByRole('link', { name: 'v2', exact: true }).waitFor()
    assert.deepEqual(await tagsOf('final'), ['v2'])

    await page.getByRole('button', { name: say('Delete'), exact: true }).click()
    await deleteForGood({
      title: 'Delete repository data/final?',
      typed: 'data/final',
      verb: 'Delete repository',
    })
    await page.getByText(say('Repository data/final is deleted')).waitFor()
    const { TotalCount } = await stage().api.call(describeDeletions, {
      RegistryId: stage().instance,
      Search: 'data/final',
    })
    assert.equal(TotalCount, 0)
    watched.assertQuiet()
    await page.context().close()
  })

  it('is not to be passed by where a policy denies it', async () => {
    const { language, say } = spokenOn(stage().dialect)
    const { api, instance } = stage()
    await push('denied', ['v1'])
    const { Uin } = await addPerson(api, 'careful')
    const { PolicyId = 0 } = await api.call(createPolicy, {
      PolicyName: 'nothing-for-good',
      PolicyDocument: JSON.stringify({
        version: '2.0',
        statement: [
          { effect: 'allow', action: '*', resource: '*' },
          { effect: 'deny', action: 'tcr:DeletePermanently', resource: '*' },
        ],
      }),
    })
    await api.call(attachUserPolicy, { PolicyId, AttachUin: Uin })
    const path = `/r/${instance}/repositories/data/denied/-/tags`
    const page = await stage().logIn({ ...loginOf('careful'), language, path })
    const watched = watch(page)
    await page.getByRole('button', { name: say('Actions on v1') }).click()
    await page.getByRole('menuitem', { name: say('Delete') }).click()
    const dialog = page.getByRole('dialog', { name: say('Delete tag v1?') })
    await dialog
      .getByText(within(say('It can come back from the recycle bin for 7 days.')))
      .waitFor()
    await watched.settled()
    assert.equal(await dialog.getByRole('checkbox').count(), 0)
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
