import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isNonDistributableType, manifestKind, parseContentType } from './media-types.ts'
import { formatPlatform } from './platform.ts'

describe('parseContentType', () => {
  const cases: readonly [string, string | undefined][] = [
    ['application/json', 'application/json'],
    [
      'application/vnd.oci.image.index.v1+json; charset=utf-8',
      'application/vnd.oci.image.index.v1+json',
    ],
    [' application/a ;q=1;x', 'application/a'],
    [`application/${'a'.repeat(240)}`, `application/${'a'.repeat(240)}`],
    [`application/${'a'.repeat(241)}`, undefined],
    ['application/', undefined],
    ['text/html', undefined],
    ['application/VND', undefined],
    ['application/a b', undefined],
    ['application/a\r\nx', undefined],
    ['', undefined],
    [';', undefined],
  ]
  for (const [header, expected] of cases) {
    it(`reads ${JSON.stringify(header.slice(0, 40))}`, () => {
      assert.equal(parseContentType(header), expected)
    })
  }
})

describe('media types', () => {
  it('tell images from indexes', () => {
    assert.equal(manifestKind('application/vnd.oci.image.manifest.v1+json'), 'image')
    assert.equal(manifestKind('application/vnd.docker.distribution.manifest.list.v2+json'), 'index')
    assert.equal(manifestKind('application/vnd.docker.distribution.manifest.v1+json'), undefined)
    assert.equal(manifestKind('constructor'), undefined)
  })
  it('mark layers that are not pushed', () => {
    const types = [
      'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
      'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    ]
    for (const type of types) assert.ok(isNonDistributableType(type))
    assert.ok(!isNonDistributableType('application/vnd.oci.image.layer.v1.tar+gzip'))
  })
})

describe('formatPlatform', () => {
  const cases: readonly [Parameters<typeof formatPlatform>[0], string][] = [
    [{ os: 'linux', architecture: 'amd64' }, 'linux/amd64'],
    [{ os: 'linux', architecture: 'arm', variant: 'v7' }, 'linux/arm/v7'],
    [
      { os: 'windows', architecture: 'amd64', osVersion: '10.0.17763.1' },
      'windows(10.0.17763.1)/amd64',
    ],
    [{ os: 'unknown', architecture: 'unknown', variant: '' }, 'unknown/unknown'],
  ]
  for (const [platform, expected] of cases) {
    it(`prints ${expected}`, () => assert.equal(formatPlatform(platform), expected))
  }
})
