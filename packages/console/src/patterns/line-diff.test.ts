import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diffLines, foldLines } from './line-diff.ts'

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

describe('lines that are the same', () => {
  const folded = (before: string, after: string, context: number) =>
    foldLines(diffLines(before, after), context).map((line) =>
      line.kind === 'folded' ? line.count : `${line.kind} ${line.text}`,
    )

  it('become a count where they are far from any that differs', () => {
    assert.deepEqual(folded('a\nb\nc\nd\ne\nf', 'a\nb\nc\nX\ne\nf', 1), [
      2,
      'same c',
      'removed d',
      'added X',
      'same e',
      'same f',
    ])
  })

  it('are all one count where nothing differs', () => {
    assert.deepEqual(folded('a\nb', 'a\nb', 3), [2])
  })
})
