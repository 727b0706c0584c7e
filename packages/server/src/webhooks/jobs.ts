// Sends what waits: a job for each lane of a target takes its deliveries one after the other. It ends after a turn, so that
// a lane with much to send leaves room for others, and is enqueued again in the transaction that wrote its last result.
//
// A crash leaves a delivery as it was before its request, or with its result; and the job, whose lease ends. So whoever
// goes on sends it again, or goes on with the next.

import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Tx } from '../db/database.ts'
import type { OutboundGuard } from '../http/outbound.ts'
import { defineJob, defineReconciler, type JobContext, type JobDefinition } from '../jobs/jobs.ts'
import { type Delivery, findNext, findNextRetryAt, type Lane, recordOutcome } from './deliveries.ts'
import { enqueue, type Naming } from './enqueue.ts'
import { openHeaders, openSecret } from './secrets.ts'
import { scheduleSending, send, sendKind } from './sending.ts'
import { type DeletedRepository, nextPage } from './subscriber.ts'
import { sendForgotten, trimLogs } from './sweep.ts'
import { findSendingTarget, noteFailure, noteSuccess, type SendingTarget } from './targets.ts'
import { expandKind, retryLane } from './webhooks.ts'

/** How long a lane may send before others have their turn. */
const turnMs = 30_000
const sweepEveryMs = 60_000
const trimEveryMs = 60 * 60_000
const sendDeadlineMs = 5 * 60_000

export interface WebhookGround extends Naming {
  readonly clock: Clock
  readonly vault: Vault
  readonly guard: OutboundGuard
  readonly isPaused: () => Promise<boolean>
}

const laneShape = z.object({ target: z.string(), lane: z.number() })
const deletedShape = z.object({
  repositoryId: z.string(),
  atMs: z.number(),
  operator: z.string(),
  after: z.string(),
})

export function webhookJobs(ground: WebhookGround): readonly JobDefinition[] {
  return [
    defineJob({
      kind: sendKind,
      isWaiting: true,
      parse: (payload): Lane => laneShape.parse(payload),
      run: (context) => sendLane(ground, context),
    }),
    defineJob({
      kind: expandKind,
      parse: (payload): DeletedRepository => deletedShape.parse(payload),
      run: (context) => tellOfRest(ground, context),
    }),
    defineReconciler({
      kind: 'webhooks.sweep',
      everyMs: sweepEveryMs,
      deadlineMs: sendDeadlineMs,
      run: (context) => sendForgotten(ground, context),
    }),
    defineReconciler({
      kind: 'webhooks.trim',
      everyMs: trimEveryMs,
      run: (context) => trimLogs(ground, context),
    }),
  ]
}

async function sendLane(ground: WebhookGround, context: JobContext<Lane>): Promise<void> {
  const { clock } = ground
  const { payload: lane, db, signal } = context
  const endMs = clock.monotonicMs() + turnMs
  for (;;) {
    signal.throwIfAborted()
    const target = await findSendingTarget(db.read, lane.target)
    // What waited was stopped when it was switched off.
    if (!target) return
    const now = await clock.deployment(db.read)
    const delivery = await findNext(db.read, lane, now)
    if (!delivery) return endLane(ground, context)
    const isTurnOver = clock.monotonicMs() >= endMs
    if (isTurnOver) return context.write((tx) => scheduleSending(tx, lane, now))
    await sendOne(ground, context, { target, delivery, now })
  }
}

interface Sending {
  readonly target: SendingTarget
  readonly delivery: Delivery
  readonly now: number
}

async function sendOne(
  ground: WebhookGround,
  context: JobContext<Lane>,
  { target, delivery, now }: Sending,
): Promise<void> {
  const destination = {
    address: target.address,
    headers: await openHeaders(ground.vault, target.headers),
    secret: await openSecret(ground.vault, target.secret),
  }
  const sent = {
    deliveryId: delivery.id,
    eventId: delivery.event_id,
    sequence: delivery.sequence,
    eventType: delivery.event_type,
    contentType: delivery.content_type,
    body: delivery.body,
    attempt: delivery.attempts + 1,
    atMs: now,
  }
  const outcome = await send(ground, destination, sent, context.signal)
  const at = await ground.clock.deployment(context.db.read)
  await context.write(async (tx) => {
    const recorded = await recordOutcome(tx, delivery, outcome, at)
    if (outcome.problem === undefined) await noteSuccess(tx, target.id)
    else await noteFailure(tx, target.id, outcome.problem, at)
    if (recorded?.retryAt === undefined) return
    const retries = { target: target.id, lane: retryLane }
    await scheduleSending(tx, retries, at, recorded.retryAt)
  })
}

/** A first attempt that fails right now enqueues the retries itself: it waits for our row, or has seen it. */
async function endLane({ clock }: WebhookGround, context: JobContext<Lane>): Promise<void> {
  const { payload: lane, db } = context
  if (lane.lane !== retryLane) return
  const now = await clock.deployment(db.read)
  await context.write(async (tx) => {
    const next = await findNextRetryAt(tx, lane.target)
    if (next !== undefined) await scheduleSending(tx, lane, now, Math.max(next, now))
  })
}

/** Of a deleted repository with more tags than are told of at once. */
async function tellOfRest(
  ground: WebhookGround,
  context: JobContext<DeletedRepository>,
): Promise<void> {
  let rest: DeletedRepository | undefined = context.payload
  while (rest) {
    context.signal.throwIfAborted()
    const from: DeletedRepository = rest
    const at = await ground.clock.deployment(context.db.read)
    rest = await context.write(async (tx: Tx) => {
      const page = await nextPage(tx, from)
      if (page.happening) await enqueue(tx, [page.happening], at, ground)
      return page.rest
    })
  }
}
