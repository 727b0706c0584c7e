import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseChartPlace, parseRepositoryPlace, paths, safeNext } from './paths.ts'

const at = { instance: 'tcr-a1b2c3d4', namespace: 'team', path: 'front/api' }
const digest = `sha256:${'a'.repeat(64)}`

describe('the addresses of pages', () => {
  const cases: readonly [address: string, want: string][] = [
    [paths.repository(at), '/r/tcr-a1b2c3d4/repositories/team/front/api/-/tags'],
    [paths.image(at, 'v1.0'), '/r/tcr-a1b2c3d4/repositories/team/front/api/-/tags/v1.0/layers'],
    [
      paths.digest(at, digest, 'config'),
      `/r/tcr-a1b2c3d4/repositories/team/front/api/-/digests/sha256%3A${'a'.repeat(64)}/config`,
    ],
    [
      paths.compare(at, 'v1', 'v2'),
      '/r/tcr-a1b2c3d4/repositories/team/front/api/-/compare?a=v1&b=v2',
    ],
    [
      paths.serviceAccount('tcr-a1b2c3d4', 'tcr$ci'),
      '/r/tcr-a1b2c3d4/credentials/service/tcr%24ci',
    ],
    [paths.accessDetail('policies', 12), '/access/policies/12/basic'],
  ]
  for (const [address, want] of cases) it(want, () => assert.equal(address, want))

  it('of repositories are taken apart as they were made', () => {
    const splat = (address: string) =>
      decodeURIComponent(address.split('/repositories/team/')[1] ?? '')
    const place = (address: string) => parseRepositoryPlace(splat(address).split('?')[0] ?? '')
    assert.deepEqual(place(paths.repository(at, 'info')), {
      page: 'repository',
      path: 'front/api',
      tab: 'info',
    })
    assert.deepEqual(place(paths.image(at, 'v1.0', 'config')), {
      page: 'image',
      path: 'front/api',
      tag: 'v1.0',
      tab: 'config',
    })
    assert.deepEqual(place(paths.digest(at, digest)), {
      page: 'digest',
      path: 'front/api',
      digest,
      tab: 'layers',
    })
    assert.deepEqual(place(paths.compare(at, 'a', 'b')), { page: 'compare', path: 'front/api' })
    for (const wrong of ['', '-/tags', 'a/-/nothing', 'a/-/digests']) {
      assert.equal(parseRepositoryPlace(wrong), undefined, wrong)
    }
  })
})

describe('where a login goes on', () => {
  const wrong = [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/a\\b',
    'javascript:alert(1)',
    '/login?next=/',
    ' /a',
    '/a\nb',
    undefined,
    7,
  ]
  for (const next of wrong) {
    it(`is the overview instead of ${JSON.stringify(next)}`, () =>
      assert.equal(safeNext(next), '/'))
  }
  it('is a path of this console', () => {
    assert.equal(safeNext('/r/tcr-1/namespaces?q=a'), '/r/tcr-1/namespaces?q=a')
  })
})

describe('a page below a chart', () => {
  const chart = { instance: 'tcr-a1b2c3d4', namespace: 'team', chart: 'tools/web' }
  const root = '/r/tcr-a1b2c3d4/charts/team/'

  it('is told by its address, slashes and a plus among it', () => {
    const placeOf = (address: string) =>
      parseChartPlace(decodeURIComponent(address.slice(root.length)))
    const name = 'tools/web'
    assert.deepEqual(placeOf(paths.chart(chart)), { page: 'chart', chart: name, tab: 'versions' })
    const version = { page: 'version', chart: name, version: '1.0.0+b', tab: 'files' }
    assert.deepEqual(placeOf(paths.chartVersion(chart, '1.0.0+b', 'files')), version)
    const commands = { page: 'chart', chart: name, tab: 'commands' }
    assert.deepEqual(placeOf(paths.chart(chart, 'commands')), commands)
    const compare = placeOf(paths.compareCharts(chart, '1.0.0', '1.0.0+b').replace(/\?.*/, ''))
    assert.deepEqual(compare, { page: 'compare', chart: name })
  })

  it('is nothing where the address is another', () => {
    for (const splat of ['', '-/versions', 'web/-/other', 'web/-/versions/1.0.0/other']) {
      assert.equal(parseChartPlace(splat), undefined, splat)
    }
  })
})
