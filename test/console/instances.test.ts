// What a person does with instances.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { createStorageBackend } from '@entrepot/contract/entrepot/storage-backends.ts'
import { createInstance, describeInstanceStatus } from '@entrepot/contract/tcr/instances.ts'
import { createNamespace } from '@entrepot/contract/tcr/namespaces.ts'
import type { Page } from 'playwright-core'
import { onEachStage, type Stage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

/** One more than the basic edition allows. */
const tooManyNamespaces = 51

onEachStage('instances', (stage) => {
  it('are created with the name judged as it is typed', async () => {
    const page = await stage().logIn({ path: '/instances' })
    const quiet = watch(page)
    await page.getByRole('link', { name: 'Create instance' }).click()
    const name = page.getByRole('textbox', { name: /^Instance name/ })
    for (const [typed, verdict] of [
      ['ab', 'no - at either end'],
      ['console', 'This name is reserved'],
      ['team-gz', 'This name is free'],
    ] as const) {
      await name.fill(typed)
      await page.getByText(verdict).first().waitFor()
    }
    await page.getByRole('radio', { name: /^Standard/ }).check()
    await page.getByRole('button', { name: 'Add tag' }).click()
    await page.getByRole('textbox', { name: 'Key of tag 1' }).fill('env')
    await page.getByRole('textbox', { name: 'Value of tag 1' }).fill('prod')
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Create instance' }).click()
    await page.getByRole('heading', { level: 1, name: 'team-gz' }).waitFor()
    await page.getByText('Running', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Create a namespace' }).waitFor()
    await assertAccessible(page)

    await page.getByRole('link', { name: 'Instances', exact: true }).first().click()
    await page.getByRole('combobox', { name: 'Tags' }).selectOption('env:prod')
    const others = page.getByRole('row').getByRole('link', { name: 'default', exact: true })
    await others.waitFor({ state: 'detached' })
    await page.getByRole('searchbox', { name: 'Name, ID or domain' }).fill('nothing-like-it')
    await page.getByText('Nothing matches').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByRole('link', { name: 'team-gz' }).waitFor()
    quiet.assertQuiet()
    await page.context().close()
  })

  it('are deleted only unprotected, and by their whole name', async () => {
    const id = await makeInstance(stage(), 'short-lived', true)
    const page = await stage().logIn({ path: `/instances/${id}/basic` })
    const dialog = page.getByRole('dialog', { name: 'Delete instance short-lived?' })
    await openDeletion(page)
    await dialog.getByText('Deletion protection is on').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('switch', { name: 'Deletion protection', checked: true }).click()
    await page.getByRole('switch', { name: 'Deletion protection', checked: false }).waitFor()

    await openDeletion(page)
    const typed = dialog.getByRole('textbox', { name: /^Type short-lived/ })
    await typed.fill('short')
    await dialog.getByRole('button', { name: 'Delete instance' }).click()
    await dialog.getByText('This is not the name').waitFor()
    await assertAccessible(page)
    await typed.fill('short-lived')
    await dialog.getByRole('button', { name: 'Delete instance' }).click()
    await page.getByRole('heading', { level: 1, name: 'Instances' }).waitFor()
    await page.getByRole('link', { name: 'short-lived' }).waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('go down to a smaller edition only when what is in use fits', async () => {
    const id = await makeInstance(stage(), 'full-house', false)
    for (let at = 0; at < tooManyNamespaces; at += 1) {
      const namespace = { RegistryId: id, NamespaceName: `team-${at}`, IsPublic: at < 2 }
      await stage().api.call(createNamespace, namespace)
    }
    const page = await stage().logIn({ path: `/instances/${id}/basic` })
    await page.getByRole('button', { name: 'Change edition' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change the edition of full-house' })
    await dialog.getByRole('radio', { name: 'Basic' }).check()
    await dialog.getByText('51 used, 50 allowed').waitFor()
    await assertAccessible(page)
    await dialog.getByRole('radio', { name: 'Premium' }).check()
    await dialog.getByRole('button', { name: 'Change edition' }).click()
    await page.getByText('The edition is Premium now').waitFor()

    await page.getByRole('switch', { name: 'Anonymous access' }).click()
    const asked = page.getByRole('dialog', { name: 'Turn off anonymous access?' })
    await asked.getByText('2 public namespaces').waitFor()
    await asked.getByText('team-1', { exact: true }).waitFor()
    await asked.getByRole('button', { name: 'Turn off' }).click()
    await page.getByRole('switch', { name: 'Anonymous access', checked: false }).waitFor()
    await page.context().close()
  })

  it('move to another storage, and stay when that is cancelled', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'entrepot-second-store-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const store = { StorageName: 'second', Kind: 'Folder', Path: folder } as const
    await stage().api.call(createStorageBackend, store)
    const page = await stage().logIn({ path: `/instances/${stage().instance}/storage` })
    await page.getByRole('button', { name: 'Move storage' }).click()
    const dialog = page.getByRole('dialog', { name: 'Move storage' })
    await dialog.getByRole('combobox', { name: /^Move to/ }).selectOption('second')
    await dialog.getByRole('button', { name: 'Move storage' }).click()
    await page.getByRole('progressbar', { name: 'Share moved' }).waitFor()
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Cancel the move' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the move' }).click()
    await page.getByText('The move was cancelled').waitFor()
    await page.context().close()
  })
})

async function makeInstance(stage: Stage, name: string, isProtected: boolean): Promise<string> {
  const { RegistryId } = await stage.api.call(createInstance, {
    RegistryName: name,
    RegistryType: 'standard',
    DeletionProtection: isProtected,
  })
  for (;;) {
    const { RegistryStatusSet } = await stage.api.call(describeInstanceStatus, {
      RegistryIds: [RegistryId],
    })
    if (RegistryStatusSet?.[0]?.Status === 'Running') return RegistryId
  }
}

async function openDeletion(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Actions on short-lived' }).click()
  await page.getByRole('menuitem', { name: 'Delete instance' }).click()
}
