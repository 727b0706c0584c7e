// When something ends, as a date and in days, coloured when that is near.

import { Chip } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import { endOf, expiryTone, isOver } from './expiry.ts'

const dayMs = 86_400_000

export function ExpiryText({ at }: { readonly at: number | null | undefined }) {
  const { t, locale } = useWords()
  const end = endOf(at)
  if (!end) return <>{t('credentials.never')}</>
  const now = Date.now()
  const tone = expiryTone(at, now)
  const days = Math.ceil((end.getTime() - now) / dayMs)
  const left = isOver(at, now)
    ? t('credentials.expired')
    : new Intl.RelativeTimeFormat(locale, { numeric: 'always' }).format(days, 'day')
  return (
    <span className="expiry">
      <time dateTime={end.toISOString()}>{formatDay(end, locale)}</time>
      {tone === 'off' ? <small className="quiet">{left}</small> : <Chip tone={tone}>{left}</Chip>}
    </span>
  )
}

export function formatDay(at: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at)
}
