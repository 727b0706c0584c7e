// The clean-up of storage: looked at, tried without effect, run by hand, by keys alone and on a narrow screen.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { imageOf, pushArtifact } from './artifacts.ts'
import { onEachStage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

onEachStage('clean-up', (stage) => {
  it('shows what takes the space, what would go, and what went', async () => {
    const image = imageOf({ layers: [{ name: 'kept', bytes: 1000, by: 'COPY kept /' }] })
    await pushArtifact(stage().registry, 'demo/app', image, ['v1'])
    const page = await stage().logIn({ path: `/r/${stage().instance}/clean-up` })
    const quiet = watch(page)
    await page.getByText('Named by tags').waitFor()
    await page.getByText('Nothing was cleaned up yet').waitFor()
    await assertAccessible(page)

    await page.getByRole('button', { name: 'Dry-run clean-up' }).press('Enter')
    await page.getByRole('cell', { name: 'Succeeded' }).first().waitFor()
    await page.getByRole('cell', { name: 'Dry run' }).waitFor()

    await page.getByRole('button', { name: 'Clean up now' }).press('Enter')
    const question = page.getByRole('dialog', { name: 'Clean up now?' })
    await question.getByText('for 24 hours').waitFor()
    await assertAccessible(page)
    await question.getByRole('button', { name: 'Clean up now' }).press('Enter')
    await page.getByRole('cell', { name: 'By hand' }).waitFor()
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' })

    await page.getByRole('link', { name: /^\d+$/ }).last().press('Enter')
    await page.getByRole('heading', { name: 'What would go now' }).waitFor()
    await page.getByText('Everything here is named by something.').waitFor()
    await assertAccessible(page)
    quiet.assertQuiet()
    await page.context().close()
  })

  it('fits a narrow screen, in Chinese', async () => {
    const page = await stage().logIn({
      path: `/r/${stage().instance}/clean-up`,
      width: 390,
      language: 'zh',
    })
    await page.getByRole('heading', { name: '制品清理', level: 1 }).waitFor()
    await page.getByText('版本引用').waitFor()
    await page.getByRole('button', { name: '模拟运行清理' }).waitFor()
    const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
    assert.equal(wide, false)
    await assertAccessible(page)
    await page.context().close()
  })
})
