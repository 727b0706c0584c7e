import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { FreshAnswers, freshMs } from './fresh-answers.ts'

const maxWeight = 64 * 1024

describe('FreshAnswers', () => {
  it('keeps an answer for a second, counted from the question, also that there is none', async () => {
    const clock = fakeClock()
    const answers = new FreshAnswers<string | undefined>(clock, { maxWeight })
    let asked = 0
    const slow = async () => {
      asked += 1
      clock.advance(freshMs / 2)
      return undefined
    }
    assert.equal(await answers.find('a', slow), undefined)
    clock.advance(freshMs / 2 - 1)
    assert.equal(answers.find('a', slow), undefined)
    assert.equal(asked, 1)
    clock.advance(1)
    await answers.find('a', slow)
    assert.equal(asked, 2)
  })

  it('answers at once what is answered at once, and whoever insists asks anew', () => {
    const answers = new FreshAnswers<number>(fakeClock(), { maxWeight })
    let asked = 0
    const count = () => {
      asked += 1
      return asked
    }
    assert.deepEqual([answers.find('a', count), answers.find('a', count)], [1, 1])
    assert.deepEqual([answers.ask('a', count), answers.find('a', count)], [2, 2])
    assert.equal(answers.find('b', count), 3)
  })

  it('asks once for all who wait, and again after a failure', async () => {
    const answers = new FreshAnswers<number>(fakeClock(), { maxWeight })
    const { promise, reject } = Promise.withResolvers<number>()
    const both = [answers.find('a', () => promise), answers.find('a', async () => 2)]
    reject(new Error('gone'))
    for (const one of both) await assert.rejects(async () => one, /gone/)
    assert.equal(await answers.find('a', async () => 3), 3)
  })

  it('gives the same object as long as nothing changed', () => {
    const clock = fakeClock()
    const isSame = (a: { version: number }, b: { version: number }) => a.version === b.version
    const answers = new FreshAnswers(clock, { maxWeight, isSame })
    const first = answers.find('a', () => ({ version: 1 }))
    clock.advance(freshMs)
    assert.equal(
      answers.find('a', () => ({ version: 1 })),
      first,
    )
    clock.advance(freshMs)
    assert.notEqual(
      answers.find('a', () => ({ version: 2 })),
      first,
    )
  })
})
