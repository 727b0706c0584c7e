import assert from 'node:assert/strict'
import { it } from 'node:test'
import { deletedRows, keptRows, parseDeletion } from './deletion-log.ts'

it('a deletion’s job says how far it is, and what stays', () => {
  assert.deepEqual(parseDeletion(null), { done: 0, failed: 0 })
  const progress = parseDeletion('{"done":5,"total":9,"failed":2}')
  assert.equal(deletedRows(progress), 3)
  const lines = ['a: deleted', 'team/b: not deleted: TAG_IMMUTABLE: a rule: keeps it', 'odd']
  assert.deepEqual(keptRows(lines), [{ row: 'team/b', reason: 'TAG_IMMUTABLE: a rule: keeps it' }])
})
