// A process that writes to a SQLite file as fast as it can; started by tests that kill it or race it.
// Once told `go`, it writes one row after another and says the key of each that was answered or refused,
// until the counter reaches its end; then it says how long its event loop was held up at worst. Each write is
// to survive loss of power, each the end of processes only (`kill`), or now one, now the other (`both`).

import { writeSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { ApiError } from '@entrepot/contract/errors.ts'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { Tx } from './database.ts'
import { openDatabase } from './open.ts'

const [sqlitePath = '', name = '', end = '0', mode = 'power'] = process.argv.slice(2)
const db = await openDatabase({ sqlitePath, log: silentLog, clock: systemClock() })
const delay = monitorEventLoopDelay({ resolution: 1 })

function say(line: string): void {
  // Before anything else happens: a killed process has said whatever was answered.
  writeSync(1, `${line}\n`)
}

async function writeOne(key: string, survives: 'power' | 'kill'): Promise<number> {
  const write = async (tx: Tx) => {
    const { value } = await tx
      .updateTable('counters')
      .set((eb) => ({ value: eb('value', '+', 1) }))
      .where('scope_id', '=', 'writers')
      .returning('value')
      .executeTakeFirstOrThrow()
    if (value <= Number(end)) await tx.insertInto('meta').values({ key, value: name }).execute()
    return value
  }
  return db.write(write, { survives })
}

process.once('message', async () => {
  delay.enable()
  for (let i = 0; ; i += 1) {
    const key = `${name}-${i}`
    const survives = mode === 'kill' || (mode === 'both' && i % 2 === 0) ? 'kill' : 'power'
    const outcome = await writeOne(key, survives).catch((error: unknown) => error)
    if (outcome instanceof ApiError) say(`refused ${key} ${outcome.code}`)
    else if (typeof outcome !== 'number') throw outcome
    else if (outcome > Number(end)) break
    else say(key)
  }
  delay.disable()
  say(`stall ${Math.round(delay.max / 1e6)}`)
  await db.close()
  process.disconnect?.()
})
// Whoever started it is gone.
process.once('disconnect', () => process.exit())
process.send?.('ready')
