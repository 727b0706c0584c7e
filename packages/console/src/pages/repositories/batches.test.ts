import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Outcome, runBatches } from './batches.ts'

async function runOn(items: readonly string[], bad: ReadonlySet<string>) {
  const calls: string[] = []
  const outcomes: Outcome[] = []
  await runBatches({
    items,
    batchSize: 2,
    signal: new AbortController().signal,
    run: async (batch) => {
      calls.push(batch.join('+'))
      if (batch.some((item) => bad.has(item))) throw new Error(`no ${batch.join('+')}`)
    },
    onOutcomes: (more) => outcomes.push(...more),
  })
  return { calls, failed: outcomes.filter((one) => one.error).map((one) => one.item), outcomes }
}

describe('work in batches', () => {
  it('asks once for each batch', async () => {
    const { calls, outcomes, failed } = await runOn(['a', 'b', 'c'], new Set())
    assert.deepEqual(calls, ['a+b', 'c'])
    assert.deepEqual(failed, [])
    assert.equal(outcomes.length, 3)
  })

  it('tries a refused batch one by one', async () => {
    const { calls, failed } = await runOn(['a', 'b', 'c', 'd'], new Set(['b']))
    assert.deepEqual(calls, ['a+b', 'a', 'b', 'c+d'])
    assert.deepEqual(failed, ['b'])
  })

  it('ends when it is told to', async () => {
    const stop = new AbortController()
    const done: string[] = []
    await runBatches({
      items: ['a', 'b', 'c'],
      batchSize: 1,
      signal: stop.signal,
      run: async ([item]) => {
        if (item === 'b') stop.abort()
      },
      onOutcomes: (more) => done.push(...more.map((one) => one.item)),
    })
    assert.deepEqual(done, ['a', 'b'])
  })
})
