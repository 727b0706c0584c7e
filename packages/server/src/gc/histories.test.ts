// Every short history of the steps in `test-histories.ts`: nothing that somebody counts on is ever taken. The check
// itself is checked by sweeps that leave something out.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { explore, type Mutate } from './test-histories.ts'

/** ENTREPOT_TEST_HISTORY_STEPS goes further: each step more takes two or three times as long. */
const length = Number(process.env.ENTREPOT_TEST_HISTORY_STEPS ?? 7)

const sweep = ['sweep looks', 'sweep acts'] as const
const sighted = ['push', 'the grace period', ...sweep, 'the grace period'] as const
const unlinked = [...sighted, ...sweep, 'the grace period'] as const

describe('histories of clients and sweeps', () => {
  for (const [where, begin, shorter] of [
    ['of nothing', [], 0],
    ['of a blob that the next sweep takes from its repository', sighted, 1],
    ['of a blob that the next sweep takes whole', unlinked, 1],
  ] as const) {
    it(`${where} take nothing that somebody counts on`, async (t) => {
      const { states, histories, counterexample } = await explore(length - shorter, { begin })
      assert.equal(counterexample, undefined, JSON.stringify(counterexample))
      t.diagnostic(`${histories} histories of up to ${length - shorter} steps, ${states} states`)
      assert.ok(histories > 10_000n)
    })
  }

  async function findProblem(begin: readonly string[], mutate: Mutate): Promise<string> {
    const { counterexample } = await explore(length, { begin, mutate })
    return `${counterexample?.history.join(', ')}: ${counterexample?.problem}`
  }

  it('would show a sweep that does not look at claims', async (t) => {
    const ignoreClaims: Mutate = (row) => ('claimed_at' in row ? { ...row, claimed_at: 0 } : row)
    const found = await findProblem(sighted, ignoreClaims)
    t.diagnostic(found)
    assert.match(found, /^sweep looks, .*sweep acts: somebody was told/)
  })

  it('would show a sweep that does not look again whether a manifest names the blob', async (t) => {
    const ignoreNames: Mutate = (row) => ('is_named' in row ? { ...row, is_named: 0 } : row)
    const found = await findProblem(sighted, ignoreNames)
    t.diagnostic(found)
    assert.match(found, /^sweep looks, .*put.*sweep acts: an image, kept or in the bin, lost/)
  })
})
