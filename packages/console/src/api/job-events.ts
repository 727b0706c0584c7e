// A job as it moves, by the server's event stream: what DescribeJob would answer about the lines after the last one. The
// browser connects again by itself after a lost connection, and says which line it had. A tab that nobody sees holds no
// connection.

import { basePath, type Reply } from './call.ts'

export type JobEvent = Omit<Reply<'DescribeJob'>, 'RequestId'>

/**
 * `live`: what moves comes by itself. `lost`: nobody answers, and the browser tries again. `refused`: not by a stream,
 * at least not now (too many, a proxy that can't, a login that ended): ask instead.
 */
export type StreamState = 'live' | 'lost' | 'refused'

interface Follower {
  /** Number of the last line that is here. */
  readonly after: () => number
  readonly onEvent: (event: JobEvent) => void
  readonly onState: (state: StreamState) => void
}

const againMs = 10_000

/** Until the job's end, or until the returned function is called. */
export function followJob(id: string, { after, onEvent, onState }: Follower): () => void {
  let source: EventSource | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let hasEnded = false

  const close = (): void => {
    source?.close()
    source = undefined
    clearTimeout(again)
  }
  const open = (): void => {
    if (source || hasEnded || document.hidden) return
    clearTimeout(again)
    const one = new EventSource(`${basePath}api/jobs/${id}/events?after=${after()}`)
    source = one
    one.addEventListener('open', () => onState('live'))
    one.addEventListener('message', ({ data }) => onEvent(JSON.parse(data)))
    one.addEventListener('end', () => {
      hasEnded = true
      close()
    })
    one.addEventListener('error', () => {
      if (one.readyState === EventSource.CONNECTING) return onState('lost')
      close()
      onState('refused')
      again = setTimeout(open, againMs)
    })
  }
  const look = (): void => (document.hidden ? close() : open())

  open()
  document.addEventListener('visibilitychange', look)
  return () => {
    document.removeEventListener('visibilitychange', look)
    close()
  }
}
