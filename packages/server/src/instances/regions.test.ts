import assert from 'node:assert/strict'
import { test } from 'node:test'
import { regionOf } from './regions.ts'

test('known regions have their numbers', () => {
  assert.deepEqual(regionOf('ap-guangzhou'), { id: 1, name: 'ap-guangzhou', alias: 'gz' })
  assert.equal(regionOf('sa-saopaulo').id, 74)
})

test('another name has a number of its own, always the same', () => {
  const { id, alias } = regionOf('default')
  assert.equal(id, regionOf('default').id)
  assert.ok(id >= 100_000 && id < 1_000_000)
  assert.equal(alias, 'default')
  assert.notEqual(id, regionOf('office').id)
})
