// What the operator does with accounts, storage backends and forwardings.

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { onEachStage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

onEachStage('the system', (stage) => {
  it('gets an account that logs in, is held out, and goes', async () => {
    const page = await stage().logIn({ path: '/system/accounts?open=new' })
    const quiet = watch(page)
    const drawer = page.getByRole('dialog', { name: 'Create account' })
    await drawer.getByRole('textbox', { name: /^Name/ }).fill('acme')
    await drawer.getByRole('button', { name: 'Create account' }).click()
    const secret = page.getByRole('dialog', { name: 'Login of account acme' })
    await secret.getByText('Shown once').waitFor()
    await assertAccessible(page)
    await secret.getByRole('checkbox', { name: 'I have saved it' }).check()
    await secret.getByRole('button', { name: 'Close' }).click()

    const row = page.getByRole('row', { name: /acme/ })
    const choose = async (entry: string) => {
      await page.getByRole('button', { name: 'Actions on acme' }).click()
      await page.getByRole('menuitem', { name: entry }).click()
    }
    await choose('Suspend')
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend account' }).click()
    await row.getByText('Suspended').waitFor()
    await choose('Resume')
    await page.getByRole('dialog').getByRole('button', { name: 'Resume account' }).click()
    await row.getByText('Active').waitFor()
    await choose('Delete')
    await page.getByRole('dialog').getByRole('textbox').fill('acme')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete account' }).click()
    await row.waitFor({ state: 'detached' })
    quiet.assertQuiet()
    await page.context().close()
  })

  it('gets a storage backend and a forwarding, and loses them', async () => {
    const page = await stage().logIn({ path: '/system/storage?open=new' })
    const quiet = watch(page)
    const drawer = page.getByRole('dialog', { name: 'Add storage backend' })
    await drawer.getByRole('textbox', { name: /^Name/ }).fill('second')
    await drawer.getByRole('radio', { name: /^Folder/ }).check()
    const folder = join(tmpdir(), `entrepot-second-${stage().dialect}-${process.pid}`)
    await drawer.getByRole('textbox', { name: /^Folder/ }).fill(folder)
    await drawer.getByRole('button', { name: 'Add storage backend' }).click()
    await page.getByRole('button', { name: 'Actions on second' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Remove storage backend' }).click()
    await page.getByRole('row', { name: /second/ }).waitFor({ state: 'detached' })

    // The folder knows whose it was.
    await page.goto(stage().at('/system/storage?open=new'))
    await drawer.getByRole('textbox', { name: /^Name/ }).fill('second')
    await drawer.getByRole('radio', { name: /^Folder/ }).check()
    await drawer.getByRole('textbox', { name: /^Folder/ }).fill(folder)
    await drawer.getByRole('button', { name: 'Add storage backend' }).click()
    await drawer.getByText(/AttachExisting/).waitFor()
    await drawer.getByRole('checkbox', { name: /^Attach it again/ }).check()
    await drawer.getByRole('button', { name: 'Add storage backend' }).click()
    await page.getByRole('row', { name: /second/ }).waitFor()
    await page.goto(stage().at('/instances/new'))
    await page.getByRole('combobox', { name: /^Storage backend/ }).selectOption('second')
    await assertAccessible(page)

    await page.goto(stage().at('/system/forwarding?open=new'))
    const form = page.getByRole('dialog', { name: 'Create forwarding' })
    await form.getByRole('textbox', { name: /^Name/ }).fill('disk')
    await form.getByRole('radio', { name: /^File/ }).check()
    await form.getByRole('textbox', { name: /^Path/ }).fill('events.ndjson')
    await form.getByRole('button', { name: 'Create forwarding' }).click()
    const row = page.getByRole('row', { name: /disk/ })
    await row.getByText('Sending').waitFor()
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Actions on disk' }).click()
    await page.getByRole('menuitem', { name: 'Turn off' }).click()
    await row.getByText('Off').waitFor()
    await page.getByRole('button', { name: 'Actions on disk' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Delete forwarding' }).click()
    await row.waitFor({ state: 'detached' })
    quiet.assertQuiet()
    await page.context().close()
  })
})
