// The API's five actions on triggers.

import { maskedHeader } from '@entrepot/contract/entrepot/webhooks.ts'
import {
  createWebhookTrigger,
  deleteWebhookTrigger,
  describeWebhookTrigger,
  describeWebhookTriggerLog,
  modifyWebhookTrigger,
} from '@entrepot/contract/tcr/webhooks.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { mayDo } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import type { Queryable, Tx } from '../db/database.ts'
import {
  findNamespace,
  holdNamespace,
  type Namespace,
  namespaceUnknown,
} from '../namespaces/namespaces.ts'
import { listDeliveries } from './log.ts'
import { openHeaders, sealNewSecret } from './secrets.ts'
import { checkTrigger, openStoredHeaders, type StoredHeaders } from './trigger-input.ts'
import {
  deleteTrigger,
  getTrigger,
  insertTrigger,
  type ListedTrigger,
  listTargets,
  listTriggers,
  updateTrigger,
} from './triggers.ts'
import type { Header, WireEvent } from './webhooks.ts'

export const webhookHandlers: readonly Handler[] = [
  change(createWebhookTrigger, async ({ tx, at, ground, origin, client, instance, input }) => {
    const namespace = await getNamed(tx, instance.id, input.Namespace)
    await holdNamespace(tx, namespace.id)
    const checks = { vault: ground.vault, allowed: ground.outbound.allowed, stored: new Map() }
    const text = checkTrigger(input.Trigger, checks)
    // Nobody is told of this secret: who wants to verify has another made, and is told of that one.
    const secret = sealNewSecret(ground.vault).sealed
    const host = client.host ?? instance.name
    const maker = { at, by: origin.actor, secret, host }
    const number = await insertTrigger(tx, namespace.id, text, maker)
    const { triggers } = await listTriggers(tx, instance.id, { number }, { offset: 0, limit: 1 })
    const [made] = triggers
    if (!made) throw namespaceUnknown(input.Namespace)
    return { Trigger: toWire(made, input.Trigger.Targets.map(asGiven)) }
  }),

  read(describeWebhookTrigger, async (call) => {
    const { db, ground, instance, input } = call
    if (input.Namespace) await getNamed(db, instance.id, input.Namespace)
    const range = pageRange(describeWebhookTrigger.paging, input)
    const filter = { namespace: input.Namespace }
    const { total, triggers } = await listTriggers(db, instance.id, filter, range)
    // Values are often what a receiver knows us by: for those who could set others.
    const managing = 'tcr:ModifyWebhookTrigger'
    const showsValues = await mayDo(call, managing, [`instance/${instance.id}`])
    const targets = await listTargets(
      db,
      triggers.map(({ id }) => id),
    )
    const shown = new Map<string, WireTarget[]>()
    for (const target of targets) {
      const headers = await openHeaders(ground.vault, target.headers)
      const Headers = showsValues ? headers : headers.map(masked)
      const own = shown.get(target.trigger_id) ?? []
      shown.set(target.trigger_id, [...own, { Address: target.address, Headers }])
    }
    return {
      TotalCount: total,
      Triggers: triggers.map((trigger) => toWire(trigger, shown.get(trigger.id) ?? [])),
    }
  }),

  change<typeof modifyWebhookTrigger, StoredHeaders>(
    modifyWebhookTrigger,
    async ({ tx, at, ground, instance, input, prepared: stored }) => {
      const namespace = await getNamed(tx, instance.id, input.Namespace)
      const trigger = await getTrigger(tx, namespace.id, numberOf(input.Trigger.Id))
      const checks = { vault: ground.vault, allowed: ground.outbound.allowed, stored }
      await updateTrigger(tx, trigger, checkTrigger(input.Trigger, checks), at)
      return {}
    },
    async ({ ground, instance, input }) => {
      const { db, vault } = ground
      const namespace = await getNamed(db.read, instance.id, input.Namespace)
      const trigger = await getTrigger(db.read, namespace.id, numberOf(input.Trigger.Id))
      return openStoredHeaders(db.read, vault, trigger.id)
    },
  ),

  change(deleteWebhookTrigger, async ({ tx, instance, input }) => {
    const namespace = await getNamed(tx, instance.id, input.Namespace)
    const trigger = await getTrigger(tx, namespace.id, input.Id)
    await deleteTrigger(tx, trigger.id)
    return {}
  }),

  read(describeWebhookTriggerLog, async ({ db, instance, input }) => {
    const { id: namespaceId } = await getNamed(db, instance.id, input.Namespace)
    const range = pageRange(describeWebhookTriggerLog.paging, input)
    const ofTrigger = input.Id === undefined ? {} : { number: input.Id }
    const { total, deliveries } = await listDeliveries(db, { namespaceId, ...ofTrigger }, range)
    return {
      TotalCount: total,
      Logs: deliveries.map((delivery) => ({
        Id: delivery.id,
        TriggerId: delivery.trigger_number,
        EventType: delivery.event_type as WireEvent,
        NotifyType: 'http',
        Detail: delivery.body,
        CreationTime: isoUtc(delivery.created_at),
        UpdateTime: isoUtc(delivery.updated_at),
        Status: delivery.state,
      })),
    }
  }),
]

/** Throws NAMESPACE_UNKNOWN. */
export async function getNamed(
  db: Queryable | Tx,
  instanceId: string,
  name: string,
): Promise<Namespace> {
  const namespace = await findNamespace(db, instanceId, name)
  if (!namespace) throw namespaceUnknown(name)
  return namespace
}

function numberOf(id: number | undefined): number {
  if (id !== undefined) return id
  throw invalidValue('Trigger.Id', { en: 'is missing: which one?', zh: '缺少触发器 ID' })
}

interface WireTarget {
  readonly Address: string
  readonly Headers: readonly Header[]
}

function asGiven(target: {
  readonly Address: string
  readonly Headers?: readonly Header[] | undefined
}): WireTarget {
  return { Address: target.Address, Headers: target.Headers ?? [] }
}

function masked({ Key, Values }: Header): Header {
  return { Key, Values: Values.map(() => maskedHeader) }
}

function toWire(trigger: ListedTrigger, Targets: readonly WireTarget[]) {
  return {
    Id: trigger.number,
    Name: trigger.name,
    Description: trigger.description,
    EventTypes: JSON.parse(trigger.event_types) as WireEvent[],
    Condition: trigger.condition,
    Enabled: trigger.is_on === 1,
    Targets,
    NamespaceId: trigger.namespace_number,
    NamespaceName: trigger.namespace,
  }
}
