// Our own actions on triggers: how they do, the log with what came back, tests, sending again, the secret.

import {
  describeWebhookConditionMatch,
  describeWebhookDeliveries,
  describeWebhookDelivery,
  describeWebhookTriggerDetails,
  modifyWebhookTriggerOptions,
  redeliverWebhook,
  rotateWebhookSecret,
  switchOnWebhookTarget,
} from '@entrepot/contract/entrepot/webhooks.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { patternsOf } from '@entrepot/contract/trigger-condition.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import type { Vault } from '../crypto/vault.ts'
import { getNamed } from './actions.ts'
import { compileCondition } from './condition.ts'
import type { Delivery } from './deliveries.ts'
import {
  countWaitingOf,
  findLastDeliveries,
  getDelivery,
  listAttempts,
  listDeliveries,
  redeliver,
} from './log.ts'
import { openHeaders, sealNewSecret } from './secrets.ts'
import { switchedOn, type Target } from './targets.ts'
import { attemptToWire, deliveryToWire } from './test-delivery.ts'
import {
  getTrigger,
  type ListedTrigger,
  listTargets,
  listTriggers,
  setBodyFormat,
  setSecret,
} from './triggers.ts'
import type { WireEvent } from './webhooks.ts'

export const ownWebhookHandlers: readonly Handler[] = [
  read(describeWebhookTriggerDetails, async ({ db, ground, instance, input }) => {
    if (input.Namespace) await getNamed(db, instance.id, input.Namespace)
    const filter = {
      namespace: input.Namespace,
      number: input.Id,
      search: input.Search,
      event: input.EventType,
      isFailing: input.OnlyFailing,
    }
    const range = pageRange(describeWebhookTriggerDetails.paging, input)
    const { total, triggers } = await listTriggers(db, instance.id, filter, range)
    const ids = triggers.map(({ id }) => id)
    const targets = await listTargets(db, ids)
    const last = await findLastDeliveries(db, ids)
    const waiting = await countWaitingOf(db, ids)
    const Triggers = triggers.map(async (trigger) =>
      toDetail(trigger, {
        targets: await targetsToWire(
          ground.vault,
          targets.filter((target) => target.trigger_id === trigger.id),
        ),
        last: last.get(trigger.id),
        waiting: waiting.get(trigger.id) ?? 0,
      }),
    )
    return { TotalCount: total, Triggers: await Promise.all(Triggers) }
  }),

  change(modifyWebhookTriggerOptions, async ({ tx, at, instance, input }) => {
    const { id: namespaceId } = await getNamed(tx, instance.id, input.Namespace)
    const trigger = await getTrigger(tx, namespaceId, input.Id)
    await setBodyFormat(tx, trigger.id, input.BodyFormat, at)
    return {}
  }),

  change(rotateWebhookSecret, async ({ tx, at, ground, instance, input }) => {
    const { id: namespaceId } = await getNamed(tx, instance.id, input.Namespace)
    const trigger = await getTrigger(tx, namespaceId, input.Id)
    const { secret, sealed } = sealNewSecret(ground.vault)
    await setSecret(tx, trigger.id, sealed, at)
    return { SigningSecret: secret }
  }),

  change(switchOnWebhookTarget, async ({ tx, instance, input }) => {
    const { id: namespaceId } = await getNamed(tx, instance.id, input.Namespace)
    const trigger = await getTrigger(tx, namespaceId, input.Id)
    const updated = await tx
      .updateTable('webhook_targets')
      .set(switchedOn())
      .where('trigger_id', '=', trigger.id)
      .where('address', '=', input.Address)
      .returning('id')
      .executeTakeFirst()
    if (!updated) throw targetUnknown(input.Address)
    return {}
  }),

  read(describeWebhookDeliveries, async ({ db, instance, input }) => {
    const { id: namespaceId } = await getNamed(db, instance.id, input.Namespace)
    const { number } = await getTrigger(db, namespaceId, input.Id)
    const filter = { namespaceId, number, state: input.State }
    const range = pageRange(describeWebhookDeliveries.paging, input)
    const { total, deliveries } = await listDeliveries(db, filter, range)
    return { TotalCount: total, Deliveries: deliveries.map(deliveryToWire) }
  }),

  read(describeWebhookDelivery, async ({ db, instance, input }) => {
    const { id: namespaceId } = await getNamed(db, instance.id, input.Namespace)
    const delivery = await getDelivery(db, namespaceId, input.DeliveryId)
    const attempts = await listAttempts(db, delivery.id)
    return {
      Delivery: deliveryToWire(delivery),
      ContentType: delivery.content_type,
      Body: delivery.body,
      Attempts: attempts.map(attemptToWire),
    }
  }),

  change(redeliverWebhook, async ({ tx, at, instance, input }) => {
    const { id: namespaceId } = await getNamed(tx, instance.id, input.Namespace)
    await redeliver(tx, await getDelivery(tx, namespaceId, input.DeliveryId), at)
    return {}
  }),

  read(describeWebhookConditionMatch, ({ input }) => {
    const { Condition, Image } = input
    const colon = Image.lastIndexOf(':')
    const [repository, tag] =
      colon === -1 ? [Image, ''] : [Image.slice(0, colon), Image.slice(colon + 1)]
    return { Matches: compileCondition(Condition)(repository, tag) }
  }),
]

async function targetsToWire(vault: Vault, targets: readonly Target[]) {
  return Promise.all(
    targets.map(async (target) => ({
      Address: target.address,
      Headers: (await openHeaders(vault, target.headers)).map(({ Key, Values }) => ({
        Key,
        ValueCount: Values.length,
      })),
      IsOn: target.is_on === 1,
      FailingSince: target.failing_since === null ? null : isoUtc(target.failing_since),
      OffTime: target.off_at === null ? null : isoUtc(target.off_at),
      Problem: target.problem,
    })),
  )
}

function toDetail(
  trigger: ListedTrigger,
  more: {
    readonly targets: Awaited<ReturnType<typeof targetsToWire>>
    readonly last: Delivery | undefined
    readonly waiting: number
  },
) {
  const patterns = patternsOf(trigger.condition)
  return {
    Id: trigger.number,
    Name: trigger.name,
    Description: trigger.description,
    NamespaceName: trigger.namespace,
    EventTypes: JSON.parse(trigger.event_types) as WireEvent[],
    Condition: trigger.condition,
    RepositoryPattern: patterns?.repository ?? null,
    TagPattern: patterns?.tag ?? null,
    Targets: more.targets,
    Enabled: trigger.is_on === 1,
    BodyFormat: trigger.body_format,
    WaitingCount: more.waiting,
    IsFailing: more.targets.some(({ FailingSince }) => FailingSince !== null),
    LastDelivery: more.last ? deliveryToWire(more.last) : null,
    CreationTime: isoUtc(trigger.created_at),
  }
}

function targetUnknown(address: string): ApiError {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: {
      en: `${address} is no target of the trigger`,
      zh: `${address} 不是该触发器的目标`,
    },
  })
}
