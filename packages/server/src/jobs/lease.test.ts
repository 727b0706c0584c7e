import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LeaseWatch, type RunningJob } from './lease.ts'

const leaseMs = 1000

function running(renewals: number, token = 'first'): RunningJob {
  return { id: 'job', lease_token: token, lease_renewals: renewals, cancel_requested: 0 }
}

/** What each look at the given times finds to be over. */
function looks(...seen: readonly (readonly [atMs: number, job: RunningJob])[]): readonly number[] {
  const watch = new LeaseWatch(leaseMs)
  return seen.map(([atMs, job]) => watch.look([job], atMs).length)
}

test('a lease that stands still is over after its time', () => {
  const job = running(0)
  assert.deepEqual(
    looks([0, job], [400, job], [800, job], [999, job], [1000, job]),
    [0, 0, 0, 0, 1],
  )
})

test('a renewed lease is not over', () => {
  assert.deepEqual(
    looks([0, running(0)], [400, running(0)], [800, running(1)], [1200, running(1)]),
    [0, 0, 0, 0],
  )
})

test('a new claim of the same job is another lease', () => {
  assert.deepEqual(
    looks(
      [0, running(0)],
      [500, running(0)],
      [900, running(0, 'second')],
      [1100, running(0, 'second')],
    ),
    [0, 0, 0, 0],
  )
})

test('what was seen before a long sleep of the one who looks says nothing', () => {
  const job = running(0)
  assert.deepEqual(looks([0, job], [60_000, job], [60_400, job]), [0, 0, 0])
})

test('a job that ended in between is forgotten', () => {
  const watch = new LeaseWatch(leaseMs)
  watch.look([running(0)], 0)
  watch.look([], 400)
  watch.look([running(0)], 800)
  assert.deepEqual(watch.look([running(0)], 1200), [])
})
