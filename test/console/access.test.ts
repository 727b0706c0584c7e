// People: made with all that they need, made to choose a password and set up a second factor before anything else, and
// deleted with all that they had.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { attachUserPolicy } from '@entrepot/contract/cam/attachments.ts'
import { setMfaFlag } from '@entrepot/contract/cam/login-security.ts'
import { listPolicies } from '@entrepot/contract/cam/policies.ts'
import { createRole } from '@entrepot/contract/cam/roles.ts'
import { addUser } from '@entrepot/contract/cam/users.ts'
import type { Page } from 'playwright-core'
import { codeOf, stepAt } from '../../packages/server/src/logins/totp.ts'
import { addPerson, loginOf, trust } from './seeds.ts'
import { onEachStage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

const firstPassword = 'First-password-1'
const nextPassword = 'Second-password-2'

onEachStage('people', (stage) => {
  it('are made with login, key and policies, and deleted with them', async () => {
    const page = await stage().logIn({ path: '/access/users' })
    const watched = watch(page)
    await page.getByRole('button', { name: 'Create user' }).first().click()
    const form = page.getByRole('dialog', { name: 'Create user' })
    await form.getByRole('textbox', { name: /^User name/ }).fill('no spaces')
    await form.getByRole('button', { name: 'Create user' }).click()
    assert.equal(
      await form.getByRole('textbox', { name: /^User name/ }).getAttribute('aria-invalid'),
      'true',
    )
    await form.getByRole('textbox', { name: /^User name/ }).fill('carol')
    await form.getByRole('checkbox', { name: /^Create an API key/ }).check()
    await form.getByRole('checkbox', { name: /^QcloudTCRReadOnlyAccess/ }).check()
    await form.getByRole('button', { name: 'Create user' }).click()
    const secret = page.getByRole('dialog', { name: 'Login of carol' })
    await secret.getByText('SecretKey').waitFor()
    await assertAccessible(page)
    await page.keyboard.press('Escape')
    await closeSecret(page)
    await page.getByRole('link', { name: 'carol' }).click()
    const tabs = page.getByRole('navigation', { name: 'carol' })
    await tabs.getByRole('link', { name: 'Policies' }).click()
    await page.getByRole('link', { name: 'QcloudTCRReadOnlyAccess' }).waitFor()

    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    const sure = page.getByRole('dialog', { name: 'Delete user carol?' })
    await sure.getByText('API keys').waitFor()
    await sure.getByRole('textbox').fill('alice')
    await sure.getByRole('button', { name: 'Delete user' }).click()
    await sure.getByText('This is not the name').waitFor()
    await sure.getByRole('textbox').fill('carol')
    await sure.getByRole('button', { name: 'Delete user' }).click()
    await page.getByText('User carol was deleted').waitFor()
    await page.getByRole('link', { name: 'carol' }).waitFor({ state: 'detached' })
    watched.assertQuiet()
    await page.context().close()
  })

  it('are held out and let back in, from the list and from their page', async () => {
    const { Uin } = await stage().api.call(addUser, { Name: 'erin', Remark: 'builds', UseApi: 1 })
    const page = await stage().logIn({ path: '/access/users?q=erin' })
    const watched = watch(page)
    const row = page.getByRole('row', { name: /erin/ })
    await row.getByText('Active').waitFor()
    await page.getByRole('button', { name: 'Actions of erin' }).click()
    await page.getByRole('menuitem', { name: 'Suspend' }).click()
    const dialog = page.getByRole('dialog', { name: 'Suspend erin?' })
    await dialog.getByText('Nothing is deleted').waitFor()
    await assertAccessible(page)
    await dialog.getByRole('button', { name: 'Suspend user' }).click()
    await row.getByText('Suspended').waitFor()
    await page.goto(stage().at(`/access/users/${Uin}/basic`))
    await page.getByText('Suspended', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Let back in' }).click()
    await page.getByRole('button', { name: 'Suspend', exact: true }).waitFor()
    watched.assertQuiet()
    await page.context().close()
  })

  it('say from where they log in, and hear it before that holds themselves out', async () => {
    const { api } = stage()
    const { Uin } = await addPerson(api, 'guard')
    const { List } = await api.call(listPolicies, { Keyword: 'AdministratorAccess' })
    const PolicyId = List?.[0]?.PolicyId ?? 0
    await api.call(attachUserPolicy, { PolicyId, AttachUin: Uin })
    const page = await stage().logIn({ ...loginOf('guard'), path: '/access/users', width: 390 })
    const watched = watch(page)
    const form = page.getByRole('dialog', { name: 'Login addresses' })
    const open = () => page.getByRole('button', { name: 'Login addresses' }).click()
    await open()
    await form.getByText('No addresses: users may log in from everywhere.').waitFor()
    await form.getByRole('button', { name: 'Add address' }).click()
    const address = form.getByRole('textbox', { name: 'Address 1' })
    await address.fill('192.0.2.0/24')
    await form.getByText('This would hold you out: you come from 127.0.0.1').waitFor()
    await assertAccessible(page)
    await address.fill('192.0.2.0/240')
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('192.0.2.0/240 is no address and no CIDR range').waitFor()
    await address.fill('127.0.0.0/8')
    await form.getByText('You come from 127.0.0.1.').waitFor()
    await form.getByRole('button', { name: 'Add address' }).click()
    await form.getByRole('textbox', { name: 'Address 2' }).fill('127.0.0.2')
    await form.getByRole('combobox', { name: 'Allow or deny address 2' }).selectOption('Deny')
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The login addresses were saved').waitFor()
    await open()
    await form.getByRole('button', { name: 'Delete address 1' }).click()
    assert.equal(await address.inputValue(), '127.0.0.2')
    await form.getByRole('button', { name: 'Delete address 1' }).click()
    await form.getByRole('button', { name: 'Save' }).click()
    await form.waitFor({ state: 'detached' })
    await open()
    await form.getByText('No addresses: users may log in from everywhere.').waitFor()
    watched.assertQuiet()
    await page.context().close()
  })

  it('find a role by a part of its name', async () => {
    const { api } = stage()
    for (const RoleName of ['deployer', 'auditor']) {
      await api.call(createRole, { RoleName, PolicyDocument: trust })
    }
    const page = await stage().logIn({ path: '/access/roles' })
    await page.getByRole('link', { name: 'auditor' }).waitFor()
    await page.getByRole('searchbox', { name: 'Search roles by name' }).fill('PLOY')
    await page.getByRole('link', { name: 'auditor' }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'deployer' }).waitFor()
    await page.context().close()
  })

  it('choose a password and set up a second factor before anything else', async () => {
    const { api } = stage()
    const made = await api.call(addUser, {
      Name: 'dave',
      ConsoleLogin: 1,
      Password: firstPassword,
      NeedResetPassword: 1,
    })
    await api.call(setMfaFlag, { OpUin: made.Uin, LoginFlag: { Stoken: 1 } })
    const context = await stage().newContext()
    const page = await context.newPage()
    await page.goto(stage().at('/me/factor'))
    await page.getByLabel('Account').fill(String(made.Uin))
    await page.getByLabel('Password', { exact: true }).fill(firstPassword)
    await page.keyboard.press('Enter')
    await page.getByLabel('New password').fill('short')
    await page.getByLabel('Confirm password').fill('short')
    await page.keyboard.press('Enter')
    await page.getByText('a password has 8 to 256 characters').waitFor()
    await page.getByLabel('New password').fill(nextPassword)
    await page.getByLabel('Confirm password').fill(nextPassword)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.getByRole('img', { name: 'QR code with the secret' }).waitFor()
    await assertAccessible(page)
    const secret = base32Bytes((await page.locator('code.secret').textContent()) ?? '')
    const step = stepAt(Date.now())
    await page.getByRole('textbox', { name: /^Code/ }).fill(codeOf(secret, step - 1))
    await page.getByRole('textbox', { name: /^Next code/ }).fill(codeOf(secret, step))
    await page.getByRole('button', { name: 'Activate' }).click()
    await closeSecret(page)
    // Where he wanted to go.
    await page.getByRole('heading', { name: 'My profile' }).waitFor()
    await page.getByText('Recovery codes left').waitFor()
    await context.close()
  })
})

async function closeSecret(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: 'I have saved it' }).check()
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

const base32Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** As the page writes it, in groups of four. */
function base32Bytes(text: string): Uint8Array {
  const bits = [...text.replaceAll(' ', '')]
    .map((letter) => base32Letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}
