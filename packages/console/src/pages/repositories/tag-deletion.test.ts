import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { planDeletion } from './tag-deletion.ts'

const tag = (Tag: string, Digest: string, same: readonly string[], ReferrerCount = 0) => ({
  Tag,
  Digest,
  SameDigestTags: same,
  SameDigestCount: same.length,
  ReferrerCount,
})

describe('deleting tags', () => {
  it('keeps the other tags of the digest', () => {
    assert.deepEqual(planDeletion([tag('v1', 'x', ['latest', 'stable'], 2)]), {
      staying: ['latest', 'stable'],
      stayingCount: 2,
      untagged: 0,
      referrers: 0,
    })
  })

  it('leaves an image without a name where all its tags go', () => {
    const going = [tag('v1', 'x', ['latest'], 3), tag('latest', 'x', ['v1'], 3), tag('v2', 'y', [])]
    assert.deepEqual(planDeletion(going), {
      staying: [],
      stayingCount: 0,
      untagged: 2,
      referrers: 3,
    })
  })

  it('counts those that are not named', () => {
    const many = { ...tag('v1', 'x', ['a', 'b']), SameDigestCount: 9 }
    const { staying, stayingCount } = planDeletion([many, tag('a', 'x', ['v1', 'b'])])
    assert.deepEqual(staying, ['b'])
    assert.equal(stayingCount, 8)
  })
})
