import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { buildHandlers } from './actions.ts'
import { fakeClock } from './clock.ts'
import { coveragePath, renderCoverage } from './coverage.ts'

it('docs/api-coverage.md says which actions work', () => {
  // After a change that is meant: node packages/server/docs/generate.ts
  assert.equal(readFileSync(coveragePath, 'utf8'), renderCoverage())
})

it('no action has two handlers', () => {
  const actions = buildHandlers(fakeClock()).map((handler) => handler.action)
  const names = actions.map(({ product, name }) => `${product} ${name}`)
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  )
})
