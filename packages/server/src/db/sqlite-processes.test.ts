// Several processes on one SQLite file: none starves, and killing one loses nothing that was answered.

import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'
import { createTestDatabase } from './test-database.ts'

const writerPath = fileURLToPath(new URL('./test-writer.ts', import.meta.url))

interface Writer {
  readonly process: ChildProcess
  /** Keys of answered writes, in order. */
  readonly answered: string[]
  readonly exited: Promise<unknown>
  worstStallMs: number
}

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function openShared(): Promise<{ db: Database; path: string }> {
  const { address, drop } = await createTestDatabase('sqlite')
  cleanups.push(drop)
  const db = await openDatabase({ ...address, log: silentLog, clock: systemClock() })
  cleanups.push(() => db.close())
  await migrate(db)
  await db.write((tx) =>
    tx
      .insertInto('counters')
      .values({ scope_id: 'writers', metric: 'bytes', value: 0, quota: null })
      .execute(),
  )
  return { db, path: address.sqlitePath ?? '' }
}

async function startWriter(
  path: string,
  name: string,
  end: number,
  mode: 'power' | 'kill' | 'both' = 'power',
): Promise<Writer> {
  const child = fork(writerPath, [path, name, String(end), mode], { silent: true })
  cleanups.push(async () => {
    child.kill('SIGKILL')
  })
  const writer: Writer = {
    process: child,
    answered: [],
    exited: once(child, 'exit'),
    worstStallMs: 0,
  }
  child.stderr?.pipe(process.stderr)
  // Both streams are pipes: `silent`.
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    if (line.startsWith('stall ')) writer.worstStallMs = Number(line.slice('stall '.length))
    else writer.answered.push(line)
    child.emit('answered')
  })
  await once(child, 'message')
  return writer
}

async function answeredAtLeast(writer: Writer, count: number): Promise<void> {
  while (writer.answered.length < count) await once(writer.process, 'answered')
}

async function keptKeys(db: Database): Promise<Set<string>> {
  const rows = await db.read.selectFrom('meta').select('key').execute()
  return new Set(rows.map(({ key }) => key))
}

describe('processes that share a SQLite file', () => {
  it('give each writer its share', async (t) => {
    const total = 2000
    const names = ['a', 'b', 'c', 'd']
    const { db, path } = await openShared()
    const writers = await Promise.all(names.map((name) => startWriter(path, name, total)))
    for (const { process } of writers) process.send('go')
    await Promise.all(writers.map(({ exited }) => exited))

    const shares = await db.read
      .selectFrom('meta')
      .select((eb) => ['value', eb.fn.countAll<number>().as('rows')])
      .groupBy('value')
      .orderBy('value')
      .execute()
    const stalls = writers.map(({ worstStallMs }) => worstStallMs)
    t.diagnostic(`rows: ${shares.map(({ rows }) => rows).join(' ')}`)
    t.diagnostic(`worst stall of each event loop, ms: ${stalls.join(' ')}`)
    assert.equal(
      shares.reduce((sum, { rows }) => sum + rows, 0),
      total,
    )
    for (const { value, rows } of shares) {
      assert.ok(rows >= total / names.length / 4, `${value} wrote ${rows} of ${total}`)
    }
    assert.equal(shares.length, names.length)
  })

  it('survive the kill of one that writes, with all that it was answered', async () => {
    const { db, path } = await openShared()
    const survivor = await startWriter(path, 'survivor', Number.MAX_SAFE_INTEGER)
    survivor.process.send('go')
    for (const [round, count] of [1, 7, 40, 111].entries()) {
      const mode = round % 2 === 0 ? 'kill' : 'both'
      const victim = await startWriter(path, `victim${round}`, Number.MAX_SAFE_INTEGER, mode)
      victim.process.send('go')
      await answeredAtLeast(victim, count)
      victim.process.kill('SIGKILL')
      await victim.exited
      await answeredAtLeast(survivor, survivor.answered.length + 20)

      const kept = await keptKeys(db)
      for (const key of victim.answered) assert.ok(kept.has(key), `${key} is lost`)
    }
    survivor.process.kill('SIGKILL')
    await survivor.exited
    const kept = await keptKeys(db)
    for (const key of survivor.answered) assert.ok(kept.has(key), `${key} is lost`)
    const { rows } = await sql`pragma integrity_check`.execute(db.heavy)
    assert.deepEqual(rows, [{ integrity_check: 'ok' }])
    await db.write((tx) => tx.deleteFrom('meta').execute())
  })

  it('recover the log of one that was killed alone', async () => {
    const { address, drop } = await createTestDatabase('sqlite')
    cleanups.push(drop)
    const open = () => openDatabase({ ...address, log: silentLog, clock: systemClock() })
    const first = await open()
    await migrate(first)
    await first.write((tx) =>
      tx
        .insertInto('counters')
        .values({ scope_id: 'writers', metric: 'bytes', value: 0, quota: null })
        .execute(),
    )
    await first.close()

    const path = address.sqlitePath ?? ''
    const victim = await startWriter(path, 'v', Number.MAX_SAFE_INTEGER, 'both')
    victim.process.send('go')
    await answeredAtLeast(victim, 50)
    victim.process.kill('SIGKILL')
    await victim.exited

    const again = await open()
    cleanups.push(() => again.close())
    const kept = await keptKeys(again)
    for (const key of victim.answered) assert.ok(kept.has(key), `${key} is lost`)
  })
})
