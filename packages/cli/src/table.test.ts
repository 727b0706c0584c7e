import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cut, harmless, padEnd, styleOf, widthOf } from './screen.ts'
import { tableOf } from './table.ts'

const style = styleOf({ env: {} }, false, false)
const render = (value: unknown, columns = 100) => tableOf(value, { columns, style })

describe('tables', () => {
  it('have a column for each name that says something', () => {
    const rows = [
      { Name: 'demo', Public: false, Note: null, Tags: ['a', 'b'] },
      { Name: '命名空间', Public: true, Note: '', Tags: [] },
    ]
    assert.deepEqual(render(rows).lines, [
      'Name      Public  Tags',
      'demo      false   a, b',
      '命名空间  true',
    ])
  })

  it('show cloud tags as key=value', () => {
    const Tags = [
      { Key: 'team', Value: 'a' },
      { Key: 'env', Value: '' },
    ]
    const rows = [{ A: { ResourceType: 'instance', Tags } }, { A: Tags.slice(1) }]
    assert.deepEqual(render(rows).lines, ['A', 'team=a, env=', 'env='])
    assert.deepEqual(render([{ A: 1, B: { ResourceType: 'x', Tags: [] } }]).lines, ['A', '1'])
  })

  it('leave out columns for which there is no room, and say so', () => {
    const { lines, hidden } = render([{ A: 'aaaa', B: 'bbbb', C: 'cccc' }], 10)
    assert.deepEqual(lines, ['A     B', 'aaaa  bbbb'])
    assert.deepEqual(hidden, ['C'])
    assert.deepEqual(render([{ A: 'a'.repeat(20) }], 10).hidden, [])
  })

  it('show one thing as names and values, and values as lines', () => {
    assert.deepEqual(render({ Id: 1, Object: { a: 1 } }).lines, ['Id      1', 'Object  {"a":1}'])
    assert.deepEqual(render(['a', 2, null]).lines, ['a', '2', ''])
    assert.deepEqual(render('a').lines, ['a'])
    assert.deepEqual(render(null).lines, [])
    assert.deepEqual(render([]).lines, [])
  })

  it('let no text move the cursor', () => {
    const evil = '\u001b[2Jgone\nnext\u202e'
    assert.equal(harmless(evil), '\\u001b[2Jgone\\nnext\\u202e')
    assert.ok(render([{ A: evil }]).lines.every((line) => !line.includes('\u001b')))
  })
})

describe('width', () => {
  it('counts signs of two columns, and marks of none', () => {
    assert.equal(widthOf('abc'), 3)
    assert.equal(widthOf('镜像'), 4)
    assert.equal(widthOf('e\u0301'), 1)
    assert.equal(padEnd('镜像', 6), '镜像  ')
    assert.equal(cut('镜像仓库', 5), '镜像…')
    assert.equal(cut('abc', 3), 'abc')
  })
})

describe('colours', () => {
  const bold = (env: Record<string, string>, isTerminal: boolean, hasNoColor = false) =>
    styleOf({ env }, isTerminal, hasNoColor).bold('a') !== 'a'

  it('are on terminals only, and not where they are unwanted', () => {
    assert.equal(bold({}, true), true)
    assert.equal(bold({}, false), false)
    assert.equal(bold({ NO_COLOR: '1' }, true), false)
    assert.equal(bold({ NO_COLOR: '' }, true), true)
    assert.equal(bold({ TERM: 'dumb' }, true), false)
    assert.equal(bold({}, true, true), false)
  })
})
