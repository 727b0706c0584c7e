import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { generateActions } from './generate-actions.ts'

it('actions.ts is what packages/console/generate.ts makes of the contract', async () => {
  const text = readFileSync(join(import.meta.dirname, 'actions.ts'), 'utf8')
  assert.ok(text === (await generateActions()), 'run: node packages/console/generate.ts')
})
