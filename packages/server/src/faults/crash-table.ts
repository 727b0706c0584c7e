// A crash table: a change of several steps runs with its first call to the outside failing, then with its
// second, and so on until it gets through; after each, the reconcilers run and the invariants must hold. A
// call fails before it has an effect or after (its answer is lost), alone or with every later one (the
// process died).

import assert from 'node:assert/strict'
import { type Fault, Faults } from './faults.ts'

export interface CrashOutcome {
  /** The change said that it was done: then it must be. */
  readonly answered: boolean
  readonly fault: Fault
  /** The name of the call that failed; undefined in the last round, where none did. */
  readonly failed: string | undefined
}

export interface CrashTable<World> {
  /** A fresh world whose database and storage call through `faults`; nothing fails yet. */
  open(faults: Faults): Promise<World>
  /** The change. */
  run(world: World): Promise<unknown>
  /** What the program does by itself afterwards: reconcilers, expired leases, sweeps; and a client's repetition. */
  recover(world: World): Promise<void>
  /** Asserts the invariants. */
  check(world: World, outcome: CrashOutcome): Promise<void>
  close?(world: World): Promise<void>
}

/** A change of more calls than this is to be cut into batches. */
const maxCalls = 400

/** The process is gone: nothing of it cleans up. */
export const deaths = [
  { when: 'before', how: 'dies' },
  { when: 'after', how: 'dies' },
] as const

const allKinds = [
  { when: 'before', how: 'fails' },
  { when: 'after', how: 'fails' },
  ...deaths,
] as const

/** Returns the names of the calls that were made to fail. */
export async function crashTable<World>(
  table: CrashTable<World>,
  kinds: readonly Pick<Fault, 'when' | 'how'>[] = allKinds,
): Promise<readonly string[]> {
  const failed: string[] = []
  for (const kind of kinds) {
    for (let call = 1; ; call += 1) {
      assert(call <= maxCalls, `the change makes more than ${maxCalls} calls`)
      const hit = await runRound(table, { ...kind, call })
      if (hit === undefined) break
      failed.push(hit)
    }
  }
  return failed
}

async function runRound<World>(
  table: CrashTable<World>,
  fault: Fault,
): Promise<string | undefined> {
  const faults = new Faults()
  const world = await table.open(faults)
  faults.arm(fault)
  const thrown = await table.run(world).then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  const failed = faults.hit
  faults.disarm()
  try {
    // Where nothing was made to fail, a failure is the change's own.
    if (thrown && failed === undefined) throw thrown.error
    await table.recover(world)
    await table.check(world, { answered: thrown === undefined, fault, failed })
  } catch (error) {
    const calls = faults.calls.join(', ')
    const place = `call ${fault.call} (${failed}) ${fault.how} ${fault.when} its effect`
    throw new Error(`${place}; calls: ${calls}`, { cause: error })
  } finally {
    await table.close?.(world)
  }
  return failed
}
