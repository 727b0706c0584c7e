// The numbers of one process. Counting is on the path of every request, so a series is found once and kept
// by who counts: `add` and `observe` are then a few additions, with no lookup and no allocation.

import type { FamilySnapshot, Merge, ProcessSnapshot } from './snapshot.ts'

export interface Counter {
  add(amount: number): void
}

export interface Histogram {
  observe(value: number): void
}

interface Family<S> {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  readonly series: Map<string, S>
}

interface CounterSeries extends Counter {
  readonly labels: readonly string[]
  value: number
}

interface HistogramSeries extends Histogram {
  readonly labels: readonly string[]
  readonly counts: number[]
  sum: number
}

interface HistogramFamily extends Family<HistogramSeries> {
  readonly bounds: readonly number[]
}

export interface GaugeValue {
  readonly labels: readonly string[]
  readonly value: number
}

interface GaugeFamily {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  readonly merge: Merge
  read(): readonly GaugeValue[]
}

// A label made from what a client sends would fill the memory; this says so before it does.
const maxSeriesPerFamily = 5000

export class Metrics {
  readonly #counters: Family<CounterSeries>[] = []
  readonly #histograms: HistogramFamily[] = []
  readonly #gauges: GaugeFamily[] = []
  readonly #updates: (() => void)[] = []

  /** Gives the counter of these label values; keep it rather than asking again. */
  counter(name: string, help: string, labels: readonly string[]) {
    const family: Family<CounterSeries> = { name, help, labels, series: new Map() }
    this.#counters.push(family)
    return (...values: readonly string[]): Counter =>
      seriesOf(family, values, () => {
        const series: CounterSeries = {
          labels: values,
          value: 0,
          add(amount) {
            series.value += amount
          },
        }
        return series
      })
  }

  /** As `counter`; `bounds` are the upper ends of the buckets, ascending, without infinity. */
  histogram(name: string, help: string, labels: readonly string[], bounds: readonly number[]) {
    const family: HistogramFamily = { name, help, labels, bounds, series: new Map() }
    this.#histograms.push(family)
    return (...values: readonly string[]): Histogram =>
      seriesOf(family, values, () => {
        const counts = new Array<number>(bounds.length + 1).fill(0)
        const series: HistogramSeries = {
          labels: values,
          counts,
          sum: 0,
          observe(value) {
            let bucket = 0
            while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket++
            counts[bucket] = (counts[bucket] ?? 0) + 1
            series.sum += value
          },
        }
        return series
      })
  }

  /** Read when somebody asks. */
  gauge(family: GaugeFamily): void {
    this.#gauges.push(family)
  }

  /** For counts that are kept elsewhere until somebody asks. */
  beforeSnapshot(update: () => void): void {
    this.#updates.push(update)
  }

  snapshot(): ProcessSnapshot {
    for (const update of this.#updates) update()
    return [
      ...this.#counters.map(
        (family): FamilySnapshot => ({
          kind: 'counter',
          ...described(family),
          series: [...family.series.values()].map(({ labels, value }) => ({ labels, value })),
        }),
      ),
      ...this.#histograms.map(
        (family): FamilySnapshot => ({
          kind: 'histogram',
          ...described(family),
          bounds: family.bounds,
          series: [...family.series.values()].map(({ labels, counts, sum }) => ({
            labels,
            counts: [...counts],
            sum,
          })),
        }),
      ),
      ...this.#gauges.map(
        (family): FamilySnapshot => ({
          kind: 'gauge',
          ...described(family),
          merge: family.merge,
          series: family.read(),
        }),
      ),
    ]
  }
}

function described({ name, help, labels }: Pick<GaugeFamily, 'name' | 'help' | 'labels'>) {
  return { name, help, labels }
}

function seriesOf<S>(family: Family<S>, values: readonly string[], make: () => S): S {
  if (values.length !== family.labels.length) {
    throw new Error(`${family.name} has ${family.labels.length} labels, not ${values.length}`)
  }
  const key = values.join('\0')
  const known = family.series.get(key)
  if (known !== undefined) return known
  if (family.series.size >= maxSeriesPerFamily) {
    throw new Error(`${family.name} has over ${maxSeriesPerFamily} series`)
  }
  const made = make()
  family.series.set(key, made)
  return made
}
