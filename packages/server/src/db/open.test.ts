import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { StartError } from '../start-error.ts'
import { inspectDurability, networkFileSystem } from './durability.ts'
import { openDatabase } from './open.ts'
import { onEachDatabase } from './test-database.ts'

const ground = { log: silentLog, clock: fakeClock() }
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function isOneLine(pattern: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StartError, String(error))
    assert.match(error.message, pattern)
    assert.ok(!error.message.includes('\n') && !error.message.includes('s3cret'))
    return true
  }
}

describe('openDatabase', () => {
  it('says in one line that a server cannot be reached', async () => {
    // Port 1 is reserved and nobody listens there.
    const url = 'postgres://someone:s3cret@127.0.0.1:1/registry'
    await assert.rejects(
      openDatabase({ ...ground, url }),
      isOneLine(/^the database 127\.0\.0\.1:1\/registry can't be reached: .*ECONNREFUSED/),
    )
  })

  it('says in one line that a file cannot be opened', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'entrepot-open-'))
    cleanups.push(() => rm(folder, { recursive: true }))
    await assert.rejects(
      openDatabase({ ...ground, sqlitePath: join(folder, 'missing', 'entrepot.db') }),
      isOneLine(/missing\/entrepot\.db can't be opened: /),
    )
    const notOne = join(folder, 'not-one.db')
    await writeFile(notOne, 'this is no database, but a text that somebody put here '.repeat(40))
    await chmod(notOne, 0o600)
    await assert.rejects(
      openDatabase({ ...ground, sqlitePath: notOne }),
      isOneLine(/not-one\.db can't be opened: file is not a database/),
    )
  })
})

onEachDatabase('inspectDurability', (open, dialect) => {
  it('finds what loses data', async () => {
    const db = await open()
    const findings = await inspectDurability(db, tmpdir())
    // The PostgreSQL of the tests runs without fsync, for speed.
    const found = findings.map(({ level, message }) => `${level} ${message}`).join('\n')
    if (dialect === 'postgres') assert.match(found, /^error .*fsync=off/m)
    else assert.equal(found, '')
  })
})

describe('networkFileSystem', { skip: process.platform === 'linux' ? false : 'Linux' }, () => {
  const cases: readonly [number, string | undefined][] = [
    [0x6969, 'NFS'],
    [0xff534d42, 'CIFS'],
    [0xff534d42 | 0, 'CIFS'],
    [0xef53, undefined],
    [0x01021994, undefined],
  ]
  for (const [type, expected] of cases) {
    it(`${type.toString(16)} → ${expected}`, () => assert.equal(networkFileSystem(type), expected))
  }
})
