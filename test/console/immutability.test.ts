// A rule by which tags stay as they are: made in the console, felt by a client.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { RegistryError } from '@entrepot/client/oci/registry-error.ts'
import { imageOf, pushArtifact } from './artifacts.ts'
import { onEachStage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

onEachStage('immutability', (stage) => {
  const push = (name: string, tag: string) => {
    const image = imageOf({ layers: [{ name, bytes: 1000, by: `COPY ${name} /` }] })
    return pushArtifact(stage().registry, 'demo/app', image, [tag])
  }

  it('is shown before it is saved, holds for pushes, and ends when it is turned off', async () => {
    await push('first', 'v1')
    await push('first', 'latest')
    const page = await stage().logIn({ path: `/r/${stage().instance}/immutability` })
    const quiet = watch(page)
    await page.getByText('No rule yet').waitFor()
    await page.getByRole('button', { name: 'Create rule' }).first().click()
    const drawer = page.getByRole('dialog', { name: 'Create rule' })
    await drawer.getByText('1 of 2 tags').waitFor()
    await drawer.getByText('app:v1').waitFor()
    await assertAccessible(page)
    await drawer.getByRole('button', { name: 'Create rule' }).click()
    await page.getByRole('cell', { name: 'tags but latest of repositories **' }).waitFor()

    await push('second', 'latest')
    await assert.rejects(push('second', 'v1'), (error) => {
      assert.ok(error instanceof RegistryError)
      assert.match(error.message, /demo\/app:v1 is immutable by rule \d+ of namespace demo/)
      return true
    })

    await page.getByRole('button', { name: 'Actions on the rule of demo' }).click()
    await page.getByRole('menuitem', { name: 'Turn off' }).click()
    const question = page.getByRole('dialog', { name: 'Turn off the rule of demo?' })
    await question.getByText('1 tag can be overwritten from now.').waitFor()
    await question.getByRole('button', { name: 'Turn off' }).click()
    await page.getByRole('cell', { name: 'Turned off' }).waitFor()
    await push('second', 'v1')
    quiet.assertQuiet()
    await page.context().close()
  })
})
