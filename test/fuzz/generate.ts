// Inputs for parsers: honest examples, bent a little or a lot, from one seed. The same seed gives the same
// inputs everywhere, and a failure names the seed and the input.

import assert from 'node:assert/strict'
import { it } from 'node:test'

/** `ENTREPOT_TEST_FUZZ_SEED` tries others; a failure that it finds belongs into a table of cases. */
export const seed = Number(process.env.ENTREPOT_TEST_FUZZ_SEED ?? 20_261_121)
export const runs = Number(process.env.ENTREPOT_TEST_FUZZ_RUNS ?? 2_000)

export interface Random {
  /** From 0 to `below`, without it. */
  whole(below: number): number
  pick<T>(items: readonly [T, ...T[]]): T
  bytes(length: number): Buffer
}

/** mulberry32: small, and good enough to bend text. */
export function randomFrom(start: number): Random {
  let state = start >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const whole = (below: number) => next() % Math.max(below, 1)
  return {
    whole,
    pick: (items) => items[whole(items.length)] ?? items[0],
    bytes: (length) => Buffer.from(Array.from({ length }, () => whole(256))),
  }
}

const oddities = [
  '\0',
  '\n',
  '\r\n',
  ' ',
  '%',
  '%2f',
  '..',
  'ü',
  '\ud800',
  '\u202e',
  '💥',
  '"',
] as const
const marks = [
  '/',
  ':',
  '-',
  '_',
  '.',
  ',',
  ';',
  '=',
  '*',
  '+',
  '@',
  '[',
  ']',
  '0',
  '9',
  'a',
  'Z',
] as const
const lengths = [1, 2, 3, 30, 64, 255, 256, 1024] as const

/** One of the examples after some random changes; sometimes without any. */
export function bend(random: Random, examples: readonly [string, ...string[]]): string {
  let text = random.pick(examples)
  for (let left = random.whole(5); left > 0; left -= 1) text = change(random, text, examples)
  return text
}

function change(random: Random, text: string, examples: readonly [string, ...string[]]): string {
  const at = random.whole(text.length + 1)
  const [head, tail] = [text.slice(0, at), text.slice(at)]
  switch (random.whole(7)) {
    case 0:
      return head + tail.slice(random.whole(8))
    case 1:
      return head + random.pick(oddities) + tail
    case 2:
      return head + random.pick(marks) + tail.slice(1)
    case 3:
      return head + random.pick(marks).repeat(random.pick(lengths)) + tail
    case 4:
      return head + tail.slice(0, random.whole(40)).repeat(random.whole(4)) + tail
    case 5:
      return head + random.pick(examples)
    default:
      return text + random.pick(marks) + random.pick(examples)
  }
}

/** Runs `check` on bent examples; a failure tells what to repeat. */
export function fuzzText(
  what: string,
  examples: readonly [string, ...string[]],
  check: (text: string, random: Random) => void,
): void {
  it(`${what} (seed ${seed}, ${runs} inputs)`, () => {
    const random = randomFrom(seed)
    for (let run = 0; run < runs; run += 1) {
      const text = bend(random, examples)
      try {
        check(text, random)
      } catch (error) {
        const shown = JSON.stringify(text.slice(0, 2_000))
        throw new Error(`seed ${seed}, input ${run}: ${shown}`, { cause: error })
      }
    }
  })
}

/** As long as Node lets headers be. */
const longChars = 64 * 1024
/** A pass over 64 Ki characters takes a millisecond or two; a square of them takes many seconds. */
const maxCpuMs = 1_000

/** Long runs of each piece, with each beginning and end: what makes a careless pattern try everything. */
export function fuzzLength(
  what: string,
  pieces: readonly string[],
  parse: (text: string) => unknown,
): void {
  it(`${what} takes time in proportion to its input`, () => {
    const ends = ['', '!', '\0', '/', '"', ...pieces]
    for (const piece of pieces) {
      const long = piece.repeat(Math.ceil(longChars / piece.length))
      for (const end of ends) {
        for (const text of [long + end, end + long + end]) {
          const before = process.cpuUsage()
          outcome(() => parse(text))
          const used = process.cpuUsage(before)
          const cpuMs = (used.user + used.system) / 1_000
          assert.ok(cpuMs < maxCpuMs, `${cpuMs} ms for ${JSON.stringify(piece)} … ${end}`)
        }
      }
    }
  })
}

export type Outcome<T> = { readonly value: T } | { readonly error: unknown }

export function outcome<T>(work: () => T): Outcome<T> {
  try {
    return { value: work() }
  } catch (error) {
    return { error }
  }
}

/** The value, or undefined after an error of the kind that is expected. Any other error goes on. */
export function valueOr<T>(work: () => T, isExpected: (error: unknown) => boolean): T | undefined {
  const result = outcome(work)
  if ('value' in result) return result.value
  if (isExpected(result.error)) return undefined
  throw result.error
}
