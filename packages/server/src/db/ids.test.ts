import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newId } from './ids.ts'

describe('newId', () => {
  it('makes 20 characters of 0-9 a-v, each another', () => {
    const ids = Array.from({ length: 5000 }, () => newId())
    for (const id of ids) assert.match(id, /^[0-9a-v]{20}$/)
    assert.equal(new Set(ids).size, ids.length)
  })

  it('sorts by the time it was made, also when the clock is set back', () => {
    const later = Date.UTC(2100, 0, 1)
    const ids = [newId(later), newId(later + 1), newId(later - 86_400_000), newId(later + 2)]
    const times = ids.map((id) => id.slice(0, 10))
    assert.deepEqual(times, times.toSorted())
    assert.equal(times[1], times[2])
  })
})
