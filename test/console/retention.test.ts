// A rule by which tags stay: seen before it is saved, run dry and for real, its log read, in both languages.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createNamespace } from '@entrepot/contract/tcr/namespaces.ts'
import { imageOf, pushArtifact } from './artifacts.ts'
import { onEachStage } from './stage.ts'
import { assertAccessible, assertFits, watch } from './watch.ts'

onEachStage('retention', (stage) => {
  const push = (repository: string, ...tags: readonly string[]) => {
    const image = imageOf({ layers: [{ name: repository, bytes: 1000, by: 'COPY . /' }] })
    return pushArtifact(stage().registry, repository, image, tags)
  }

  it('is shown before it is saved, says what a dry run would do, and does it', async () => {
    for (const tag of ['v1', 'v2', 'v3']) await push('demo/app', tag)
    await push('demo/other', 'only')
    const page = await stage().logIn({ path: `/r/${stage().instance}/retention` })
    const quiet = watch(page)
    await page.getByText('No rule yet').waitFor()
    await page.getByRole('button', { name: 'Create rule' }).first().click()
    const drawer = page.getByRole('dialog', { name: 'Create rule' })
    await drawer.getByText('Would remove 0 of 4').waitFor()
    await drawer.getByRole('radio', { name: /^Advanced/ }).check()
    await drawer.getByLabel('Repository pattern').fill('app')
    await drawer.getByLabel('Tags, in each repository').fill('1')
    await drawer.getByText('Would remove 2 of 3').waitFor()
    await drawer.getByText('1 repository is left alone').waitFor()
    await assertAccessible(page)
    // Most of the tags go: that has to be seen.
    await drawer.getByLabel('I have seen that 2 of 3 tags go with the first run').check()
    await drawer.getByLabel('Schedule').selectOption('weekly')
    await drawer.getByRole('button', { name: 'Create rule' }).click()
    await page
      .getByRole('cell', { name: 'the newest tag of tags ** in repositories app' })
      .waitFor()

    await page.getByRole('button', { name: 'Actions on the rule of demo' }).click()
    await page.getByRole('menuitem', { name: 'Dry run' }).click()
    const asked = page.getByRole('dialog', { name: 'Dry run of the rule of demo' })
    await asked.getByText('Would remove 2 of 3').waitFor()
    await asked.getByRole('button', { name: 'Dry run' }).click()
    await page.getByRole('cell', { name: 'Would remove 2 of 3' }).waitFor()

    await page.getByRole('button', { name: 'Run now' }).click()
    const sure = page.getByRole('dialog', { name: 'Run the rule of demo now?' })
    await sure.getByRole('button', { name: 'Run now' }).click()
    await page.getByRole('cell', { name: 'Removed 2 of 3' }).waitFor()
    await page
      .getByRole('row', { name: /Removed 2 of 3/ })
      .getByRole('link')
      .click()
    await page.getByRole('link', { name: 'demo/app' }).click()
    await page.getByRole('cell', { name: 'No retention rule keeps it' }).first().waitFor()
    await page
      .getByRole('cell', { name: 'Number 1 from the newest, kept by retention rule 1' })
      .waitFor()
    await page.getByLabel('Result').selectOption('Removed')
    await page.getByText('2 tags').waitFor()
    await assertAccessible(page)
    quiet.assertQuiet()
    await page.context().close()
    const left: string[] = []
    for await (const tag of stage().registry.listTags('demo/app')) left.push(tag)
    assert.deepEqual(left, ['v3'])
  })

  it('is made and run by keys alone on a narrow screen, in Chinese', async () => {
    await stage().api.call(createNamespace, {
      RegistryId: stage().instance,
      NamespaceName: 'narrow',
      IsPublic: false,
    })
    await push('narrow/app', 'v1')
    const page = await stage().logIn({
      path: `/r/${stage().instance}/retention`,
      language: 'zh',
      theme: 'dark',
      width: 390,
    })
    await page.getByRole('heading', { name: '版本保留', level: 1 }).waitFor()
    await page.getByRole('button', { name: '新建规则' }).first().press('Enter')
    const drawer = page.getByRole('dialog', { name: '新建规则' })
    await drawer.getByText('1 个中将删除 0 个').waitFor()
    await drawer
      .getByRole('combobox', { name: '保留', exact: true })
      .selectOption('保留#天内推送的版本')
    await drawer.getByRole('textbox', { name: '天数' }).fill('30')
    await drawer.getByRole('textbox', { name: '天数' }).press('Enter')
    await page.getByText('最近 30 天内的版本').waitFor()
    await assertFits(page)
    await page.getByRole('button', { name: 'narrow 的规则操作' }).press('Enter')
    await page.getByRole('menuitem', { name: '立即执行' }).press('Enter')
    const sure = page.getByRole('dialog', { name: '立即执行 narrow 的规则？' })
    await sure.getByRole('button', { name: '立即执行' }).press('Enter')
    await page.getByText('1 个中删除 0 个').waitFor()
    await page.getByRole('link', { name: /^\d+$/ }).press('Enter')
    await page.getByRole('link', { name: 'narrow/app' }).press('Enter')
    await page.getByText('在保留规则 1 的天数内推送').waitFor()
    await assertFits(page)
    await assertAccessible(page)
    await page.context().close()
  })

  it('says how long a namespace keeps what nothing names', async () => {
    const page = await stage().logIn({ path: `/r/${stage().instance}/retention` })
    await page.getByRole('button', { name: 'Untagged manifests' }).click()
    const drawer = page.getByRole('dialog', { name: 'Untagged manifests' })
    await drawer.getByLabel('Namespace').selectOption('demo')
    await drawer.getByRole('radio', { name: 'Remove after some days' }).check()
    await drawer.getByRole('spinbutton').fill('14')
    await drawer.getByRole('button', { name: 'Save' }).click()
    await drawer.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Untagged manifests' }).click()
    await drawer.getByText('Now: removed after 14 days').waitFor()
    await page.context().close()
  })
})
