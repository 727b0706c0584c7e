import assert from 'node:assert/strict'
import { it } from 'node:test'
import { formatPlatform, type Platform, parsePlatform } from './platform.ts'

const platforms: readonly (readonly [string, Platform])[] = [
  ['linux/amd64', { os: 'linux', architecture: 'amd64' }],
  ['linux/arm64/v8', { os: 'linux', architecture: 'arm64', variant: 'v8' }],
  [
    'windows(10.0.17763.1)/amd64',
    { os: 'windows', architecture: 'amd64', osVersion: '10.0.17763.1' },
  ],
]

for (const [text, platform] of platforms) {
  it(`${text} is a platform, both ways`, () => {
    assert.equal(formatPlatform(platform), text)
    assert.deepEqual(parsePlatform(text), platform)
  })
}

it('other texts are none', () => {
  for (const text of ['', 'linux', '/amd64', 'linux/', '(1)/amd64']) {
    assert.equal(parsePlatform(text), undefined, text)
  }
})
