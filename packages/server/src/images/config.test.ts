import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ManifestRef } from '@entrepot/oci/manifest.ts'
import { readImageConfig } from './config.ts'

const layer = (digest: string) => ({ digest }) as ManifestRef

describe("an image's config", () => {
  it('gives each layer to the step that made it', () => {
    const text = JSON.stringify({
      os: 'linux',
      architecture: 'arm64',
      variant: 'v8',
      config: { Labels: { a: '1', b: 2 } },
      history: [
        { created_by: 'ADD rootfs' },
        { created_by: 'ENV A=b', empty_layer: true },
        { created_by: 'RUN make', comment: 'buildkit', created: '2026-01-01T00:00:00Z' },
      ],
    })
    const config = readImageConfig(text, [layer('one'), layer('two'), layer('three')])
    assert.deepEqual(
      [config.os, config.architecture, config.variant, config.osVersion, config.labels],
      ['linux', 'arm64', 'v8', null, [['a', '1']]],
    )
    assert.deepEqual(
      config.steps.map((step) => [step.createdBy, step.layer?.digest]),
      [
        ['ADD rootfs', 'one'],
        ['ENV A=b', undefined],
        ['RUN make', 'two'],
        [null, 'three'],
      ],
    )
  })

  it('is nothing where it is no such thing', () => {
    for (const text of [
      '',
      'no json',
      '[]',
      '1',
      '{"history":{},"config":[]}',
      '{"config":null}',
    ]) {
      const config = readImageConfig(text, [layer('one')])
      assert.deepEqual(
        [config.os, config.labels, config.steps.length],
        [null, [], 1],
        JSON.stringify(text),
      )
    }
  })
})
