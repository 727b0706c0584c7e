// The plots: bytes stored, traffic out and in, requests. In all, their kinds are the series; by instance or namespace
// the largest of these are.

import { Panel } from '../../patterns/detail.tsx'
import { formatBytes, formatNumber } from '../../patterns/format.ts'
import { Plot, type Series } from '../../patterns/plot.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import {
  foldOthers,
  largestOf,
  type Metric,
  monthsOf,
  otherSeries,
  type Parts,
  pointsOf,
  sumOf,
  totalOf,
  type Usage,
} from './usage-sums.ts'

interface UsagePlotsProps {
  readonly usages: readonly Usage[]
  readonly days: readonly string[]
  readonly isMonthly: boolean
  readonly parts: Parts
  /** Of instances, by id. */
  readonly names: ReadonlyMap<string, string>
}

interface Group {
  readonly title: WordKey
  readonly metrics: readonly (readonly [Metric, WordKey])[]
  readonly unit: 'bytes' | 'count'
  /** A level, not an amount: its head shows the last day, not the sum. */
  readonly isLevel?: boolean
}

const groups: readonly Group[] = [
  {
    title: 'usage.stored',
    metrics: [['StoredBytes', 'usage.stored']],
    unit: 'bytes',
    isLevel: true,
  },
  {
    title: 'usage.out',
    metrics: [
      ['PublicBytesOut', 'usage.public'],
      ['PrivateBytesOut', 'usage.private'],
    ],
    unit: 'bytes',
  },
  {
    title: 'usage.in',
    metrics: [
      ['PublicBytesIn', 'usage.public'],
      ['PrivateBytesIn', 'usage.private'],
    ],
    unit: 'bytes',
  },
  {
    title: 'usage.requests',
    metrics: [
      ['Requests', 'usage.requests'],
      ['Pulls', 'usage.pulls'],
      ['Pushes', 'usage.pushes'],
    ],
    unit: 'count',
  },
]

export function UsagePlots(props: UsagePlotsProps) {
  return (
    <div className="columns usage-plots">
      {groups.map((group) => (
        <UsagePlot key={group.title} group={group} {...props} />
      ))}
    </div>
  )
}

const mostSeries = 6

function UsagePlot({ group, ...props }: UsagePlotsProps & { readonly group: Group }) {
  const { t, locale } = useWords()
  const { usages, days, isMonthly, parts, names } = props
  const shownDays = isMonthly ? monthsOf(days) : days
  // Pulls and pushes are requests already: only one of them is added up.
  const counted =
    parts === 'whole' || group.unit === 'bytes' ? group.metrics : group.metrics.slice(0, 1)
  const metrics = new Set(counted.map(([metric]) => metric))
  const all = pointsOf(usages, shownDays, (usage) => {
    if (!metrics.has(usage.Metric)) return undefined
    if (parts === 'whole') return usage.Metric
    if (parts === 'instance') return usage.RegistryId
    // The whole instance has its bytes stored once more.
    if (usage.NamespaceName === null && group.isLevel) return undefined
    return usage.NamespaceName ?? ''
  })
  const ids = parts === 'whole' ? counted.map(([metric]) => metric) : largestOf(all, mostSeries)
  const points = foldOthers(all, ids)
  const words = new Map<string, WordKey>(group.metrics)
  const labelOf = (id: string): string => {
    const word = words.get(id)
    if (word) return t(word)
    if (id === otherSeries) return t('usage.others')
    if (id === '') return t('usage.noNamespace')
    return names.get(id) ?? id
  }
  const series: readonly Series[] = ids.map((id) => ({ id, label: labelOf(id) }))
  const format = (value: number): string =>
    group.unit === 'bytes' ? formatBytes(value, locale) : formatNumber(Math.round(value), locale)
  const isNested = parts === 'whole' && group.unit === 'count'
  const head = group.isLevel
    ? totalOf(points.at(-1))
    : isNested
      ? points.reduce((sum, { values }) => sum + (values.Requests ?? 0), 0)
      : sumOf(points)
  const title = t(group.title)
  return (
    <Panel title={title} actions={<span className="usage-figure">{format(head)}</span>}>
      {series.length === 0 ? (
        <p className="quiet">{t('usage.nothing')}</p>
      ) : (
        <Plot
          label={title}
          series={series}
          points={points}
          isBytes={group.unit === 'bytes'}
          form={isNested ? 'lines' : 'areas'}
          format={format}
        />
      )}
    </Panel>
  )
}
