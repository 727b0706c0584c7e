import assert from 'node:assert/strict'
import { it } from 'node:test'
import { firstShown, groupFiles } from './file-tree.ts'

const files = [
  'charts/a/Chart.yaml',
  'templates/b.yaml',
  'values.yaml',
  'Chart.yaml',
  'crds/c.yaml',
]
const packed = files.map((Path) => ({ Path, Size: 1 }))

it('files stand by folders: the chart’s own first, charts packed with it last', () => {
  const shown = groupFiles(packed).map(({ folder, files: inFolder }) => [
    folder,
    inFolder.map(({ name }) => name),
  ])
  assert.deepEqual(shown, [
    ['', ['Chart.yaml', 'values.yaml']],
    ['crds', ['c.yaml']],
    ['templates', ['b.yaml']],
    ['charts/a', ['Chart.yaml']],
  ])
})

it('the first template is shown first, else the first file', () => {
  assert.equal(firstShown(packed)?.Path, 'templates/b.yaml')
  assert.equal(firstShown(packed.slice(2))?.Path, 'values.yaml')
  assert.equal(firstShown([]), undefined)
})
