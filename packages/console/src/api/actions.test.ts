import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { generateActions } from './generate-actions.ts'
import { generatePermissions } from './generate-permissions.ts'

it('actions.ts is what packages/console/generate.ts makes of the contract', async () => {
  const text = readFileSync(join(import.meta.dirname, 'actions.ts'), 'utf8')
  assert.ok(text === (await generateActions()), 'run: node packages/console/generate.ts')
})

it('permissions.ts is what packages/console/generate.ts makes of the contract', async () => {
  const text = readFileSync(join(import.meta.dirname, 'permissions.ts'), 'utf8')
  assert.ok(text === (await generatePermissions()), 'run: node packages/console/generate.ts')
})
