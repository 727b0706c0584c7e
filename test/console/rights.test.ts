// Whoever may only read sees no button that would be refused; whoever may do nothing sees whom to ask.

import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { attachUserPolicy } from '@entrepot/contract/cam/attachments.ts'
import { listPolicies } from '@entrepot/contract/cam/policies.ts'
import { pagesOf } from './pages.ts'
import { addPerson, loginOf, type Seeds, seed } from './seeds.ts'
import { onEachStage, spokenOn } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

/** Verbs that change something, as buttons and entries of menus begin. */
const changing =
  /^(?:add|attach|cancel the|change|copy or retag|create|delete|detach|disable|edit|enable|extend|generate|move|remove|renew|reset|run again|save(?! as| the| manifest)|suspend|turn)\b/i
/** What is anybody's own: a credential, a look, a choice of this browser. */
const own = /^(?:create credential|generate temporary login command)$/i

onEachStage('rights', (stage) => {
  let seeds: Seeds

  before(async () => {
    seeds = await seed(stage())
    const { api } = stage()
    const { Uin } = await addPerson(api, 'reader')
    const { List } = await api.call(listPolicies, { Keyword: 'QcloudTCRReadOnlyAccess', Rp: 20 })
    const policy = List?.find(({ PolicyName }) => PolicyName === 'QcloudTCRReadOnlyAccess')
    assert.ok(policy)
    await api.call(attachUserPolicy, { PolicyId: policy.PolicyId ?? 0, AttachUin: Uin })
    await addPerson(api, 'nobody')
  })

  it('to read show everything and offer no change', async () => {
    const page = await stage().logIn(loginOf('reader'))
    const watched = watch(page)
    const menu = page.getByRole('navigation', { name: 'Menu' })
    await menu.getByRole('link', { name: 'Namespaces' }).waitFor()
    assert.equal(await menu.getByRole('link', { name: 'System' }).count(), 0)
    assert.equal(await menu.getByRole('link', { name: 'Users', exact: true }).count(), 0)
    const readable = pagesOf(stage(), seeds).filter(({ path }) =>
      /^\/(?:instances\/tcr|r\/.*\/(?:namespaces|repositories|credentials\/service\/?(?:tcr.*)?$)|jobs|usage)/.test(
        path,
      ),
    )
    const offered: string[] = []
    for (const { path } of readable) {
      await page.goto(stage().at(path))
      await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
      await watched.settled()
      // Of every row that has a menu, the first: rows are alike.
      const more = page.getByRole('main').locator('[aria-haspopup=menu]').first()
      if ((await more.count()) > 0) await more.click()
      const doers = page.getByRole('main').locator('button, [role^=menuitem], a.button')
      for (const one of await doers.all()) {
        const label = (await one.getAttribute('aria-label')) ?? (await one.textContent())
        const name = label?.trim() ?? ''
        if (changing.test(name) && !own.test(name)) offered.push(`${path}: ${name}`)
      }
    }
    assert.deepEqual(offered, [])
    watched.assertQuiet()
    await page.context().close()
  })

  it('of none say whom to ask, and for what', async () => {
    const { language, say } = spokenOn(stage().dialect)
    const page = await stage().logIn({ ...loginOf('nobody'), language })
    const watched = watch(page)
    await page.getByText(say('You see no instance yet')).waitFor()
    await page.getByRole('heading', { name: say('Whom to ask') }).waitFor()
    await page.getByText('tcr:PullRepository').first().waitFor()
    await assertAccessible(page)
    watched.assertQuiet()
    for (const path of ['/access/users', `/r/${stage().instance}/namespaces`, '/audit']) {
      await page.goto(stage().at(path))
      await page
        .getByText(say('You may not see this.'))
        .or(page.getByText(say('It is not here, or you may not see it.')))
        .waitFor()
      await assertAccessible(page)
    }
    await page.context().close()
  })
})
