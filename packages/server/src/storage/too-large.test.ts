// More parts than a store takes. Each state is one that 10,000 chunks, or gigabytes, would have made; neither
// driver looks at the parts before it refuses.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { fakeClock } from '../clock.ts'
import { chunksOf, patternBytes } from './contract-material.ts'
import { fault } from './driver-contract.ts'
import { openDriver, type StorageSettings } from './open.ts'
import { maxParts } from './s3-upload.ts'

/** Nothing listens there: no request is made. */
const bucket: StorageSettings = {
  kind: 's3',
  bucket: 'bucket',
  prefix: '',
  endpoint: 'http://127.0.0.1:1',
  region: 'us-east-1',
  accessKeyId: 'id',
  secretAccessKey: 'secret',
  pathStyle: true,
}

for (const [kind, parts, sizeBytes] of [
  ['folder', 10_000, 1],
  ['s3', maxParts, 8 * 1024 * 1024],
] as const) {
  test(`an upload of ${parts} parts takes no further one (${kind})`, async (t) => {
    const spoolFolder = mkdtempSync(join(tmpdir(), 'entrepot-too-large-'))
    t.after(() => rmSync(spoolFolder, { recursive: true }))
    const settings = kind === 's3' ? bucket : { kind, path: spoolFolder }
    const driver = await openDriver(settings, { clock: fakeClock(), spoolFolder })
    t.after(() => driver.close())
    const state = { key: 'blobs/aa/one', sizeBytes: 1, parts: Array(parts).fill({}), uploadId: 'u' }
    const body = chunksOf(patternBytes(sizeBytes, 1), 1024 * 1024)
    const options = { fence: 'f', signal: new AbortController().signal }
    await assert.rejects(driver.writePart(state, body, options), fault('too-large'))
  })
}
