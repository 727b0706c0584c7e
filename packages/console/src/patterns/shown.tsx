// Small things shown the same way on every page: times, sizes, digests, states, what can be copied.

import { type ReactNode, useEffect, useState } from 'react'
import { CheckIcon, CopyIcon } from 'tdesign-icons-react'
import { useWords } from '../words/use-words.ts'
import { IconButton } from './button.tsx'
import {
  formatBytes,
  formatExactTime,
  formatNumber,
  formatTime,
  readTime,
  shortDigest,
} from './format.ts'

/** Relative, with the exact time when the pointer or the focus rests on it. */
export function Time({
  at,
  none,
}: {
  readonly at: string | number | null | undefined
  readonly none?: ReactNode
}) {
  const { locale } = useWords()
  const time = readTime(at)
  if (!time) return <span className="quiet">{none ?? '–'}</span>
  return (
    <time dateTime={time.toISOString()} title={formatExactTime(time, locale)}>
      {formatTime(time, new Date(), locale)}
    </time>
  )
}

export function Bytes({ value }: { readonly value: number | null | undefined }) {
  const { locale } = useWords()
  if (value === null || value === undefined) return <span className="quiet">–</span>
  return (
    <data value={value} title={`${formatNumber(value, locale)} B`}>
      {formatBytes(value, locale)}
    </data>
  )
}

export function Count({ value }: { readonly value: number | null | undefined }) {
  const { locale } = useWords()
  if (value === null || value === undefined) return <span className="quiet">–</span>
  return <>{formatNumber(value, locale)}</>
}

const copiedMs = 2000

/** Copies `text`; says so, also to a screen reader. `what` names it: "Copy the digest". */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const { t } = useWords()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), copiedMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  return (
    <>
      <IconButton
        className="copy"
        icon={isCopied ? <CheckIcon /> : <CopyIcon />}
        label={t('patterns.copyWhat', { what })}
        onClick={() => void copyText(text).then(() => setCopied(true))}
      />
      <span role="status" className="spoken">
        {isCopied ? t('patterns.copied') : ''}
      </span>
    </>
  )
}

/** The clipboard's API exists only where the page came over TLS or from this machine. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  // Inside an open dialog, because what is outside of it can't be selected.
  const place = document.querySelector('dialog:modal') ?? document.body
  place.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

export function Digest({ value }: { readonly value: string }) {
  const { t } = useWords()
  return (
    <span className="digest">
      <code title={value}>{shortDigest(value)}</code>
      <CopyButton text={value} what={t('patterns.digest')} />
    </span>
  )
}

/** Free text from users: its own direction, and never taken for markup. */
export function FreeText({
  text,
  none,
}: {
  readonly text: string | null | undefined
  readonly none?: ReactNode
}) {
  if (!text) return <span className="quiet">{none ?? '–'}</span>
  return <bdi className="free-text">{text}</bdi>
}

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'off'

/** Never colour alone: a dot and a word. */
export function Status({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={`status status-${tone}`}>
      <span className="dot" aria-hidden="true" />
      {children}
    </span>
  )
}

export function Chip({
  tone = 'off',
  children,
}: {
  readonly tone?: Tone
  readonly children: ReactNode
}) {
  return <span className={`chip chip-${tone}`}>{children}</span>
}

/** A share of a quota: figures and a bar. Without a limit only the figure. */
export function Meter({
  used,
  limit,
  label,
  show = (value) => String(value),
}: {
  readonly used: number
  readonly limit: number | null | undefined
  readonly label: string
  readonly show?: (value: number) => string
}) {
  if (!limit) return <span>{show(used)}</span>
  const share = Math.min(1, used / limit)
  const tone = share >= 0.9 ? 'bad' : share >= 0.7 ? 'warn' : 'good'
  return (
    <span className="meter">
      <progress className={`bar bar-${tone}`} max={1} value={share} aria-label={label} />
      <span>
        {show(used)} / {show(limit)}
      </span>
    </span>
  )
}
