// What a plot shows, and how its series tell themselves apart.

import type { Locale } from './format.ts'

export interface Series {
  readonly id: string
  readonly label: string
}

/** A day, `2026-06-15`, or the first one of a month. */
export interface PlotPoint {
  readonly at: string
  /** By the id of the series. */
  readonly values: Readonly<Record<string, number>>
}

export interface PlotProps {
  /** What is plotted; said to screen readers, too. */
  readonly label: string
  readonly series: readonly Series[]
  /** The oldest first. */
  readonly points: readonly PlotPoint[]
  /** `areas` stand on each other: for parts of a whole. */
  readonly form?: 'lines' | 'areas'
  /** Its axis is divided at powers of two. */
  readonly isBytes?: boolean
  format(value: number): string
}

/** Series tell themselves apart by colour and by stroke. */
export const plotStrokes: readonly (string | undefined)[] = [
  undefined,
  '7 3',
  '2 3',
  '9 3 2 3',
  '4 4',
  '1 4',
]

/** Days are counted in UTC. */
export function formatDay(day: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(day),
  )
}

const wantedTicks = 4

/** 0, 128 KiB, 256 KiB …: numbers that read as sizes. */
export function byteTicks(largest: number): readonly number[] {
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, largest) / wantedTicks)))
  const count = Math.max(1, Math.ceil(largest / step))
  return Array.from({ length: count + 1 }, (_, index) => index * step)
}
