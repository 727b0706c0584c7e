// The numbers of one process at one moment, as plain data that crosses to the primary, and their sum.

/** How the gauges of several processes become one. */
export type Merge = 'sum' | 'max'

interface Described {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
}

export interface ValueSeries {
  readonly labels: readonly string[]
  readonly value: number
}

export interface BucketSeries {
  readonly labels: readonly string[]
  /** How many fell in each bucket alone; the last one has no upper end. */
  readonly counts: readonly number[]
  readonly sum: number
}

export type FamilySnapshot =
  | (Described & { readonly kind: 'counter'; readonly series: readonly ValueSeries[] })
  | (Described & {
      readonly kind: 'gauge'
      readonly merge: Merge
      readonly series: readonly ValueSeries[]
    })
  | (Described & {
      readonly kind: 'histogram'
      readonly bounds: readonly number[]
      readonly series: readonly BucketSeries[]
    })

export type ProcessSnapshot = readonly FamilySnapshot[]

/** All processes as one: each series once, families in the order they were first seen. */
export function mergeSnapshots(snapshots: readonly ProcessSnapshot[]): ProcessSnapshot {
  const families = new Map<string, FamilySnapshot>()
  for (const family of snapshots.flat()) {
    const known = families.get(family.name)
    families.set(family.name, known === undefined ? family : mergeFamilies(known, family))
  }
  return [...families.values()]
}

/** What of a process that ended still counts: a counter that fell would look like a restart of the server. */
export function withoutGauges(snapshot: ProcessSnapshot): ProcessSnapshot {
  return snapshot.filter((family) => family.kind !== 'gauge')
}

function mergeFamilies(a: FamilySnapshot, b: FamilySnapshot): FamilySnapshot {
  if (a.kind === 'histogram' && b.kind === 'histogram') {
    return { ...a, series: mergeSeries(a.series, b.series, addBuckets) }
  }
  if (a.kind === 'counter' && b.kind === 'counter') {
    return { ...a, series: mergeSeries(a.series, b.series, addValues) }
  }
  if (a.kind === 'gauge' && b.kind === 'gauge') {
    const merge = a.merge === 'sum' ? addValues : greaterValue
    return { ...a, series: mergeSeries(a.series, b.series, merge) }
  }
  throw new Error(`${a.name} is a ${a.kind} in one process and a ${b.kind} in another`)
}

function mergeSeries<S extends { readonly labels: readonly string[] }>(
  a: readonly S[],
  b: readonly S[],
  merge: (a: S, b: S) => S,
): readonly S[] {
  const merged = new Map(a.map((series) => [series.labels.join('\0'), series]))
  for (const series of b) {
    const key = series.labels.join('\0')
    const known = merged.get(key)
    merged.set(key, known === undefined ? series : merge(known, series))
  }
  return [...merged.values()]
}

function addValues(a: ValueSeries, b: ValueSeries): ValueSeries {
  return { labels: a.labels, value: a.value + b.value }
}

function greaterValue(a: ValueSeries, b: ValueSeries): ValueSeries {
  return a.value >= b.value ? a : b
}

function addBuckets(a: BucketSeries, b: BucketSeries): BucketSeries {
  return {
    labels: a.labels,
    counts: a.counts.map((count, bucket) => count + (b.counts[bucket] ?? 0)),
    sum: a.sum + b.sum,
  }
}
