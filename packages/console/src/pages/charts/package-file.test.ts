import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { NotChart, readPackage, scalarOf } from './package-file.ts'

const block = 512

function tarFile(path: string, text: string, type = '0'): Buffer {
  const header = Buffer.alloc(block)
  header.write(path, 0)
  header.write(`${Buffer.byteLength(text).toString(8).padStart(11, '0')}\0`, 124)
  header.write(type, 156)
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / block) * block)
  body.write(text)
  return Buffer.concat([header, body])
}

function packed(...files: readonly Buffer[]): Blob {
  return new Blob([gzipSync(Buffer.concat([...files, Buffer.alloc(2 * block)]))])
}

const chartYaml = 'apiVersion: v2\nname: "shop"\nversion: 1.0.0+b # now\nappVersion: \'1.27\'\n'

describe('a package', () => {
  it('tells its name and versions, wherever Chart.yaml stands', async () => {
    const values = tarFile('shop/values.yaml', 'a: 1\n'.repeat(500))
    const inner = tarFile('shop/charts/redis/Chart.yaml', 'name: redis\nversion: 9.9.9\n')
    const facts = await readPackage(packed(inner, values, tarFile('shop/Chart.yaml', chartYaml)))
    const expected = { name: 'shop', version: '1.0.0+b', appVersion: '1.27', type: 'application' }
    assert.deepEqual(facts, expected)
  })

  const refusals: readonly [string, Blob, string][] = [
    ['is no gzip', new Blob(['PK']), 'notGzip'],
    ['is cut', packed(tarFile('shop/Chart.yaml', chartYaml)).slice(0, 60), 'notGzip'],
    ['has no Chart.yaml', packed(tarFile('shop/values.yaml', '')), 'noChartYaml'],
    ['has it in no folder', packed(tarFile('Chart.yaml', chartYaml)), 'noChartYaml'],
    ['has a folder of that name', packed(tarFile('shop/Chart.yaml', '', '5')), 'noChartYaml'],
    ['names nothing', packed(tarFile('shop/Chart.yaml', 'apiVersion: v2\n')), 'noName'],
  ]
  for (const [what, file, problem] of refusals) {
    it(`is refused when it ${what}`, async () => {
      await assert.rejects(readPackage(file), (error) => {
        assert.ok(error instanceof NotChart)
        assert.equal(error.problem, problem)
        return true
      })
    })
  }

  it('is refused above the limit, unread', async () => {
    const large = { size: 20 * 1024 * 1024 + 1 } as Blob
    await assert.rejects(readPackage(large), new NotChart('tooLarge'))
  })
})

describe('a value of YAML', () => {
  it('is read without quotes and comments, at the top only', () => {
    assert.equal(scalarOf('name: a b  # c\n', 'name'), 'a b')
    assert.equal(scalarOf('x:\n  name: inner\n', 'name'), '')
    assert.equal(scalarOf('{"name": "a", "version": 1}', 'name'), 'a')
    assert.equal(scalarOf('{"name": "a", "version": 1}', 'version'), '')
    assert.equal(scalarOf('{name: a}', 'name'), '')
    assert.equal(scalarOf("name: 'it''s'\n", 'name'), "it''s")
  })
})
