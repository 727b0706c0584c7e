// A job's log. It follows the end until someone scrolls away from it.

import { useEffect, useRef, useState } from 'react'
import type { Line } from '../../api/use-job.ts'
import { formatExactTime, readTime } from '../../patterns/format.ts'
import { useWords } from '../../words/use-words.ts'
import './jobs.css'

const nearEndPx = 24

export function JobLog({ lines }: { readonly lines: readonly Line[] }) {
  const { t, locale } = useWords()
  const frame = useRef<HTMLElement>(null)
  const [follows, setFollows] = useState(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each new line
  useEffect(() => {
    const element = frame.current
    if (follows && element) element.scrollTop = element.scrollHeight
  }, [lines, follows])
  if (lines.length === 0) return <p className="quiet">{t('jobs.emptyLog')}</p>
  return (
    <section
      ref={frame}
      className="job-log"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
      tabIndex={0}
      aria-label={t('jobs.log')}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
        setFollows(scrollHeight - scrollTop - clientHeight < nearEndPx)
      }
    >
      {lines.map(({ Number: number, Time: at, Text }) => (
        <p key={number}>
          <time dateTime={at}>{formatExactTime(readTime(at) ?? new Date(0), locale)}</time> {Text}
        </p>
      ))}
    </section>
  )
}
