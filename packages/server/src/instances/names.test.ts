import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertName, judgeName, type NameVerdict } from './names.ts'

const cases: readonly (readonly [string, NameVerdict])[] = [
  ['a'.repeat(4), 'length'],
  ['a'.repeat(5), 'good'],
  ['a'.repeat(50), 'good'],
  ['a'.repeat(51), 'length'],
  ['', 'length'],
  ['my-registry-1', 'good'],
  ['12345', 'good'],
  ['a---b', 'good'],
  ['-abcd', 'letters'],
  ['abcd-', 'letters'],
  ['Abcde', 'letters'],
  ['ab_cd', 'letters'],
  ['ab.cd', 'letters'],
  ['äbcde', 'letters'],
  ['abcde\n', 'letters'],
  ['default', 'reserved'],
  ['registry', 'reserved'],
  ['shop-vpc', 'reserved'],
]

for (const [name, verdict] of cases) {
  test(`${JSON.stringify(name)} is ${verdict}`, () => {
    assert.equal(judgeName(name), verdict)
    if (verdict === 'good') assertName(name)
    else assert.throws(() => assertName(name), { name: 'ApiError' })
  })
}
