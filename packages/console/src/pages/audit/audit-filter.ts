// What is looked for in the audit log. It stands in the address, so that a link shows the same events.

import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Request } from '../../api/call.ts'

type Search = Request<'LookUpEvents'>
type Attribute = NonNullable<Search['LookupAttributes']>[number]

export const ranges = ['hour', 'day', 'week', 'month', 'own'] as const
export type Range = (typeof ranges)[number]

/** The API answers for less than 30 days at a time. */
const maxDays = 30
const daySeconds = 86_400
const rangeSeconds: Readonly<Record<Exclude<Range, 'own'>, number>> = {
  hour: 3600,
  day: daySeconds,
  week: 7 * daySeconds,
  month: (maxDays - 1) * daySeconds,
}

export interface AuditFilter {
  readonly range: Range
  /** Of a range of one's own: `2026-06-15T10:00`, by the clock of this browser. */
  readonly from: string
  readonly to: string
  readonly actor: string
  readonly action: string
  readonly resource: string
  readonly instance: string
  readonly address: string
  readonly result: string
  readonly kind: string
  readonly type: string
  readonly credential: string
  readonly request: string
  readonly tag: string
  readonly sensitive: string
}

const keys: Readonly<Partial<Record<keyof AuditFilter, Attribute['AttributeKey']>>> = {
  actor: 'PrincipalId',
  action: 'EventName',
  resource: 'ResourceName',
  instance: 'ResourceId',
  address: 'SourceIPAddress',
  result: 'ApiErrorCode',
  kind: 'ActionType',
  type: 'ResourceType',
  credential: 'AccessKeyId',
  request: 'RequestId',
  tag: 'Tags',
  sensitive: 'SensitiveAction',
}

export const noFilter: AuditFilter = {
  range: 'day',
  from: '',
  to: '',
  ...{ actor: '', action: '', resource: '', instance: '', address: '', result: '' },
  ...{ kind: '', type: '', credential: '', request: '', tag: '', sensitive: '' },
}

/** Behind "more": it is opened where one of them is set. */
export const rareFields = ['kind', 'type', 'credential', 'request', 'tag', 'sensitive'] as const

export function useAuditFilter() {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const textOf = (name: string): string => {
    const value = search[`filter.${name}`]
    return typeof value === 'string' ? value : ''
  }
  const names = Object.keys(noFilter) as readonly (keyof AuditFilter)[]
  const read = Object.fromEntries(names.map((name) => [name, textOf(name)])) as unknown
  const filter = read as AuditFilter
  const range = ranges.find((one) => one === filter.range) ?? noFilter.range
  return {
    filter: { ...filter, range },
    apply(next: AuditFilter): void {
      const kept = names
        .filter((name) => next[name] !== '' && (name !== 'range' || next.range !== noFilter.range))
        .map((name) => [`filter.${name}`, next[name]] as const)
      void navigate({ to: '.', search: () => Object.fromEntries(kept), resetScroll: false })
    },
  }
}

export interface Span {
  readonly StartTime: number
  readonly EndTime: number
}

const minuteSeconds = 60

/** Until the end of the minute: coming back to the page within it shows what was there. */
export function spanOf({ range, from, to }: AuditFilter, nowMs: number): Span {
  const now = Math.ceil(nowMs / 1000 / minuteSeconds) * minuteSeconds
  if (range !== 'own') return { StartTime: now - rangeSeconds[range], EndTime: now }
  const [start, end] = [secondsOf(from), secondsOf(to)]
  return { StartTime: start ?? (end ?? now) - daySeconds, EndTime: end ?? now }
}

function secondsOf(text: string): number | undefined {
  const ms = text === '' ? Number.NaN : Date.parse(text)
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000)
}

export type SpanFault = 'order' | 'tooLong'

export function faultOf({ StartTime, EndTime }: Span): SpanFault | undefined {
  if (EndTime < StartTime) return 'order'
  return EndTime - StartTime >= maxDays * daySeconds ? 'tooLong' : undefined
}

export function attributesOf(filter: AuditFilter): readonly Attribute[] {
  return (Object.keys(keys) as (keyof AuditFilter)[]).flatMap((name) => {
    const key = keys[name]
    const value = filter[name].trim()
    return key === undefined || value === '' ? [] : [{ AttributeKey: key, AttributeValue: value }]
  })
}
