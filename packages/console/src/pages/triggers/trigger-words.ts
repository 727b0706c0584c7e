// A trigger in the words of its page, and as the API takes it.

import { conditionOf, everyCondition } from '@entrepot/contract/trigger-condition.ts'
import type { Reply, Request } from '../../api/call.ts'
import type { Tone } from '../../patterns/shown.tsx'
import type { WordKey, Words } from '../../words/use-words.ts'

export type Trigger = Reply<'DescribeWebhookTriggerDetails'>['Triggers'][number]
export type Delivery = Reply<'DescribeWebhookDeliveries'>['Deliveries'][number]
export type Attempt = Reply<'TestWebhookTarget'>['Attempt']
export type TriggerEvent = Trigger['EventTypes'][number]
export type TriggerInput = Request<'ModifyWebhookTrigger'>['Trigger']

/** Pulls stand apart: there can be many. */
export const changeEvents: readonly TriggerEvent[] = [
  'pushImage',
  'deleteImage',
  'chartPush',
  'chartDelete',
]
export const pullEvents: readonly TriggerEvent[] = ['pullImage', 'chartPull']
export const events: readonly TriggerEvent[] = [...changeEvents, ...pullEvents]

export const eventWords: Readonly<Record<TriggerEvent, WordKey>> = {
  pushImage: 'triggers.pushImage',
  deleteImage: 'triggers.deleteImage',
  pullImage: 'triggers.pullImage',
  chartPush: 'triggers.chartPush',
  chartDelete: 'triggers.chartDelete',
  chartPull: 'triggers.chartPull',
}

export const stateWords: Readonly<Record<Delivery['State'], WordKey>> = {
  pending: 'triggers.pending',
  finished: 'triggers.finished',
  error: 'triggers.error',
  stopped: 'triggers.stopped',
}

export const stateTones: Readonly<Record<Delivery['State'], Tone>> = {
  pending: 'busy',
  finished: 'good',
  error: 'bad',
  stopped: 'off',
}

/** In place of the value of a header that stays as it is. */
export const keptValue = '******'

export function conditionInWords(trigger: Trigger, t: Words['t']): string | undefined {
  const { RepositoryPattern: repository, TagPattern: tag, Condition } = trigger
  if (repository === null || tag === null) return undefined
  if (Condition === everyCondition) return t('triggers.every')
  const shown = (pattern: string) => (pattern === '' ? t('triggers.all') : pattern)
  return t('triggers.inWords', { repository: shown(repository), tag: shown(tag) })
}

/** As it is; its headers stay. */
export function asInput(trigger: Trigger): TriggerInput {
  return {
    Id: trigger.Id,
    Name: trigger.Name,
    Description: trigger.Description,
    EventTypes: trigger.EventTypes,
    Condition: trigger.Condition,
    Enabled: trigger.Enabled,
    Targets: trigger.Targets.map(({ Address, Headers }) => ({
      Address,
      Headers: Headers.map(({ Key, ValueCount }) => ({
        Key,
        Values: Array.from({ length: ValueCount }, () => keptValue),
      })),
    })),
  }
}

export interface HeaderValues {
  readonly key: string
  readonly value: string
  /** How many values are stored; 0: it is new. */
  readonly kept: number
}

export interface TargetValues {
  readonly address: string
  readonly headers: readonly HeaderValues[]
}

export interface TriggerValues extends Readonly<Record<TriggerEvent, boolean>> {
  readonly namespace: string
  readonly name: string
  readonly description: string
  /** Where what is wrong with them stands. */
  readonly events: string
  readonly kind: string
  readonly repository: string
  readonly tag: string
  readonly condition: string
  readonly image: string
  readonly targets: readonly TargetValues[]
  readonly bodyFormat: string
  readonly isOn: boolean
}

export const newTarget: TargetValues = { address: '', headers: [] }

export function valuesOf(
  trigger: Trigger | undefined,
  namespaces: readonly string[],
): TriggerValues {
  const asked = (event: TriggerEvent) =>
    trigger ? trigger.EventTypes.includes(event) : event === 'pushImage'
  return {
    namespace: trigger?.NamespaceName ?? (namespaces.length === 1 ? (namespaces[0] ?? '') : ''),
    name: trigger?.Name ?? '',
    description: trigger?.Description ?? '',
    events: '',
    pushImage: asked('pushImage'),
    deleteImage: asked('deleteImage'),
    pullImage: asked('pullImage'),
    chartPush: asked('chartPush'),
    chartDelete: asked('chartDelete'),
    chartPull: asked('chartPull'),
    kind: trigger && trigger.RepositoryPattern === null ? 'expression' : 'patterns',
    repository: trigger?.RepositoryPattern ?? '',
    tag: trigger?.TagPattern ?? '',
    condition: trigger?.Condition ?? everyCondition,
    image: '',
    targets: trigger
      ? trigger.Targets.map(({ Address, Headers }) => ({
          address: Address,
          headers: Headers.map(({ Key, ValueCount }) => ({
            key: Key,
            value: '',
            kept: ValueCount,
          })),
        }))
      : [newTarget],
    bodyFormat: trigger?.BodyFormat ?? 'tcr',
    isOn: trigger?.Enabled ?? true,
  }
}

export function conditionFrom(values: TriggerValues): string {
  return values.kind === 'patterns' ? conditionOf(values) : values.condition
}

export function targetInput({ address, headers }: TargetValues) {
  return {
    Address: address.trim(),
    Headers: headers
      .filter(({ key }) => key !== '')
      .map(({ key, value, kept }) => ({
        Key: key.trim(),
        Values: value === '' && kept > 0 ? Array.from({ length: kept }, () => keptValue) : [value],
      })),
  }
}

export function eventsOf(values: TriggerValues): readonly TriggerEvent[] {
  return events.filter((event) => values[event])
}

export function hostOf(address: string): string {
  return URL.parse(address)?.host ?? address
}
