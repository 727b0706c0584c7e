// What is a chart, and what is none: the table of the reader.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ApiError } from '@entrepot/contract/errors.ts'
import { readChart, readChartFile } from './chart.ts'
import { metadataJson } from './metadata.ts'
import { type Entry, packChart, packEntries, packTar } from './test-charts.ts'

const chartYaml = 'apiVersion: v2\nname: web\nversion: 1.0.0\n'
const chart: Entry = { name: 'web/Chart.yaml', text: chartYaml }

async function refusal(bytes: Uint8Array | Promise<Uint8Array>): Promise<string> {
  const read = await readChart(await bytes).then(
    () => 'taken',
    (error: unknown) => {
      assert.ok(error instanceof ApiError, String(error))
      assert.equal(error.code, 'CHART_INVALID')
      assert.notEqual(error.words.en, error.words.zh)
      return error.words.en
    },
  )
  return read
}

describe('a package', () => {
  const refused: readonly (readonly [string, () => Promise<Uint8Array>, RegExp])[] = [
    ['empty bytes', async () => Buffer.alloc(0), /^package: is not compressed by gzip/],
    ['text', async () => Buffer.from('hello, chart'), /^package: is not compressed by gzip/],
    ['gzip of text', async () => gzipSync('hello'), /^package: is damaged/],
    ['half a gzip', async () => (await packChart()).subarray(0, 100), /^package: is damaged/],
    ['half a tar', async () => gzipSync((await packTar([chart])).subarray(0, 520)), /is damaged/],
    ['no file', () => packEntries([]), /^package: holds no file/],
    [
      'more than 20 MiB',
      async () => Buffer.alloc(20 * 1024 * 1024 + 1),
      /more than 20971520 bytes/,
    ],
    [
      'a bomb',
      async () => gzipSync(Buffer.alloc(64 * 1024 * 1024)),
      /^package: unpacks to more than 200 times its size/,
    ],
    [
      'more than 100 MiB in small files',
      () => {
        const line = () => randomBytes(32).toString('hex').padEnd(4096)
        const block = Array.from({ length: 1024 }, line).join('')
        const many = Array.from({ length: 26 }, (_, at) => ({ name: `web/f${at}`, text: block }))
        return packEntries([chart, ...many])
      },
      /unpacks to more than 104857600 bytes/,
    ],
    [
      'a file of more than 5 MiB',
      () => packEntries([chart, { name: 'web/big', text: randomBytes(5 * 1024 * 1024 + 1) }]),
      /^big: has more than 5242880 bytes/,
    ],
    [
      'more than 10,000 entries',
      () =>
        packEntries(Array.from({ length: 10_001 }, (_, at) => ({ name: `web/${at}`, text: '' }))),
      /more than 10000 files/,
    ],
    [
      'a symbolic link',
      () => packEntries([chart, { name: 'web/l', type: 'symlink', linkname: '/etc/passwd' }]),
      /^web\/l: is a symbolic link/,
    ],
    [
      'a hard link',
      () => packEntries([chart, { name: 'web/l', type: 'link', linkname: 'web/Chart.yaml' }]),
      /^web\/l: is a hard link/,
    ],
    [
      'a device',
      () => packEntries([chart, { name: 'web/d', type: 'character-device' }]),
      /^web\/d: is a device/,
    ],
    ['..', () => packEntries([{ name: 'web/../../x', text: 'x' }]), /is no path below the folder/],
    ['/', () => packEntries([{ name: '/etc/x', text: 'x' }]), /is no path below the folder/],
    ['C:', () => packEntries([{ name: 'C:/x/y', text: 'x' }]), /is no path below the folder/],
    ['\\', () => packEntries([{ name: 'web\\..\\x', text: 'x' }]), /is no path below the folder/],
    ['LF', () => packEntries([{ name: 'web/a\nb', text: 'x' }]), /is no path below the folder/],
    [
      'no folder',
      () => packEntries([{ name: 'Chart.yaml', text: chartYaml }]),
      /lies outside a folder/,
    ],
    [
      'two folders',
      () => packEntries([chart, { name: 'api/Chart.yaml', text: chartYaml }]),
      /lies outside the folder web/,
    ],
    ['a file twice', () => packEntries([chart, chart]), /^Chart\.yaml: is in the package twice/],
    [
      'no Chart.yaml',
      () => packEntries([{ name: 'web/x', text: 'x' }]),
      /^Chart\.yaml: is missing/,
    ],
  ]
  for (const [what, bytes, words] of refused) {
    it(`is refused: ${what}`, async () => assert.match(await refusal(bytes()), words))
  }

  it('of plain tar is taken: folders, and ./ before names', async () => {
    const read = await readChart(
      await packEntries([
        { name: './', type: 'directory' },
        { name: './web/', type: 'directory' },
        { name: './web/Chart.yaml', text: chartYaml },
        { name: './web/templates/', type: 'directory' },
        { name: './web/templates/a.yaml', text: 'a: 1' },
      ]),
    )
    assert.deepEqual(
      read.files.map(({ path }) => path),
      ['Chart.yaml', 'templates/a.yaml'],
    )
  })

  it('gives one of its files, and tells what it has not', async () => {
    const bytes = await packChart()
    assert.equal(String(await readChartFile(bytes, 'values.yaml')), 'replicas: 1\n')
    assert.equal(await readChartFile(bytes, 'none'), undefined)
  })
})

describe('Chart.yaml', () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['no YAML', 'a: [', /^Chart\.yaml: is no YAML/],
    ['a list', '- a', /^Chart\.yaml: has the wrong type/],
    ['a key twice', `${chartYaml}name: api`, /^Chart\.yaml: is no YAML/],
    ['no apiVersion', 'name: web\nversion: 1.0.0', /^apiVersion: must be v1 or v2/],
    ['apiVersion v3', 'apiVersion: v3\nname: web\nversion: 1.0.0', /^apiVersion: must be/],
    ['no name', 'apiVersion: v2\nversion: 1.0.0', /^name: must be given/],
    ['a path for a name', 'apiVersion: v2\nname: a/b\nversion: 1.0.0', /^name: must be given/],
    ['no version', 'apiVersion: v2\nname: web', /^version: must be SemVer/],
    ['half a version', 'apiVersion: v2\nname: web\nversion: "1.2"', /^version: must be SemVer/],
    ['a leading zero', 'apiVersion: v2\nname: web\nversion: 1.02.3', /^version: must be SemVer/],
    ['an unknown type', `${chartYaml}type: other`, /^type: must be application or library/],
    ['a map for keywords', `${chartYaml}keywords: {a: 1}`, /^keywords: has the wrong type/],
    [
      'a dependency twice',
      `${chartYaml}dependencies:\n- name: db\n- name: db`,
      /^dependencies: two are called db/,
    ],
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n${chartYaml}`,
      /^Chart\.yaml: is no YAML/,
    ],
  ]
  for (const [what, text, words] of refused) {
    it(`is refused: ${what}`, async () => {
      assert.match(await refusal(packEntries([{ name: 'web/Chart.yaml', text }])), words)
    })
  }

  it('of API version v1 is taken, with the dependencies of requirements.yaml', async () => {
    const { metadata } = await readChart(
      await packEntries([
        {
          name: 'old/Chart.yaml',
          text: 'apiVersion: v1\nname: old\nversion: 0.1.0\nappVersion: 1.2',
        },
        { name: 'old/requirements.yaml', text: 'dependencies:\n- {name: db, version: ~1}' },
      ]),
    )
    assert.equal(metadata.appVersion, '1.2')
    assert.equal(metadata.dependencies[0]?.name, 'db')
    assert.equal(
      metadataJson(metadata),
      '{"apiVersion":"v1","name":"old","version":"0.1.0",' +
        '"dependencies":[{"name":"db","version":"~1"}],"appVersion":"1.2","type":"application"}',
    )
  })

  it('may be too long, not text, or beside values and a schema that are none', async () => {
    const beside = (name: string, text: string | Buffer) =>
      refusal(packEntries([chart, { name: `web/${name}`, text }]))
    assert.match(await beside('values.yaml', '- a'), /^values\.yaml: must be a map/)
    assert.match(await beside('values.yaml', Buffer.from([0xff])), /is not text in UTF-8/)
    assert.match(await beside('values.schema.json', '[]'), /^values\.schema\.json: must be a JSON/)
    assert.equal(await beside('values.yaml', '# nothing'), 'taken')
    const long = `${chartYaml}description: ${'x'.repeat(256 * 1024)}`
    assert.match(
      await refusal(packEntries([{ name: 'web/Chart.yaml', text: long }])),
      /^Chart\.yaml: has more than/,
    )
  })
})
