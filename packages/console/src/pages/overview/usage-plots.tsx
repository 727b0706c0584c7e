// Storage and traffic of instances over days: a line for each of the largest, and what went out by network.

import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useRead, useReads } from '../../api/use-api.ts'
import type { Instance } from '../../frame/use-instance.ts'
import { Panel } from '../../patterns/detail.tsx'
import { formatBytes } from '../../patterns/format.ts'
import { Plot, type PlotPoint, type Series } from '../../patterns/plot.tsx'
import { Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { daysUntil, largestFirst, pageCount } from './usage-figures.ts'
import './overview.css'

type Usage = Reply<'DescribeUsage'>['Usage'][number]

const ranges = [7, 30, 90] as const
const pageEntries = 200
/** Ten instances over ninety days. */
const maxPages = 14
const metrics = ['StoredBytes', 'PublicBytesOut', 'PrivateBytesOut'] as const

interface UsagePlotsProps {
  /** Their names; of others the id is shown. */
  readonly instances: readonly Pick<Instance, 'RegistryId' | 'RegistryName'>[]
  /** Of all that the person may see, not only of these. */
  readonly isAll?: boolean
}

export function UsagePlots({ instances, isAll = false }: UsagePlotsProps) {
  const { t, locale } = useWords()
  const [days, setDays] = useState<number>(ranges[0])
  const dates = daysUntil(new Date(), days)
  const ids = instances.map(({ RegistryId }) => RegistryId)
  const { usage, isLoading } = useUsage(dates, isAll ? undefined : ids)
  const show = (value: number) => formatBytes(value, locale)
  const nameOf = (id: string) =>
    instances.find(({ RegistryId }) => RegistryId === id)?.RegistryName ?? id
  const stored = storageOf(usage, dates, { nameOf, rest: t('overview.otherInstances') })
  return (
    <section aria-label={t('overview.useOverTime')}>
      <label className="plot-range">
        <span className="quiet">{t('overview.range')}</span>
        <select value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {ranges.map((n) => (
            <option key={n} value={n}>
              {t('overview.days', { n })}
            </option>
          ))}
        </select>
      </label>
      <div className="columns">
        <Panel title={t('overview.storage')}>
          {isLoading ? (
            <Skeleton lines={6} />
          ) : (
            <Plot label={t('overview.storage')} form="lines" format={show} {...stored} />
          )}
        </Panel>
        <Panel title={t('overview.traffic')}>
          {isLoading ? (
            <Skeleton lines={6} />
          ) : (
            <Plot
              label={t('overview.traffic')}
              form="areas"
              format={show}
              series={[
                { id: 'PublicBytesOut', label: t('overview.public') },
                { id: 'PrivateBytesOut', label: t('overview.private') },
              ]}
              points={trafficOf(usage, dates)}
            />
          )}
        </Panel>
      </div>
    </section>
  )
}

function useUsage(
  dates: readonly string[],
  ids: readonly string[] | undefined,
): { readonly usage: readonly Usage[]; readonly isLoading: boolean } {
  const input = {
    StartDate: dates[0] ?? '',
    EndDate: dates.at(-1) ?? '',
    Metrics: [...metrics],
    Limit: pageEntries,
    ...(ids !== undefined && { RegistryIds: [...ids] }),
  }
  const first = useRead('DescribeUsage', input, { keepsPrevious: true })
  const more = Math.min(maxPages, pageCount(first.data?.TotalCount ?? 0, pageEntries)) - 1
  const rest = useReads(
    'DescribeUsage',
    Array.from({ length: Math.max(0, more) }, (_, page) => ({
      ...input,
      Offset: (page + 1) * pageEntries,
    })),
  )
  return {
    usage: [...(first.data?.Usage ?? []), ...rest.flatMap(({ data }) => data?.Usage ?? [])],
    isLoading: first.isPending || rest.some(({ isPending }) => isPending),
  }
}

const maxLines = 4
const restId = 'rest'

/** The largest have a line each; all others together one. */
function storageOf(
  usage: readonly Usage[],
  dates: readonly string[],
  words: { nameOf(id: string): string; readonly rest: string },
): { readonly series: readonly Series[]; readonly points: readonly PlotPoint[] } {
  const stored = usage.filter(({ Metric }) => Metric === 'StoredBytes')
  const order = largestFirst(stored)
  const own = order.slice(0, order.length > maxLines + 1 ? maxLines : maxLines + 1)
  const hasRest = own.length < order.length
  const points = dates.map((day) => {
    const values: Record<string, number> = {}
    for (const { RegistryId, Date: date, Value } of stored) {
      if (date !== day) continue
      const id = own.includes(RegistryId) ? RegistryId : restId
      values[id] = (values[id] ?? 0) + Value
    }
    return { at: day, values }
  })
  const series = own.map((id) => ({ id, label: words.nameOf(id) }))
  return { series: hasRest ? [...series, { id: restId, label: words.rest }] : series, points }
}

function trafficOf(usage: readonly Usage[], dates: readonly string[]): readonly PlotPoint[] {
  return dates.map((day) => {
    const values: Record<string, number> = {}
    for (const { Metric, Date: date, Value } of usage) {
      if (date === day && Metric !== 'StoredBytes') values[Metric] = (values[Metric] ?? 0) + Value
    }
    return { at: day, values }
  })
}
