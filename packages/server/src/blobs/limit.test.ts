import assert from 'node:assert/strict'
import test from 'node:test'
import { blobLimitWarning } from './limit.ts'

const gibibyte = 1024 ** 3

test('an operator who allows more than the store holds is told so', () => {
  const store = { kind: 's3', limits: { maxObjectBytes: 128 * gibibyte, maxPutBytes: 1 } } as const
  assert.equal(blobLimitWarning(128 * gibibyte, store), undefined)
  const warning = blobLimitWarning(128 * gibibyte + 1, store) ?? ''
  assert.match(warning, /^ENTREPOT_MAX_BLOB_BYTES .*over 128 GiB.*\b128GiB or less$/)
})
