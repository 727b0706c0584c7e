// The operating system refuses what SQLite asks of it: the transaction fails, is never said to be kept,
// and the next one works. `strace` stands between the writer's main thread and the kernel.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'
import { createTestDatabase } from './test-database.ts'

const writerPath = fileURLToPath(new URL('./test-writer.ts', import.meta.url))
const hasStrace = spawnSync('strace', ['-V']).status === 0
const writes = 30

interface Fault {
  readonly call: string
  readonly errno: string
  /** Which calls fail, of the writer's own; the first ones open the file. */
  readonly when: string
  readonly code: string
  /** What the writes are to survive. */
  readonly mode: 'power' | 'both'
}

const faults: readonly Fault[] = [
  { call: 'fsync,fdatasync', errno: 'EIO', when: '6..9', code: 'UNAVAILABLE', mode: 'power' },
  { call: 'fsync,fdatasync', errno: 'EIO', when: '6..9', code: 'UNAVAILABLE', mode: 'both' },
  { call: 'pwrite64', errno: 'ENOSPC', when: '20..29', code: 'STORAGE_FULL', mode: 'both' },
  { call: 'pwrite64', errno: 'EIO', when: '20..29', code: 'UNAVAILABLE', mode: 'both' },
]

const cleanups: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function startFaulty(path: string, { call, errno, when, mode }: Fault): ChildProcess {
  const inject = `inject=${call}:error=${errno}:when=${when}`
  const writer = [process.execPath, writerPath, path, 'w', String(writes), mode]
  const child = spawn('strace', ['-o', '/dev/null', '-e', inject, ...writer], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  cleanups.push(() => {
    child.kill('SIGKILL')
  })
  return child
}

async function runFaulty(path: string, fault: Fault) {
  const child = startFaulty(path, fault)
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  await once(child, 'message')
  child.send('go')
  await once(child, 'close')
  const lines = output.trim().split('\n')
  const refused = lines.filter((line) => line.startsWith('refused '))
  return {
    answered: lines.filter((line) => line.startsWith('w-')),
    refused: refused.map((line) => line.split(' ')),
  }
}

describe('a system call that fails', { skip: hasStrace ? false : 'there is no strace' }, () => {
  for (const fault of faults) {
    it(`${fault.call} with ${fault.errno} is ${fault.code}, writes for ${fault.mode}`, async () => {
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
      const { answered, refused } = await runFaulty(address.sqlitePath ?? '', fault)

      const rows = await db.read.selectFrom('meta').select('key').execute()
      const kept = new Set(rows.map(({ key }) => key))
      assert.equal(answered.length, writes)
      for (const key of answered) assert.ok(kept.has(key), `${key} is lost`)
      assert.ok(refused.length > 0, 'nothing failed')
      for (const [, key = '', code] of refused) {
        assert.equal(code, fault.code)
        assert.ok(!kept.has(key), `${key} was refused and is there`)
      }
    })
  }
})
