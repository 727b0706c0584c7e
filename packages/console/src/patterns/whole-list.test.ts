import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sortWhole } from './whole-list.ts'

const rows = [
  { name: 'b', size: 2 },
  { name: 'a', size: undefined },
  { name: 'c', size: 10 },
] as const
const orders = {
  name: ({ name }: (typeof rows)[number]) => name,
  size: ({ size }: (typeof rows)[number]) => size,
}

describe('a list sorted in the page', () => {
  const cases: readonly [sort: string, want: string][] = [
    ['', 'bac'],
    ['other', 'bac'],
    ['name', 'abc'],
    ['-name', 'cba'],
    ['size', 'bca'],
    ['-size', 'cba'],
  ]
  for (const [sort, want] of cases) {
    it(`by "${sort}" is ${want}`, () => {
      const sorted = sortWhole<(typeof rows)[number]>(rows, sort, orders)
      assert.equal(sorted.map(({ name }) => name).join(''), want)
    })
  }
})
