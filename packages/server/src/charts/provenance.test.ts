import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { digestOf } from '@entrepot/oci/digest.ts'
import { assertProvenanceOf, provenanceState, readProvenance } from './provenance.ts'
import { packChart, provenanceOf } from './test-charts.ts'

describe('a provenance file', () => {
  it('names the digest of its package', async () => {
    const bytes = await packChart()
    const digest = digestOf('sha256', bytes)
    const text = provenanceOf(bytes)
    const read = readProvenance(Buffer.from(text))
    assert.match(read.chartYaml, /^name: web$/m)
    assertProvenanceOf(read, { fileName: 'web-1.0.0.tgz', digest })
    assert.equal(provenanceState(Buffer.from(text), digest), 'matches')
    const crlf = Buffer.from(text.replaceAll('\n', '\r\n'))
    assert.equal(provenanceState(crlf, digest), 'matches')
    const other = digestOf('sha256', Buffer.from('other'))
    assert.equal(provenanceState(Buffer.from(text), other), 'mismatch')
    assert.equal(provenanceState(undefined, digest), 'none')
    assert.throws(
      () => assertProvenanceOf(read, { fileName: 'web-1.0.0.tgz', digest: other }),
      /^ApiError: prov: names sha256:.*but web-1\.0\.0\.tgz has sha256:/,
    )
  })

  const whole = provenanceOf(Buffer.from('chart'))
  const broken: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['no message', 'files: {}'],
    ['something before it', `x\n${whole}`],
    ['no signature', whole.slice(0, whole.indexOf('-----BEGIN PGP SIGNATURE'))],
    ['an unfinished signature', whole.slice(0, whole.indexOf('-----END'))],
    ['an empty signature', whole.replace(/^(?:wsB.*|=2V1T)\n/gm, '')],
    ['no armor', whole.replace('=2V1T', '<script>')],
    ['no divider', whole.replace('\n...\n', '\n')],
    ['no files', whole.replace('files:', 'other:')],
  ]
  for (const [what, text] of broken) {
    it(`is malformed: ${what}`, () => {
      assert.throws(() => readProvenance(Buffer.from(text)), ApiError)
      assert.equal(provenanceState(Buffer.from(text), 'sha256:0'), 'malformed')
    })
  }
})
