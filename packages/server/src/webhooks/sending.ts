// One request: to where its target says now, through the guard of outgoing requests, within limits of time and size.

import type { Clock } from '../clock.ts'
import type { Tx } from '../db/database.ts'
import { fetchOutbound, type OutboundGuard, OutboundProblem } from '../http/outbound.ts'
import { schedule } from '../jobs/jobs.ts'
import type { Lane, Outcome } from './deliveries.ts'
import { maskedLines, requestHeaders, type Sent } from './signature.ts'
import { type Header, isSuccess } from './webhooks.ts'

export const sendKind = 'webhooks.send'

const timeoutMs = 10_000
/** Of an answer; the rest is not read. */
export const keptAnswerBytes = 4096
const maxAnswerHeaderChars = 4096

/** One job for a lane, however many wait in it. */
export async function scheduleSending(
  tx: Tx,
  { target, lane }: Lane,
  at: number,
  runAt = at,
): Promise<void> {
  const key = `${sendKind}:${target}:${lane}`
  await schedule(tx, { kind: sendKind, key, payload: { target, lane }, at, runAt })
}

export interface Sender {
  readonly clock: Clock
  readonly guard: OutboundGuard
}

export interface Destination {
  readonly address: string
  readonly headers: readonly Header[]
  /** Undefined: there is none yet. */
  readonly secret: string | undefined
}

/** Throws only the signal's reason. */
export async function send(
  { clock, guard }: Sender,
  { address, headers: own, secret }: Destination,
  sent: Sent,
  signal?: AbortSignal,
): Promise<Outcome> {
  const headers = requestHeaders(sent, own, secret)
  const asked = { startedAt: sent.atMs, requestHeaders: maskedLines(headers, own) }
  const startedMs = clock.monotonicMs()
  const durationMs = () => Math.round(clock.monotonicMs() - startedMs)
  try {
    const answer = await fetchOutbound(
      address,
      {
        method: 'POST',
        headers,
        body: sent.body,
        timeoutMs,
        maxBytes: keptAnswerBytes,
        cutsBody: true,
        // A redirect is the answer: its target is the choice of whoever answers, and our headers are not for it.
        maxRedirects: 0,
        returnsRedirect: true,
        ...(signal && { signal }),
      },
      guard,
    )
    return {
      ...asked,
      durationMs: durationMs(),
      status: answer.status,
      problem: isSuccess(answer.status) ? undefined : problemOf(answer.status),
      responseHeaders: headerLines(answer.headers),
      responseBody: printable(answer.body),
      isCut: answer.isCut,
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof OutboundProblem)) throw error
    const none = { status: null, responseHeaders: null, responseBody: null, isCut: false }
    return { ...asked, ...none, durationMs: durationMs(), problem: reasonOf(error) }
  }
}

function problemOf(status: number): string {
  const isRedirect = status >= 300 && status < 400
  return isRedirect
    ? `answered ${status}: redirects are not followed, give the final address`
    : `answered ${status}`
}

/** Whatever the operating system says beside it (ECONNREFUSED, ENOTFOUND, a wrong certificate). */
function reasonOf(problem: OutboundProblem): string {
  const { cause } = problem
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
  return `${problem.message}${code}`
}

function headerLines(headers: NodeJS.Dict<string | string[]>): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}: ${one}`),
  )
  return clean(lines.join('\n').slice(0, maxAnswerHeaderChars))
}

function printable(body: Uint8Array): string {
  return clean(new TextDecoder().decode(body))
}

/** PostgreSQL's text holds no NUL. */
function clean(text: string): string {
  return text.replaceAll('\0', '\u{fffd}')
}
