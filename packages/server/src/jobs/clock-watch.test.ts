import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../clock.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type Log, silentLog } from '../log.ts'
import { ClockWatch } from './clock-watch.ts'
import { listRests, minRestMs } from './rests.ts'

const graceMs = 24 * 60 * 60_000
const weekMs = 7 * graceMs
const twoMinutesMs = 2 * 60_000

onEachDatabase('clock watch', (open) => {
  async function start() {
    const clock = fakeClock()
    const db = await open({ clock })
    const told: string[] = []
    const log: Log = { ...silentLog, warn: (message) => told.push(message) }
    return { db, clock, told, watch: () => new ClockWatch({ db, clock, log, graceMs }) }
  }

  test('time that passes is no jump, however long', async () => {
    const { clock, told, watch } = await start()
    const running = watch()
    assert.equal(await running.isPaused(), false)
    clock.advance(weekMs)
    assert.equal(await running.isPaused(), false)
    clock.jump(twoMinutesMs)
    assert.equal(await running.isPaused(), false)
    assert.deepEqual(told, [])
  })

  for (const [name, jumpMs] of [
    ['forward', weekMs],
    ['back', -weekMs],
    ['forward by little more than two minutes', twoMinutesMs + 1],
  ] as const) {
    test(`a clock set ${name} pauses for the grace period, on every process`, async () => {
      const { clock, told, watch } = await start()
      const running = watch()
      const other = watch()
      await running.isPaused()
      clock.jump(jumpMs)
      assert.equal(await running.isPaused(), true)
      assert.equal(await other.isPaused(), true)
      assert.deepEqual(told, ['the clock was set: sweeping, retention and expiry pause'])
      clock.advance(graceMs - 1)
      assert.equal(await running.isPaused(), true)
      clock.advance(1)
      assert.equal(await running.isPaused(), false)
    })
  }

  test('a clock set forward and back again pauses from then on, not for a week', async () => {
    const { clock, watch } = await start()
    const running = watch()
    await running.isPaused()
    clock.jump(weekMs)
    await running.isPaused()
    clock.jump(-weekMs)
    assert.equal(await running.isPaused(), true)
    clock.advance(graceMs)
    assert.equal(await running.isPaused(), false)
  })

  test('a start long after the last beat finds a rest, a process beside another does not', async () => {
    const { db, clock, watch } = await start()
    const first = watch()
    await first.isPaused()
    const from = clock.now()
    clock.advance(minRestMs)
    await watch().isPaused()
    assert.deepEqual(await listRests(db.read), [])
    clock.advance(minRestMs + 1)
    await watch().isPaused()
    await watch().isPaused()
    const rest = { from: from + minRestMs, to: clock.now() }
    assert.deepEqual(await listRests(db.read), [rest])
  })

  test('a process whose beats the database has forgotten finds a rest', async () => {
    const { db, clock, watch } = await start()
    const running = watch()
    await running.isPaused()
    const from = clock.now()
    clock.advance(weekMs)
    await running.isPaused()
    assert.deepEqual(await listRests(db.read), [], 'its own pause is none')
    await db.write((tx) => tx.updateTable('clock_state').set({ seen_at: from }).execute())
    await running.isPaused()
    assert.deepEqual(await listRests(db.read), [{ from, to: clock.now() }])
  })

  test('a clock set back while nobody ran is found at the start', async () => {
    const { clock, watch } = await start()
    await watch().isPaused()
    clock.jump(-weekMs)
    assert.equal(await watch().isPaused(), true)
  })
})
