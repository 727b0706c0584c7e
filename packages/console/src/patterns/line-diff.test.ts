import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diffLines } from './line-diff.ts'

describe('diffLines', () => {
  const cases: readonly [before: string, after: string, want: string][] = [
    ['a b c', 'a b c', ' a  b  c'],
    ['a b c', 'a c', ' a -b  c'],
    ['a c', 'a b c', ' a +b  c'],
    ['a b c d', 'a x c y', ' a -b +x  c -d +y'],
    ['a', '', '-a +'],
    ['a a a', 'a a', ' a  a -a'],
  ]
  const signs = { same: ' ', added: '+', removed: '-' } as const
  for (const [before, after, want] of cases) {
    it(`"${before}" to "${after}"`, () => {
      const lines = diffLines(before.replaceAll(' ', '\n'), after.replaceAll(' ', '\n'))
      assert.equal(lines.map(({ kind, text }) => `${signs[kind]}${text}`).join(' '), want)
    })
  }
})
