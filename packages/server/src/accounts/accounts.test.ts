import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseUin } from './accounts.ts'

it('parseUin takes what a number can hold exactly, and nothing that only resembles it', () => {
  assert.equal(parseUin('100000000001'), 100000000001)
  assert.equal(parseUin('1'), 1)
  assert.equal(parseUin(String(Number.MAX_SAFE_INTEGER)), Number.MAX_SAFE_INTEGER)
  for (const text of [
    '',
    '0',
    '01',
    '-1',
    '1.0',
    '1e3',
    ' 1',
    '١',
    '9007199254740992',
    '1'.repeat(40),
  ]) {
    assert.equal(parseUin(text), undefined, text)
  }
})
