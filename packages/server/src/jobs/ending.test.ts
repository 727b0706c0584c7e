import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backOffMs, type EndingRow, maxBackOffMs, type Outcome, planEnding } from './ending.ts'

const now = 1_000_000
const failed: Outcome = { kind: 'failed', error: 'no route', backOffMs: 5000 }
const abandoned: Outcome = { kind: 'abandoned' }
const row: EndingRow = {
  attempts: 1,
  max_attempts: 3,
  every_ms: null,
  run_again: 0,
  run_at: 7,
  delay_ms: 0,
  cancel_requested: 0,
  error: null,
}

interface Case {
  readonly name: string
  readonly row: Partial<EndingRow>
  readonly outcome: Outcome
  readonly ending: object
}

const cases: readonly Case[] = [
  {
    name: 'a task that succeeded is over',
    row: { error: 'earlier' },
    outcome: { kind: 'succeeded' },
    ending: { state: 'succeeded', error: null, ended_at: now },
  },
  {
    name: 'enqueued again while it ran: again, with all its attempts, behind its lane',
    row: { run_again: 1 },
    outcome: { kind: 'succeeded' },
    ending: { state: 'waiting', run_at: 7, attempts: 0, run_again: 0, requeued: true },
  },
  {
    name: 'a failure waits for its next attempt',
    row: {},
    outcome: failed,
    ending: {
      state: 'waiting',
      run_at: now + 5000,
      delay_ms: 5000,
      attempts: 1,
      error: 'no route',
    },
  },
  {
    name: 'the last attempt ends it',
    row: { attempts: 3 },
    outcome: failed,
    ending: { state: 'failed', error: 'no route', ended_at: now },
  },
  {
    name: 'the last attempt failed, but it was enqueued again',
    row: { attempts: 3, run_again: 1 },
    outcome: failed,
    ending: { state: 'waiting', attempts: 0 },
  },
  {
    name: 'handed back: the run does not count',
    row: { attempts: 2 },
    outcome: { kind: 'handed-back' },
    ending: { state: 'waiting', run_at: now, attempts: 1 },
  },
  {
    name: 'abandoned: another goes on at once',
    row: {},
    outcome: abandoned,
    ending: { state: 'waiting', run_at: now, attempts: 1 },
  },
  {
    name: 'a job that takes its process down ends by its attempts',
    row: { attempts: 3 },
    outcome: abandoned,
    ending: { state: 'failed', error: 'the process that ran it ended or stood still' },
  },
  ...[failed, abandoned, { kind: 'handed-back' } as const].map((outcome) => ({
    name: `cancelled, whatever else ended it: ${outcome.kind}`,
    row: { cancel_requested: 1 },
    outcome,
    ending: { state: 'cancelled', ended_at: now },
  })),
  {
    name: 'it succeeded before it heard that it was cancelled',
    row: { cancel_requested: 1 },
    outcome: { kind: 'succeeded' },
    ending: { state: 'succeeded' },
  },
  {
    name: 'enqueued after it was cancelled',
    row: { cancel_requested: 1, run_again: 1 },
    outcome: { kind: 'cancelled' },
    ending: { state: 'waiting', attempts: 0 },
  },
  {
    name: 'a reconciler waits for its timer',
    row: { every_ms: 60_000 },
    outcome: { kind: 'succeeded' },
    ending: { state: 'waiting', run_at: now + 60_000, delay_ms: 60_000, attempts: 0 },
  },
  {
    name: 'a reconciler does not retry by itself',
    row: { every_ms: 60_000 },
    outcome: failed,
    ending: { state: 'waiting', run_at: now + 60_000, attempts: 0, error: 'no route' },
  },
  {
    name: 'a nudged reconciler runs again at once',
    row: { every_ms: 60_000, run_again: 1, run_at: 0 },
    outcome: failed,
    ending: { state: 'waiting', run_at: 0, attempts: 0 },
  },
  {
    name: 'an abandoned reconciler goes on at once, however often',
    row: { every_ms: 60_000, attempts: 9 },
    outcome: abandoned,
    ending: { state: 'waiting', run_at: now },
  },
  {
    name: 'a cancelled reconciler waits for its timer',
    row: { every_ms: 60_000, cancel_requested: 1 },
    outcome: failed,
    ending: { state: 'waiting', run_at: now + 60_000 },
  },
]

for (const { name, row: changes, outcome, ending } of cases) {
  test(name, () => {
    assert.partialDeepStrictEqual(planEnding({ ...row, ...changes }, outcome, now), ending)
  })
}

test('back-off doubles from 5 s to 1 h, less at most a half', () => {
  const full = () => 0
  assert.deepEqual(
    [1, 2, 3, 10, 11, 60].map((attempts) => backOffMs(attempts, full)),
    [5000, 10_000, 20_000, 2_560_000, maxBackOffMs, maxBackOffMs],
  )
  assert.ok(backOffMs(1, () => 0.999) >= 2500)
})
