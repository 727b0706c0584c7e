import assert from 'node:assert/strict'
import { it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { PageMarks } from './page-marks.ts'

it('marks lead to the nearest page before', () => {
  const marks = new PageMarks<string>(fakeClock())
  assert.equal(marks.find('a', 100), undefined)
  marks.put('a', 100, 'k100')
  marks.put('a', 200, 'k200')
  assert.equal(marks.find('a', 99), undefined)
  assert.deepEqual(marks.find('a', 199)?.key, 'k100')
  assert.deepEqual(marks.find('a', 250)?.key, 'k200')
  assert.equal(marks.find('b', 250), undefined)
  marks.put('a', 200, 'later')
  assert.deepEqual(marks.find('a', 250)?.key, 'later')
})

it('marks are forgotten when they are old, and when there are many', () => {
  const clock = fakeClock()
  const marks = new PageMarks<number>(clock)
  marks.put('a', 10, 1)
  clock.advance(60_001)
  assert.equal(marks.find('a', 10), undefined)
  for (let offset = 1; offset <= 1500; offset += 1) marks.put('a', offset, offset)
  assert.equal(marks.find('a', 400), undefined)
  assert.equal(marks.find('a', 2000)?.key, 1500)
  for (let list = 0; list < 600; list += 1) marks.put(`l${list}`, 1, list)
  assert.equal(marks.find('a', 2000), undefined)
})
