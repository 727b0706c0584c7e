// A job and its log, live: by the server's event stream, and by asking where there is none to be had.

import type { CallError } from '@entrepot/client/errors.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { call, type Reply } from './call.ts'
import { followJob, type StreamState } from './job-events.ts'
import { useRead } from './use-api.ts'

export type Job = Reply<'DescribeJob'>['Job']
export type Line = Reply<'DescribeJob'>['Log'][number]

const pollMs = 2000
/** What a page holds; the rest is in the server's own log. */
const maxLines = 5000
const linesAtOnce = 100

interface FollowedJob {
  readonly job: Job | undefined
  readonly lines: readonly Line[]
  readonly error: CallError | null
  readonly isPending: boolean
  /** The server does not answer just now; what is shown may be old. */
  readonly isLost: boolean
}

export function isOver({ State }: Pick<Job, 'State'>): boolean {
  return State !== 'Waiting' && State !== 'Running'
}

export function useJob(id: string): FollowedJob {
  const client = useQueryClient()
  const [lines, setLines] = useState<readonly Line[]>([])
  const [stream, setStream] = useState<StreamState>('live')
  const isPolled = stream === 'refused'
  const input = { JobId: id, MaxLines: 1 }
  const { data, error, isPending } = useRead('DescribeJob', input, {
    everyMs: (reply) => (isPolled && reply && !isOver(reply.Job) ? pollMs : undefined),
  })
  const isKnown = data !== undefined
  const last = useRef(0)
  last.current = lines.at(-1)?.Number ?? 0
  const add = (more: readonly Line[]) => setLines((all) => joined(all, more))

  // biome-ignore lint/correctness/useExhaustiveDependencies: one stream for each job
  useEffect(() => {
    if (!isKnown) return
    setLines([])
    last.current = 0
    return followJob(id, {
      after: () => last.current,
      onEvent: (event) => {
        client.setQueryData(['api', 'DescribeJob', input], { RequestId: '', ...event })
        add(event.Log)
      },
      onState: setStream,
    })
  }, [id, isKnown])

  const job = data?.Job
  usePolledLog(id, { isPolled, isOver: job !== undefined && isOver(job), last, add })
  return { job, lines, error, isPending, isLost: stream === 'lost' }
}

/** Both ways may bring the same lines. */
function joined(lines: readonly Line[], more: readonly Line[]): readonly Line[] {
  const last = lines.at(-1)?.Number ?? 0
  const fresh = more.filter(({ Number: number }) => number > last)
  return fresh.length === 0 ? lines : [...lines, ...fresh].slice(-maxLines)
}

interface Polled {
  readonly isPolled: boolean
  readonly isOver: boolean
  readonly last: { readonly current: number }
  readonly add: (lines: readonly Line[]) => void
}

function usePolledLog(id: string, { isPolled, isOver: hasEnded, last, add }: Polled): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rest is asked for when it is needed
  useEffect(() => {
    if (!isPolled) return
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async (): Promise<void> => {
      try {
        const input = { JobId: id, AfterLine: last.current, MaxLines: linesAtOnce }
        const reply = await call('DescribeJob', input, { signal: stop.signal, isPolling: true })
        add(reply.Log)
        if (!reply.LogOver) timer = setTimeout(() => void ask())
        else if (!hasEnded) timer = setTimeout(() => void ask(), pollMs)
      } catch {
        // The page's own question to the server tells what is wrong; the log just goes on later.
        if (!stop.signal.aborted) timer = setTimeout(() => void ask(), pollMs)
      }
    }
    void ask()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [id, isPolled, hasEnded])
}
