import assert from 'node:assert/strict'
import { it } from 'node:test'
import { maxSmallObjectBytes, SmallObjects } from './small-objects.ts'

it('small objects are kept by backend and key', () => {
  const objects = new SmallObjects()
  objects.put('a', 'k', Buffer.from('one'))
  assert.equal(objects.get('a', 'k')?.toString(), 'one')
  assert.equal(objects.get('b', 'k'), undefined)
  assert.equal(objects.get('a', 'l'), undefined)
})

it('larger objects are not kept, and of many those used longest ago go', () => {
  const objects = new SmallObjects()
  objects.put('a', 'large', Buffer.alloc(maxSmallObjectBytes + 1))
  assert.equal(objects.get('a', 'large'), undefined)
  const count = 256
  for (let n = 0; n < count; n += 1) objects.put('a', `k${n}`, Buffer.alloc(maxSmallObjectBytes))
  assert.ok(objects.get('a', 'k0'))
  objects.put('a', 'one more', Buffer.alloc(maxSmallObjectBytes))
  assert.ok(objects.get('a', 'k0'), 'it was used')
  assert.equal(objects.get('a', 'k1'), undefined)
  assert.ok(objects.get('a', 'one more'))
})
