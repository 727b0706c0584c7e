import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { filterInput } from './tag-filters.ts'

const now = Date.parse('2026-06-16T08:37:05Z')
const state = (q: string, filters: Readonly<Record<string, string>> = {}) => ({
  q,
  filter: (name: string) => filters[name] ?? '',
})

describe('what is asked for of tags', () => {
  it('is nothing unless something is searched', () => {
    assert.deepEqual(filterInput(state('  '), now), {})
  })

  it('is a digest where a whole one was pasted, and else a search', () => {
    const digest = `sha256:${'a'.repeat(64)}`
    assert.deepEqual(filterInput(state(` ${digest} `), now), { Digest: digest })
    assert.deepEqual(filterInput(state('sha256:aa'), now), { Search: 'sha256:aa' })
    assert.deepEqual(filterInput(state('v1'), now), { Search: 'v1' })
  })

  it('counts days from the beginning of today', () => {
    assert.deepEqual(filterInput(state('', { pushed: '7', pulled: '30' }), now), {
      PushedBefore: '2026-06-09T00:00:00.000Z',
      NotPulledSince: '2026-05-17T00:00:00.000Z',
    })
  })

  it('leaves out what the address made up', () => {
    assert.deepEqual(filterInput(state('', { type: 'Cake', pushed: 'x', pulled: '-1' }), now), {})
    assert.deepEqual(filterInput(state('', { type: 'Chart' }), now), { Kinds: ['Chart'] })
  })
})
