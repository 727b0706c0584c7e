// Sizes, times and numbers for people, by locale.

const units = {
  'en-GB': ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'],
  'zh-CN': ['B', 'KB', 'MB', 'GB', 'TB', 'PB'],
} as const
export type Locale = keyof typeof units

const step = 1024

/** Steps of 1024; three digits at most. */
export function formatBytes(bytes: number, locale: Locale): string {
  const names = units[locale]
  let value = bytes
  let unit = 0
  while (Math.abs(value) >= step && unit < names.length - 1) {
    value /= step
    unit += 1
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2
  const shown = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)
  return `${shown} ${names[unit]}`
}

export function formatNumber(value: number, locale: Locale): string {
  return new Intl.NumberFormat(locale).format(value)
}

export function formatPercent(share: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share)
}

const secondMs = 1000
const spans: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400 * secondMs],
  ['hour', 3600 * secondMs],
  ['minute', 60 * secondMs],
]
const relativeUntilMs = 7 * 86_400 * secondMs

/** "2 minutes ago" up to seven days away, then the date. */
export function formatTime(at: Date, now: Date, locale: Locale): string {
  const distance = at.getTime() - now.getTime()
  if (Math.abs(distance) > relativeUntilMs) {
    return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at)
  }
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  for (const [unit, ms] of spans) {
    if (Math.abs(distance) >= ms) return format.format(Math.trunc(distance / ms), unit)
  }
  return format.format(0, 'second')
}

/** To the second, with its zone. */
export function formatExactTime(at: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(at)
}

/**
 * A time of the API. Its groups write ISO 8601, `2020-02-27 01:07:14.503 +0800 CST`, `2020-01-23 17:06:17` and
 * `2020-09-10`, the last three on China's clock (docs/protocol.md). Undefined: there is none, or it is Go's zero.
 */
export function readTime(text: string | number | null | undefined): Date | undefined {
  if (text === null || text === undefined || text === '' || text === 0) return undefined
  if (typeof text === 'number') return new Date(text < maxSeconds ? text * secondMs : text)
  if (text.startsWith('0001-01-01')) return undefined
  const plain = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d(?:\.\d+)?)(?: \+0800 CST)?)?$/.exec(text)
  const at = new Date(plain ? `${plain[1]}T${plain[2] ?? '00:00:00'}+08:00` : text)
  return Number.isNaN(at.getTime()) ? undefined : at
}

/** Seconds until the year 5138; in milliseconds that is 1973. */
const maxSeconds = 1e11

const shownDigestChars = 12

/** `sha256:89a42c3ba15f…` is 89a42c3ba15f. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, shownDigestChars)
}
