// A job's log, read on from the last line that is here. It follows the end until someone scrolls away from it.

import { useEffect, useRef, useState } from 'react'
import { call, type Reply } from '../../api/call.ts'
import { formatExactTime, readTime } from '../../patterns/format.ts'
import { useWords } from '../../words/use-words.ts'
import './jobs.css'

type Line = Reply<'DescribeJob'>['Log'][number]

const liveMs = 2000
/** What a page holds; the rest is in the saved file of the server's own log. */
const maxLines = 5000
const atOnce = 100

export function useJobLog(id: string, isOver: boolean): readonly Line[] {
  const [lines, setLines] = useState<readonly Line[]>([])
  const last = lines.at(-1)?.Number ?? 0
  useEffect(() => {
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async (): Promise<void> => {
      try {
        const input = { JobId: id, AfterLine: last, MaxLines: atOnce }
        const reply = await call('DescribeJob', input, { signal: stop.signal, isPolling: true })
        if (reply.Log.length > 0) setLines((all) => [...all, ...reply.Log].slice(-maxLines))
        else if (!isOver) timer = setTimeout(() => void ask(), liveMs)
      } catch {
        // The page's own question to the server tells what is wrong; the log just goes on later.
        if (!stop.signal.aborted) timer = setTimeout(() => void ask(), liveMs)
      }
    }
    void ask()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [id, last, isOver])
  return lines
}

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
