// AI models and skills in a browser: in the menu once there are any, told of, and deleted.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createNamespace } from '@entrepot/contract/tcr/namespaces.ts'
import { seedAiArtifacts } from './seed-artifacts.ts'
import { languageOn, onEachStage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

onEachStage('AI models and skills', (stage) => {
  it('are pages where there are any', async () => {
    const language = languageOn(stage().dialect)
    const [models, skills, drop] =
      language === 'en'
        ? ['AI models', 'AI skills', 'Delete version']
        : ['AI 模型', 'AI 技能', '删除版本']
    const page = await stage().logIn({ path: `/r/${stage().instance}/namespaces`, language })
    const quiet = watch(page)
    await quiet.settled()
    assert.equal(await page.getByRole('link', { name: models }).count(), 0)
    for (const NamespaceName of ['data', 'tools']) {
      const namespace = { RegistryId: stage().instance, NamespaceName, IsPublic: false }
      await stage().api.call(createNamespace, namespace)
    }
    await seedAiArtifacts(stage())
    await page.reload()

    await page.getByRole('link', { name: models }).click()
    await page.getByRole('link', { name: 'data/qwen2' }).press('Enter')
    const model = page.getByRole('dialog', { name: 'data/qwen2' })
    await model.getByText('bfloat16').waitFor()
    await assertAccessible(page)
    await page.keyboard.press('Escape')

    await page.getByRole('link', { name: skills }).click()
    await page.getByRole('cell', { name: 'MCP Server' }).waitFor()
    await page.getByRole('link', { name: 'tools/cache-manager' }).click()
    const skill = page.getByRole('dialog', { name: 'tools/cache-manager' })
    await skill.getByText('node20').waitFor()
    await assertAccessible(page)
    await skill.getByRole('button', { name: drop }).click()
    const question = page.getByRole('dialog', { name: 'tools/cache-manager:2.0.0' })
    await question.getByRole('button', { name: drop }).click()
    await page.getByRole('link', { name: 'tools/cache-manager' }).waitFor({ state: 'detached' })
    quiet.assertQuiet()
    await page.context().close()
  })
})
