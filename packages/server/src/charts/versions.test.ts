import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseChartVersion } from './versions.ts'

it('versions ascend as SemVer says (item 11)', () => {
  const ascending = [
    ...['0.0.9', '1.0.0-0', '1.0.0-2', '1.0.0-10', '1.0.0-alpha', '1.0.0-alpha.1'],
    ...['1.0.0-alpha.beta', '1.0.0-alpha-1', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11'],
    ...['1.0.0-rc.1', '1.0.0', '1.0.1', '1.9.0', '1.10.0', '2.0.0', '10.0.0', '100.0.0'],
  ]
  const orders = ascending.map((text) => parseChartVersion(text)?.order ?? '')
  assert.deepEqual([...orders].sort(), orders)
  assert.equal(new Set(orders).size, orders.length)
})

it('a + becomes _ in the tag; a v before it changes nothing of the order', () => {
  const version = parseChartVersion('v1.2.3-rc.1+build.5')
  assert.equal(version?.tag, 'v1.2.3-rc.1_build.5')
  assert.equal(version.isPrerelease, true)
  assert.equal(parseChartVersion('v1.2.3')?.order, parseChartVersion('1.2.3')?.order)
})

it('what is no SemVer is no version', () => {
  for (const text of ['', '1', '1.2', '1.2.3.4', '01.2.3', '1.2.3-01', '1.2.3+', '1.2.3+a+b']) {
    assert.equal(parseChartVersion(text), undefined, text)
  }
  assert.equal(parseChartVersion(`1.0.0-${'a'.repeat(123)}`), undefined)
})
