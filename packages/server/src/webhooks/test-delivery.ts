// A test: a sample is sent now, outside every transaction, and its result shown; of a saved trigger it is logged.

import { testWebhookTarget } from '@entrepot/contract/entrepot/webhooks.ts'
import type { Selectable } from 'kysely'
import { type ActionGround, change, type Handler } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import { newId } from '../db/ids.ts'
import type { WebhookAttemptsTable } from '../db/schema-webhooks.ts'
import type { Instance } from '../instances/instances.ts'
import { publicDomainOf } from '../instances/wire.ts'
import { getNamed } from './actions.ts'
import { type Delivery, insertAttempt, type Outcome } from './deliveries.ts'
import { bodyOf, contentTypes, type Told } from './payload.ts'
import { openSecret } from './secrets.ts'
import { send } from './sending.ts'
import { checkTarget, openStoredHeaders } from './trigger-input.ts'
import { getTrigger, listTargets } from './triggers.ts'
import { type BodyFormat, laneOf, type WireEvent } from './webhooks.ts'

interface Tested {
  readonly outcome: Outcome
  readonly told: Told
  readonly body: string
  readonly contentType: string
  readonly triggerId: string | undefined
}

export const webhookTestHandlers: readonly Handler[] = [
  change<typeof testWebhookTarget, Tested>(
    testWebhookTarget,
    async ({ tx, at, input, prepared }) => {
      const { outcome, told, body, contentType, triggerId } = prepared
      const number = 1
      if (triggerId !== undefined) {
        const targets = await listTargets(tx, [triggerId])
        const target = targets.find(({ address }) => address === input.Target.Address)
        const { id } = await tx
          .insertInto('webhook_deliveries')
          .values({
            trigger_id: triggerId,
            // A target that is not saved yet has nothing to be sent again to.
            target_id: target?.id ?? '',
            address: input.Target.Address,
            lane: laneOf(told.path),
            event_id: told.eventId,
            sequence: 0,
            event_type: told.event,
            repository: told.path,
            tag: told.resources[0]?.tag ?? '',
            content_type: contentType,
            body,
            is_test: 1,
            state: outcome.problem === undefined ? 'finished' : 'error',
            attempts: number,
            step: 0,
            next_attempt_at: null,
            status: outcome.status,
            duration_ms: outcome.durationMs,
            problem: outcome.problem ?? null,
            created_at: at,
            updated_at: at,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        await insertAttempt(tx, id, { ...outcome, number, byHand: true })
      }
      return {
        Succeeded: outcome.problem === undefined,
        Body: body,
        Attempt: attemptToWire({
          number,
          at: outcome.startedAt,
          duration_ms: outcome.durationMs,
          by_hand: 1,
          status: outcome.status,
          problem: outcome.problem ?? null,
          request_headers: outcome.requestHeaders,
          response_headers: outcome.responseHeaders,
          response_body: outcome.responseBody,
          is_cut: outcome.isCut ? 1 : 0,
        }),
      }
    },
    async ({ ground, instance, input, client, origin }) => {
      const { db, vault, clock, outbound } = ground
      const namespace = await getNamed(db.read, instance.id, input.Namespace)
      const trigger =
        input.Id === undefined ? undefined : await getTrigger(db.read, namespace.id, input.Id)
      const stored = trigger ? await openStoredHeaders(db.read, vault, trigger.id) : new Map()
      const { allowed } = outbound
      const { address, headers } = checkTarget(input.Target, { allowed, stored }, 'Target')
      const format = input.BodyFormat ?? trigger?.body_format ?? 'tcr'
      const atMs = await clock.deployment(db.read)
      const told = sampleOf(input.EventType, {
        ground,
        instance,
        namespace,
        atMs,
        operator: origin.actor,
        clientHost: client.host,
      })
      const body = bodyOf(told, format)
      const contentType = contentTypes[format satisfies BodyFormat]
      const { eventId, sequence, event: eventType } = told
      const sent = {
        deliveryId: 0,
        eventId,
        sequence,
        eventType,
        contentType,
        body,
        attempt: 1,
        atMs,
      }
      const secret = trigger && (await openSecret(vault, trigger.secret))
      const outcome = await send({ clock, guard: outbound }, { address, headers, secret }, sent)
      return { outcome, told, body, contentType, triggerId: trigger?.id }
    },
  ),
]

const sampleDigest = `sha256:${'0'.repeat(64)}`

function sampleOf(
  event: WireEvent,
  of: {
    readonly ground: ActionGround
    readonly instance: Instance
    readonly namespace: { readonly name: string; readonly isPublic: boolean }
    readonly atMs: number
    readonly operator: string
    readonly clientHost: string | undefined
  },
): Told {
  const { ground, instance, namespace, atMs, operator, clientHost } = of
  const { baseDomain } = ground
  return {
    event,
    eventId: newId(),
    sequence: 0,
    atMs,
    operator,
    instanceId: instance.id,
    host: publicDomainOf(instance.name, true, { baseDomain, clientHost }),
    namespace: namespace.name,
    path: `${namespace.name}/test-delivery`,
    isPublic: namespace.isPublic,
    createdAtMs: atMs,
    resources: [{ digest: sampleDigest, tag: 'test' }],
  }
}

export function deliveryToWire(delivery: Delivery) {
  const retryAt = delivery.state === 'pending' ? delivery.next_attempt_at : null
  return {
    Id: delivery.id,
    EventId: delivery.event_id,
    Sequence: delivery.sequence,
    EventType: delivery.event_type as WireEvent,
    Repository: delivery.repository,
    Tag: delivery.tag,
    Address: delivery.address,
    IsTest: delivery.is_test === 1,
    State: delivery.state,
    AttemptCount: delivery.attempts,
    NextAttemptTime: retryAt === null ? null : isoUtc(retryAt),
    HttpStatus: delivery.status,
    DurationMs: delivery.duration_ms,
    Problem: delivery.problem,
    CreationTime: isoUtc(delivery.created_at),
    UpdateTime: isoUtc(delivery.updated_at),
  }
}

export function attemptToWire(attempt: Omit<Selectable<WebhookAttemptsTable>, 'delivery_id'>) {
  return {
    Number: attempt.number,
    Time: isoUtc(attempt.at),
    DurationMs: attempt.duration_ms,
    IsByHand: attempt.by_hand === 1,
    HttpStatus: attempt.status,
    Problem: attempt.problem,
    RequestHeaders: attempt.request_headers,
    ResponseHeaders: attempt.response_headers,
    ResponseBody: attempt.response_body,
    IsResponseCut: attempt.is_cut === 1,
  }
}
