// What a receiver gets: Tencent's body (reference of the API, "Webhook delivery"), or the same as a CloudEvent 1.0 in
// structured mode.

import type { BodyFormat, WireEvent } from './webhooks.ts'

export interface Resource {
  readonly digest: string
  /** Empty: it has none, or was pulled by its digest. */
  readonly tag: string
}

export interface Told {
  readonly event: WireEvent
  readonly eventId: string
  readonly sequence: number
  readonly atMs: number
  /** A uin, `tcr$<name>` of a service account, `anonymous`, or `system:<part>`. */
  readonly operator: string
  readonly instanceId: string
  /** By which clients name the instance. */
  readonly host: string
  readonly namespace: string
  /** With its namespace. */
  readonly path: string
  readonly isPublic: boolean
  readonly createdAtMs: number
  readonly resources: readonly Resource[]
  /** Pulls of the same image by the same client within a second are one event. */
  readonly pulls?: number
}

const jsonType = 'application/json'

export const contentTypes: Readonly<Record<BodyFormat, string>> = {
  tcr: jsonType,
  cloudevents: 'application/cloudevents+json',
}

const cloudEventTypes: Readonly<Record<WireEvent, string>> = {
  pushImage: 'entrepot.image.pushed',
  pullImage: 'entrepot.image.pulled',
  deleteImage: 'entrepot.image.deleted',
  chartPush: 'entrepot.chart.pushed',
  chartPull: 'entrepot.chart.pulled',
  chartDelete: 'entrepot.chart.deleted',
}

export function bodyOf(told: Told, format: BodyFormat): string {
  return JSON.stringify(format === 'tcr' ? tcrBody(told) : cloudEvent(told))
}

function tcrBody(told: Told) {
  return {
    type: told.event,
    occur_at: Math.floor(told.atMs / 1000),
    event_data: eventData(told),
    operator: told.operator,
  }
}

function eventData(told: Told) {
  const { host, path, namespace } = told
  return {
    resources: told.resources.map(({ digest, tag }) => ({
      digest,
      tag,
      resource_url: `${host}/${path}${tag === '' ? `@${digest}` : `:${tag}`}`,
    })),
    repository: {
      date_created: Math.floor(told.createdAtMs / 1000),
      name: path.slice(namespace.length + 1),
      namespace,
      repo_full_name: path,
      repo_type: told.isPublic ? 'public' : 'private',
    },
    ...(told.pulls !== undefined && { pull_count: told.pulls }),
  }
}

/** CloudEvents 1.0.2; `sequence` as its extension of that name says: a text that sorts. */
function cloudEvent(told: Told) {
  const tag = told.resources[0]?.tag ?? ''
  return {
    specversion: '1.0',
    id: told.eventId,
    source: `/instances/${told.instanceId}/namespaces/${told.namespace}`,
    type: cloudEventTypes[told.event],
    subject: tag === '' ? told.path : `${told.path}:${tag}`,
    time: new Date(told.atMs).toISOString(),
    sequence: String(told.sequence).padStart(16, '0'),
    datacontenttype: jsonType,
    data: { ...eventData(told), operator: told.operator },
  }
}
