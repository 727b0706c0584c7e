import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HeldRights } from './held-rights.ts'
import { policy, rule } from './test-requests.ts'

function made(id: number) {
  return { key: `${id}:1`, policy: policy(rule('allow tcr:* on *'), id) }
}

function held(...policies: ReturnType<typeof made>[]) {
  return { revision: 1, policies, sets: { identity: policies.map((one) => one.policy) } }
}

describe('rights that are held', () => {
  const [shared, own, other] = [made(1), made(2), made(3)]
  const each = own.policy.maxBytes

  it('count a policy once, and let it go with the last who has it', () => {
    const rights = new HeldRights(1_000_000)
    rights.hold('a', held(shared, own))
    const first = rights.bytes
    assert.ok(first > 2 * each)
    rights.hold('b', held(shared))
    assert.ok(rights.bytes < first + each)
    rights.hold('a', held(other))
    assert.equal(rights.findPolicy(own.key), undefined)
    assert.equal(rights.findPolicy(shared.key), shared.policy)
    rights.hold('b', held())
    assert.equal(rights.findPolicy(shared.key), undefined)
    // The same again counts nothing twice.
    const before = rights.bytes
    rights.hold('a', held(other))
    assert.equal(rights.bytes, before)
  })

  it('forget who asked longest ago', () => {
    const rights = new HeldRights(2.5 * (each + 1_000))
    rights.hold('a', held(shared))
    rights.hold('b', held(own))
    assert.ok(rights.find('a'))
    rights.hold('c', held(other))
    assert.deepEqual(
      ['a', 'b', 'c'].map((holder) => rights.find(holder) !== undefined),
      [true, false, true],
    )
    assert.equal(rights.findPolicy(own.key), undefined)
    // One stays, however large.
    const small = new HeldRights(1)
    small.hold('a', held(shared, own, other))
    assert.ok(small.find('a'))
  })

  it('keep a bounded number of rules, whatever is asked', () => {
    const statements = Array.from({ length: 100 }, (_, n) =>
      rule(`allow ${n % 2 ? 'tcr:*' : `tcr:Action${n}`} on qcs::tcr:::repository/r${n}/*`),
    )
    const one = policy(statements)
    for (let n = 0; n < 2_000; n += 1) {
      const { allow } = one.rulesFor(`tcr:action${n % 130}`)
      assert.equal(allow?.somewhere.length, n % 130 < 100 && (n % 130) % 2 === 0 ? 51 : 50)
    }
  })
})
