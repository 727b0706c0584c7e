import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatBytes, formatTime, readTime, shortDigest } from './format.ts'

describe('sizes', () => {
  const cases: readonly [bytes: number, english: string, chinese: string][] = [
    [0, '0 B', '0 B'],
    [1023, '1,023 B', '1,023 B'],
    [1024, '1 KiB', '1 KB'],
    [70_254_592, '67 MiB', '67 MB'],
    [1.8 * 1024 ** 4, '1.8 TiB', '1.8 TB'],
    [2 ** 53 - 1, '8 PiB', '8 PB'],
  ]
  for (const [bytes, english, chinese] of cases) {
    it(`${bytes} is ${english}`, () => {
      assert.equal(formatBytes(bytes, 'en-GB'), english)
      assert.equal(formatBytes(bytes, 'zh-CN'), chinese)
    })
  }
})

describe('times of the API', () => {
  const same = [
    '2026-11-21T02:00:00Z',
    '2026-11-21T10:00:00+08:00',
    '2026-11-21 10:00:00',
    '2026-11-21 10:00:00 +0800 CST',
    1_795_226_400_000,
    1_795_226_400,
  ]
  for (const text of same) {
    it(`${text} is one moment`, () => {
      assert.equal(readTime(text)?.toISOString(), '2026-11-21T02:00:00.000Z')
    })
  }
  for (const none of ['', null, undefined, 0, '0001-01-01T00:00:00Z', 'never']) {
    it(`${JSON.stringify(none)} is none`, () => assert.equal(readTime(none), undefined))
  }
})

describe('times for people', () => {
  const now = new Date('2026-11-21T12:00:00Z')
  const cases: readonly [at: string, english: string, chinese: string][] = [
    ['2026-11-21T11:58:00Z', '2 minutes ago', '2分钟前'],
    ['2026-11-18T11:00:00Z', '3 days ago', '3天前'],
    ['2026-11-23T13:00:00Z', 'in 2 days', '后天'],
    ['2026-01-02T00:00:00Z', '2 Jan 2026', '2026年1月2日'],
  ]
  for (const [at, english, chinese] of cases) {
    it(`${at} is ${english}`, () => {
      assert.equal(formatTime(new Date(at), now, 'en-GB'), english)
      assert.equal(formatTime(new Date(at), now, 'zh-CN'), chinese)
    })
  }
})

it('a digest is shown by its first twelve characters', () => {
  assert.equal(shortDigest(`sha256:89a42c3ba15f${'0'.repeat(52)}`), '89a42c3ba15f')
})
