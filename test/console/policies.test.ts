// Policies: written from a template, tried before they are saved, attached, changed, compared and deleted.

import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { listAttachedUserPolicies } from '@entrepot/contract/cam/attachments.ts'
import { getPolicy } from '@entrepot/contract/cam/policies.ts'
import type { Page } from 'playwright-core'
import { addPerson, loginOf, type Seeds, seed } from './seeds.ts'
import { onEachStage } from './stage.ts'
import { assertAccessible, assertFits, watch } from './watch.ts'

onEachStage('policies', (stage) => {
  let seeds: Seeds

  before(async () => {
    seeds = await seed(stage())
  })

  it('are written from a template, tried as a draft, and attached', async () => {
    const { Uin } = await addPerson(stage().api, 'chen')
    const page = await stage().logIn({ path: '/access/policies' })
    const watched = watch(page)
    await page.getByRole('link', { name: 'Create custom policy' }).click()
    const template = page.getByRole('region', { name: 'Choose a template' })
    await template.getByRole('combobox', { name: 'Choose a template' }).selectOption('repository')
    await template.getByLabel('Instance').selectOption(stage().instance)
    await template.getByLabel('Namespace').fill('front')
    await template.getByLabel('Repository').fill('nginx')
    await template.getByRole('button', { name: 'Use the template' }).click()

    await askFor(page, `chen (${Uin})`, 'tcr:PullRepository')
    const panel = page.getByRole('region', { name: 'Policy simulator' })
    await panel.getByText('Allowed.').waitFor()
    await page
      .getByRole('region', { name: 'Statement 1' })
      .getByText('decides the simulation')
      .waitFor()
    await panel.getByText('Push').locator('..').getByText('not allowed').first().waitFor()
    await panel.getByLabel('Action').fill('tcr:DeleteImage')
    await panel.getByText('No statement allows it.').waitFor()
    await panel.getByRole('button', { name: 'Add to the draft' }).click()
    await page
      .getByRole('region', { name: 'Statement 3' })
      .getByText('decides the simulation')
      .waitFor()
    await assertAccessible(page)

    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByLabel('Policy name').fill('care of nginx')
    await page.getByRole('button', { name: 'Create policy' }).click()
    await page.getByText('Letters, digits and + = , . @ - _, up to 128').waitFor()
    await page.getByLabel('Policy name').fill('care-of-nginx')
    await page.getByRole('checkbox', { name: 'chen' }).check()
    await page.getByRole('button', { name: 'Create policy' }).click()
    await page.getByRole('heading', { name: 'Policy care-of-nginx is there' }).waitFor()
    const { List } = await stage().api.call(listAttachedUserPolicies, { TargetUin: Uin })
    assert.deepEqual(
      List.map(({ PolicyName }) => PolicyName),
      ['care-of-nginx'],
    )
    watched.assertQuiet()
    await page.context().close()
  })

  it('say as JSON what is wrong and where, and what was meant', async () => {
    const page = await stage().logIn({ path: `/access/policies/${seeds.policy}/document` })
    const watched = watch(page)
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByText('JSON', { exact: true }).click()
    const editor = page.getByRole('textbox', { name: 'Policy document' })
    await write(page, documentOf('tcr:PullRepositry'))
    await page.getByText('Did you mean tcr:PullRepository?').waitFor()
    await write(page, '{\n  "version": "2.0"\n  "statement": []\n}')
    await page.getByRole('button', { name: 'Line 3' }).waitFor()
    await page.getByText('A comma or the closing bracket is missing before this').waitFor()
    await assertAccessible(page)
    const save = page.getByRole('button', { name: 'Save', exact: true })
    assert.equal(await save.getAttribute('aria-disabled'), 'true')

    await write(page, documentOf('tcr:DescribeImages'))
    assert.match((await editor.textContent()) ?? '', /DescribeImages/)
    await save.click()
    await page.getByText('The policy is saved').waitFor()
    const { PolicyDocument } = await stage().api.call(getPolicy, { PolicyId: seeds.policy })
    assert.match(PolicyDocument ?? '', /DescribeImages/)

    await page.getByRole('link', { name: 'Versions' }).click()
    const changed = page.getByRole('region', { name: 'Difference' }).last()
    await changed.getByText('"tcr:DescribeImages"').waitFor()
    await page.getByRole('button', { name: 'Put in force' }).click()
    const sure = page.getByRole('dialog', { name: 'Put version 1 in force?' })
    await sure.getByText('It is in force for 1 user, group or role at once.').waitFor()
    await sure.getByRole('button', { name: 'Put in force' }).click()
    await page.getByText('Version 1 is in force').waitFor()
    const former = await stage().api.call(getPolicy, { PolicyId: seeds.policy })
    assert.doesNotMatch(former.PolicyDocument ?? '', /DescribeImages/)
    watched.assertQuiet()
    await page.context().close()
  })

  it('name who loses them, and go only by their name', async () => {
    const page = await stage().logIn({ path: `/access/policies/${seeds.policy}/attached` })
    const watched = watch(page)
    await page.getByRole('link', { name: 'lin', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    const sure = page.getByRole('dialog', { name: 'Delete policy pull-front?' })
    await sure.getByText('1 user, 0 groups and 0 roles lose these rights.').waitFor()
    await sure.getByRole('textbox').fill('pull-back')
    await sure.getByRole('button', { name: 'Delete policy' }).click()
    await sure.getByText('This is not the name').waitFor()
    await sure.getByRole('textbox').fill('pull-front')
    await sure.getByRole('button', { name: 'Delete policy' }).click()
    await page.getByText('Policy pull-front is deleted').waitFor()
    await page.getByRole('heading', { name: 'Policies', level: 1 }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'pull-front' }).count(), 0)
    watched.assertQuiet()
    await page.context().close()
  })

  it('fit a narrow screen, in the dark and in Chinese', async () => {
    const page = await stage().logIn({
      path: '/access/policies/new',
      language: 'zh',
      theme: 'dark',
      width: 390,
    })
    const watched = watch(page)
    await page.getByRole('heading', { name: '新建自定义策略', level: 1 }).waitFor()
    await page.getByText('JSON', { exact: true }).click()
    await page.getByRole('textbox', { name: '策略文档' }).waitFor()
    await assertFits(page)
    await assertAccessible(page)
    watched.assertQuiet()
    await page.context().close()
  })

  it('can’t be tried by who may not, who is told whom to ask', async () => {
    await addPerson(stage().api, 'sun')
    const page = await stage().logIn({ ...loginOf('sun'), path: '/access/simulator' })
    await page.getByText('You may not use the simulator').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Test' }).count(), 0)
    await page.context().close()
  })

  async function askFor(page: Page, who: string, action: string): Promise<void> {
    const panel = page.getByRole('region', { name: 'Policy simulator' })
    await panel.getByLabel('Who').selectOption({ label: who })
    await panel.getByLabel('Action').fill(action)
    await panel.getByLabel('Instance').selectOption(stage().instance)
    await panel.getByLabel('Namespace').fill('front')
    await panel.getByLabel('Repository').fill('nginx')
    await panel.getByRole('button', { name: 'Test' }).click()
  }
})

/** In place of all that the editor holds. */
async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Policy document' }).click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(text)
}

function documentOf(action: string): string {
  const statement = { effect: 'allow', action: [action], resource: ['*'] }
  return JSON.stringify({ version: '2.0', statement: [statement] }, undefined, 2)
}
