// `GET /console/api/jobs/<id>/events`: a job as it moves, as an event stream (HTML, "Server-sent events"). An event is
// what DescribeJob answers about the lines after the last one; its id is the number of the last line, so that a browser
// that lost its connection goes on from there. Each event asks anew who stands behind the session and what he may.

import type { ServerResponse } from 'node:http'
import { describeJob } from '@entrepot/contract/entrepot/jobs.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock, Timer } from '../clock.ts'
import type { DispatchGround } from '../cloud-api/dispatch.ts'
import { JobWatch } from '../jobs/watch.ts'
import type { Log } from '../log.ts'
import { callNamed } from './api-endpoint.ts'
import type { ConsoleCall } from './call.ts'
import type { OpenSession } from './sessions.ts'

/** A browser has six connections to a server over HTTP/1.1: some are left for its calls. */
export const maxStreamsPerSession = 3
/** Of one process: each is a connection, and a job in its one query a second. */
export const maxStreams = 500
/** Proxies cut what says nothing for a minute. */
export const heartbeatMs = 15_000
/** How long browsers wait before they connect again. */
const retryMs = 2000
const linesAtOnce = 200

/** What a stream goes on asking with. */
interface Asking {
  readonly call: ConsoleCall
  /** Undefined: the session has ended. */
  readonly renew: () => Promise<OpenSession | undefined>
  readonly jobId: string
  /** Number of the last line that the browser has. */
  readonly after: number
}

export class JobStreams {
  readonly #dispatch: DispatchGround
  readonly #watch: JobWatch
  readonly #streams = new Set<JobStream>()
  #isEnding = false

  constructor(dispatch: DispatchGround) {
    this.#dispatch = dispatch
    this.#watch = new JobWatch(dispatch.ground)
  }

  /** Resolves when the first event is sent. Throws SESSION_ENDED, REQUEST_LIMIT_EXCEEDED, and as DescribeJob does. */
  async open(asking: Asking): Promise<void> {
    const { session } = asking.call.open ?? {}
    if (!session) throw new ApiError('SESSION_ENDED')
    if (this.#isEnding) throw new ApiError('UNAVAILABLE')
    const ofSession = [...this.#streams].filter((one) => one.sessionId === session.id)
    if (ofSession.length >= maxStreamsPerSession || this.#streams.size >= maxStreams) {
      throw tooManyStreams()
    }
    const stream = new JobStream({ dispatch: this.#dispatch, asking, sessionId: session.id })
    this.#streams.add(stream)
    const unwatch = this.#watch.watch(asking.jobId, () => stream.move())
    void stream.ended.then(() => {
      unwatch()
      this.#streams.delete(stream)
    })
    await stream.begin()
  }

  /** The process goes: browsers connect again, to one that stays. */
  async endAll(): Promise<void> {
    this.#isEnding = true
    for (const stream of this.#streams) stream.end()
    await this.#watch.stop()
  }
}

interface StreamParts {
  readonly dispatch: DispatchGround
  readonly asking: Asking
  readonly sessionId: string
}

class JobStream {
  readonly sessionId: string
  readonly ended: Promise<void>
  readonly #dispatch: DispatchGround
  readonly #asking: Asking
  readonly #res: ServerResponse
  readonly #clock: Clock
  readonly #log: Log
  readonly #ending = Promise.withResolvers<void>()
  #isOver = false
  #after: number
  /** The job in the last event. */
  #shown = ''
  #heartbeat: Timer | undefined
  #isTelling = false
  #hasMoved = false

  constructor({ dispatch, asking, sessionId }: StreamParts) {
    this.sessionId = sessionId
    this.ended = this.#ending.promise
    this.#dispatch = dispatch
    this.#asking = asking
    this.#res = asking.call.res
    this.#clock = dispatch.ground.clock
    this.#log = dispatch.ground.log
    this.#after = asking.after
    this.#res.once('close', () => this.end())
  }

  async begin(): Promise<void> {
    this.#isTelling = true
    try {
      const first = await this.#ask(this.#asking.call)
      if (this.#isOver) return
      this.#res.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store, no-transform',
        // nginx would keep events back until its buffer is full.
        'X-Accel-Buffering': 'no',
      })
      this.#res.write(`retry: ${retryMs}\n\n`)
      this.#tell(first)
      this.#hasMoved = !first.LogOver
    } catch (error) {
      this.#finish()
      throw error
    } finally {
      this.#isTelling = false
    }
    this.#setHeartbeat()
    if (this.#hasMoved) this.move()
  }

  /** Looks what there is to tell, once more if it is looking. */
  move(): void {
    this.#hasMoved = true
    if (this.#isTelling || this.#isOver) return
    this.#isTelling = true
    void this.#tellAll().finally(() => {
      this.#isTelling = false
    })
  }

  end(): void {
    if (this.#isOver) return
    this.#finish()
    this.#res.end()
  }

  #finish(): void {
    this.#isOver = true
    this.#heartbeat?.cancel()
    this.#ending.resolve()
  }

  #setHeartbeat(): void {
    this.#heartbeat = this.#clock.setTimer(heartbeatMs, () => {
      // Whoever has taken nothing since the last one is gone.
      if (this.#res.writableNeedDrain) {
        this.#finish()
        this.#res.destroy()
        return
      }
      this.#res.write(':\n\n')
      this.#setHeartbeat()
      // A session that ended, or rights that went, end the stream also where the job stands still.
      this.move()
    })
  }

  async #tellAll(): Promise<void> {
    try {
      while (this.#hasMoved && !this.#isOver && !this.#res.writableNeedDrain) {
        this.#hasMoved = false
        const open = await this.#asking.renew()
        if (!open || open.session.id !== this.sessionId) return this.end()
        const reply = await this.#ask({ ...this.#asking.call, open })
        if (this.#isOver) return
        this.#tell(reply)
        if (!reply.LogOver) this.#hasMoved = true
      }
    } catch (error) {
      if (error instanceof ApiError && error.code === 'REQUEST_LIMIT_EXCEEDED') {
        // The heartbeat asks again.
        return
      }
      if (!(error instanceof ApiError)) this.#log.warn('a job could not be followed', { error })
      // The browser connects again, and is told the reason then.
      this.end()
    }
  }

  async #ask(call: ConsoleCall): Promise<JobReply> {
    const { name: action, version } = describeJob
    const input = { JobId: this.#asking.jobId, AfterLine: this.#after, MaxLines: linesAtOnce }
    const parameters = { kind: 'json', value: input } as const
    const reply = await callNamed(this.#dispatch, call, { action, version, parameters })
    // The handler answers what its declaration says.
    return reply as unknown as JobReply
  }

  #tell(reply: JobReply): void {
    const shown = JSON.stringify(reply.Job)
    if (shown !== this.#shown || reply.Log.length > 0) {
      this.#shown = shown
      this.#after = reply.Log.at(-1)?.Number ?? this.#after
      this.#res.write(`id: ${this.#after}\ndata: ${JSON.stringify(reply)}\n\n`)
    }
    if (!reply.LogOver || reply.Job.EndTime === null) return
    // Nothing follows: the browser need not connect again.
    this.#res.write('event: end\ndata: {}\n\n')
    this.end()
  }
}

interface JobReply {
  readonly Job: { readonly EndTime: string | null }
  readonly Log: readonly { readonly Number: number }[]
  readonly LogOver: boolean
}

function tooManyStreams(): ApiError {
  return new ApiError('REQUEST_LIMIT_EXCEEDED', {
    message: {
      en: `a login follows at most ${maxStreamsPerSession} jobs at once; ask for the job instead`,
      zh: `每个登录最多同时跟踪 ${maxStreamsPerSession} 个任务，请改为查询任务`,
    },
  })
}

const maxLineDigits = 15

/** The last line that a browser has: it says so when it connects again, the page when it opens a stream anew. */
export function lineAfter(lastEventId: string | string[] | undefined, url: string): number {
  const asked = new URL(url, 'http://console').searchParams.get('after')
  const text = typeof lastEventId === 'string' ? lastEventId : asked
  return text !== null && /^\d+$/.test(text) && text.length <= maxLineDigits ? Number(text) : 0
}
