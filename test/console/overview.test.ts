// What the first page tells: what needs attention, how use grows, and pushes while it is looked at.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { modifyInstanceQuota } from '@entrepot/contract/entrepot/instances.ts'
import { createServiceAccount } from '@entrepot/contract/tcr/credentials.ts'
import { imageOf, pushArtifact } from './artifacts.ts'
import { onEachStage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

onEachStage('the overview', (stage) => {
  it('leads a newcomer to the first push, until he says not now', async () => {
    const page = await stage().logIn()
    await page.getByText('Three minutes to your first image').waitFor()
    await page.getByText('Nothing needs attention').waitFor()
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Not now' }).click()
    await page.reload()
    await page.getByText('Nothing needs attention').waitFor()
    assert.equal(await page.getByText('Three minutes to your first image').count(), 0)
    await page.context().close()
  })

  it('names what needs attention, with the way to it', async () => {
    const { api, instance } = stage()
    await api.call(createServiceAccount, {
      RegistryId: instance,
      Name: 'ci-prod',
      Duration: 3,
      Permissions: [{ Resource: 'demo', Actions: ['tcr:PullRepository'] }],
    })
    const quotas = [{ Name: 'Namespaces', Limit: 1 }] as const
    await api.call(modifyInstanceQuota, { TargetRegistryId: instance, Quotas: [...quotas] })

    const page = await stage().logIn()
    const quiet = watch(page)
    const attention = page.getByRole('listitem').filter({ hasText: 'Namespaces: 1 of 1 used' })
    await attention.getByRole('link', { name: 'Open' }).click()
    await page.getByRole('progressbar', { name: 'Namespaces' }).waitFor()
    await page.goBack()
    const ending = page
      .getByRole('listitem')
      .filter({ hasText: 'Service account tcr$ci-prod ends' })
    await ending.getByRole('link', { name: 'Extend' }).click()
    await page.getByRole('heading', { level: 1, name: 'tcr$ci-prod' }).waitFor()
    quiet.assertQuiet()
    await page.context().close()
  })

  it('shows a push while it is looked at, and its figures as tables', async () => {
    const page = await stage().logIn()
    const quiet = watch(page)
    await page.getByRole('heading', { name: 'Latest pushes' }).waitFor()
    const image = imageOf({ layers: [{ name: 'live', bytes: 2000, by: 'COPY app /' }] })
    await pushArtifact(stage().registry, 'demo/live', image, ['v1'])
    await page.getByRole('link', { name: 'demo/live:v1' }).waitFor()

    await page.getByRole('combobox', { name: 'Range' }).selectOption('30')
    const storage = page.getByRole('figure', { name: 'Storage' })
    await storage.getByText('As a table').click()
    assert.equal(await storage.getByRole('row').count(), 31)
    await assertAccessible(page)
    quiet.assertQuiet()
    await page.context().close()
  })
})
