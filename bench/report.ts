// Medians of the rounds, their ratios to the best peer, and the goals beside them, as a Markdown table.

import type { Case } from './cases.ts'
import type { Measurement } from './generators.ts'

/** By case and server, one measurement a round. */
export type Results = ReadonlyMap<Case, ReadonlyMap<string, readonly Measurement[]>>

export function report(
  results: Results,
  subject: string,
  peers: readonly string[],
  goals: 'goal' | 'remoteGoal' = 'goal',
): string {
  const names = [subject, ...peers]
  const lines = [
    `| | ${names.map((name) => `${name}: rate; CPU`).join(' | ')} | rate ratio (goal) | CPU ratio (goal) |`,
    `|---|${names.map(() => '---|').join('')}---|---|`,
  ]
  for (const [measured, byServer] of results) {
    const medians = new Map([...byServer].map(([name, rounds]) => [name, medianOf(rounds)]))
    const cells = names.map((name) => cell(measured, medians.get(name)))
    const own = peers.length > 0 ? medians.get(subject) : undefined
    const others = peers.map((peer) => medians.get(peer)).filter((median) => median !== undefined)
    const rate = own && own.rate / Math.max(...others.map((other) => other.rate))
    const cpu = own && own.cpuPerUnit / Math.min(...others.map((other) => other.cpuPerUnit))
    const goal = measured[goals]
    const judged = [
      judge(rate, goal?.rate, (value, goal) => value >= goal, '≥'),
      judge(cpu, goal?.cpu, (value, goal) => value <= goal, '≤'),
    ]
    lines.push(`| ${[measured.name, ...cells, ...judged].join(' | ')} |`)
  }
  return lines.join('\n')
}

function medianOf(rounds: readonly Measurement[]): Measurement {
  return {
    rate: median(rounds.map(({ rate }) => rate)),
    cpuPerUnit: median(rounds.map(({ cpuPerUnit }) => cpuPerUnit)),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}

function cell({ cpuUnit, unit }: Case, median: Measurement | undefined): string {
  if (!median) return '–'
  const cpu = cpuUnit === 'µs' ? median.cpuPerUnit * 1e6 : median.cpuPerUnit
  return `${short(median.rate)} ${unit}/s; ${short(cpu)} ${cpuUnit}/${unit}`
}

function judge(
  value: number | undefined,
  goal: number | undefined,
  reached: (value: number, goal: number) => boolean,
  sign: string,
): string {
  if (value === undefined || !Number.isFinite(value)) return '–'
  if (goal === undefined) return short(value)
  return `${short(value)} (${sign} ${goal}) ${reached(value, goal) ? '✓' : '✗'}`
}

function short(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}
