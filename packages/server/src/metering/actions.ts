// The API's action on what is used.

import type { ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import { describeUsage } from '@entrepot/contract/entrepot/metering.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { reachFor } from '../actions/authority.ts'
import { type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { dayMs, parseDay } from './days.ts'
import { countUsage, sumUsage, type UsageFilter, type UsageSum } from './queries.ts'

const maxSpanDays = 400

export const meteringHandlers: readonly Handler[] = [
  read(describeUsage, async (call) => {
    const { ground, actor, input } = call
    checkDays(input)
    const filter: UsageFilter = {
      ownerUin: actor.ownerUin,
      reach: await reachFor(call, describeUsage.permission, 'instance/'),
      instanceIds: input.RegistryIds ?? [],
      namespace: input.NamespaceName,
      firstDay: input.StartDate,
      lastDay: input.EndDate,
      grain: input.Grain,
      level: input.Level,
    }
    const metrics = metricsOf(input)
    const { offset, limit } = pageRange(describeUsage.paging, input)
    // Each sum gives one entry a metric: a page may begin and end within them.
    const first = Math.floor(offset / metrics.length)
    const skipped = offset % metrics.length
    const sums = await sumUsage(ground.db.heavy, filter, {
      offset: first,
      limit: Math.ceil((skipped + limit) / metrics.length),
    })
    const entries = sums.flatMap((sum) => metrics.map((metric) => toWire(sum, metric, input)))
    return {
      Usage: entries.slice(skipped, skipped + limit),
      TotalCount: (await countUsage(ground.db.heavy, filter)) * metrics.length,
    }
  }),
]

type Input = ActionInput<typeof describeUsage>
type WireUsage = ActionReply<typeof describeUsage>['Usage'][number]
type MetricName = WireUsage['Metric']

function checkDays({ StartDate, EndDate }: Input): void {
  const [first, last] = [parseDay(StartDate), parseDay(EndDate)]
  const noDay = { en: 'is no day', zh: '不是有效日期' }
  if (first === undefined) throw invalidValue('StartDate', noDay)
  if (last === undefined) throw invalidValue('EndDate', noDay)
  if (last < first) {
    throw invalidValue('EndDate', {
      en: 'must not lie before StartDate',
      zh: '不能早于 StartDate',
    })
  }
  if (last - first > maxSpanDays * dayMs) {
    throw invalidValue('EndDate', {
      en: `must lie at most ${maxSpanDays} days after StartDate`,
      zh: `与 StartDate 的跨度不能超过 ${maxSpanDays} 天`,
    })
  }
}

const values: Readonly<Record<MetricName, (sum: UsageSum) => number>> = {
  BasicHours: (sum) => sum.basic_hours,
  StandardHours: (sum) => sum.standard_hours,
  PremiumHours: (sum) => sum.premium_hours,
  StoredBytes: (sum) => (sum.stored_samples === 0 ? 0 : sum.stored_bytes / sum.stored_samples),
  PublicBytesOut: (sum) => sum.public_bytes_out,
  PrivateBytesOut: (sum) => sum.private_bytes_out,
  PublicBytesIn: (sum) => sum.public_bytes_in,
  PrivateBytesIn: (sum) => sum.private_bytes_in,
  Requests: (sum) => sum.requests,
  Pulls: (sum) => sum.pulls,
  Pushes: (sum) => sum.pushes,
}

function metricsOf({ Metrics }: Input): readonly MetricName[] {
  const all = Object.keys(values) as MetricName[]
  return Metrics && Metrics.length > 0 ? all.filter((name) => Metrics.includes(name)) : all
}

function toWire(sum: UsageSum, metric: MetricName, input: Input): WireUsage {
  return {
    RegistryId: sum.instance_id,
    NamespaceName: input.NamespaceName ?? (sum.namespace || null),
    Date: firstDayOf(sum.period, input.StartDate),
    Metric: metric,
    Value: values[metric](sum),
  }
}

/** A month may begin before what was asked for. */
function firstDayOf(period: string, startDate: string): string {
  const day = period.length === 'YYYY-MM'.length ? `${period}-01` : period
  return day > startDate ? day : startDate
}
