// From the numbers of the API to what a plot draws: a value a day and series, the largest by themselves.

import type { Reply } from '../../api/call.ts'
import type { PlotPoint } from '../../patterns/plot.tsx'

export type Usage = Reply<'DescribeUsage'>['Usage'][number]
export type Metric = Usage['Metric']

/** What the series are of. */
export type Parts = 'whole' | 'instance' | 'namespace'

const dayMs = 86_400_000

/** Days of UTC, the last one is `last`; or the first days of so many months. */
export function daysUntil(last: string, count: number): readonly string[] {
  const end = Date.parse(last)
  return Array.from({ length: count }, (_, index) =>
    new Date(end - (count - 1 - index) * dayMs).toISOString().slice(0, 10),
  )
}

export function monthsOf(days: readonly string[]): readonly string[] {
  return [...new Set(days.map((day) => `${day.slice(0, 7)}-01`))]
}

/** What a row is drawn as; undefined: it isn't drawn. */
export type SeriesOf = (usage: Usage) => string | undefined

/** A day without use has none of it, not a gap. */
export function pointsOf(
  usages: readonly Usage[],
  days: readonly string[],
  seriesOf: SeriesOf,
): readonly PlotPoint[] {
  const byDay = new Map(days.map((day) => [day, new Map<string, number>()]))
  const isMonthly = days.every((day) => day.endsWith('-01')) && days.length > 1
  for (const usage of usages) {
    const id = seriesOf(usage)
    const day = isMonthly ? `${usage.Date.slice(0, 7)}-01` : usage.Date
    const values = byDay.get(day)
    if (id !== undefined && values) values.set(id, (values.get(id) ?? 0) + usage.Value)
  }
  return [...byDay].map(([at, values]) => ({ at, values: Object.fromEntries(values) }))
}

export const otherSeries = ' other'

/** The largest by their sums; what else there is becomes one, `otherSeries`. */
export function largestOf(points: readonly PlotPoint[], most: number): readonly string[] {
  const sums = new Map<string, number>()
  for (const { values } of points) {
    for (const [id, value] of Object.entries(values)) sums.set(id, (sums.get(id) ?? 0) + value)
  }
  const ids = [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([id]) => id)
  return ids.length <= most ? ids : [...ids.slice(0, most - 1), otherSeries]
}

export function foldOthers(
  points: readonly PlotPoint[],
  ids: readonly string[],
): readonly PlotPoint[] {
  if (!ids.includes(otherSeries)) return points
  return points.map(({ at, values }) => {
    const kept = Object.entries(values).filter(([id]) => ids.includes(id))
    const rest = Object.entries(values).filter(([id]) => !ids.includes(id))
    const other = rest.reduce((sum, [, value]) => sum + value, 0)
    return { at, values: { ...Object.fromEntries(kept), [otherSeries]: other } }
  })
}

export function sumOf(points: readonly PlotPoint[]): number {
  return points.reduce((sum, point) => sum + totalOf(point), 0)
}

export function totalOf(point: PlotPoint | undefined): number {
  return Object.values(point?.values ?? {}).reduce((sum, value) => sum + value, 0)
}
