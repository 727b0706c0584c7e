// Looking the audit log up: by its address, in detail, as a file.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { it } from 'node:test'
import { createNamespace, deleteNamespace } from '@entrepot/contract/tcr/namespaces.ts'
import { onEachStage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

onEachStage('the audit log', (stage) => {
  it('is searched, shown and exported', async () => {
    const { api, instance: RegistryId } = stage()
    for (const NamespaceName of ['seen', 'also-seen']) {
      await api.call(createNamespace, { RegistryId, NamespaceName, IsPublic: false })
    }
    await api.call(deleteNamespace, { RegistryId, NamespaceName: 'seen' })
    const page = await stage().logIn({ path: '/audit' })
    const quiet = watch(page)
    await page.getByRole('combobox', { name: 'Action', exact: true }).fill('CreateNamespace')
    await page.getByRole('textbox', { name: 'Resource', exact: true }).fill('seen')
    await page.getByRole('main').getByRole('button', { name: 'Search', exact: true }).click()
    await page.waitForURL(/filter\.action=CreateNamespace/)
    await page.getByText('1 event', { exact: true }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'CreateNamespace' }).click()
    const drawer = page.getByRole('dialog', { name: 'CreateNamespace' })
    await drawer.getByText('tcr:CreateNamespace').waitFor()
    await assertAccessible(page)
    await drawer.getByText('JSON', { exact: true }).click()
    await drawer.getByText('"resourceName": "seen"').waitFor()
    await drawer.getByRole('button', { name: 'Close' }).last().click()

    await page.getByRole('button', { name: 'Export' }).click()
    const coming = page.waitForEvent('download')
    await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()
    const lines = (await readFile(await (await coming).path(), 'utf8')).trim().split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).eventName),
      ['CreateNamespace'],
    )
    quiet.assertQuiet()
    await page.context().close()
  })
})
