// What events of the log mean to receivers. A push is told of by its tags: what is pushed by its digest alone is part of
// an index or refers to something, and would be told of beside what it belongs to. A pull by digest is told of, and so is
// the end of a manifest without tags.

import { helmConfig } from '@entrepot/oci/media-types.ts'
import { batches } from '../db/batches.ts'
import type { Queryable } from '../db/database.ts'
import type { EventType, RecordedEvent } from '../events/catalogue.ts'
import { isEventOf } from '../events/subscriptions.ts'
import type { Resource } from './payload.ts'
import type { WireEvent } from './webhooks.ts'

export const followedTypes: readonly EventType[] = [
  'image.pushed',
  'image.pulled',
  'tag.deleted',
  'manifest.deleted',
  'repository.deleted',
]

export interface Happening {
  readonly repositoryId: string
  readonly kind: 'push' | 'pull' | 'delete'
  readonly atMs: number
  readonly operator: string
  readonly resources: readonly Resource[]
  readonly pulls?: number
}

/** Undefined: nothing that a receiver hears of. Of a deleted repository `listDeletedTags` knows what it held. */
export function happeningOf(event: RecordedEvent): Happening | undefined {
  if (!event.repository) return undefined
  const base = { repositoryId: event.repository.id, atMs: event.at, operator: event.actor }
  if (isEventOf(event, 'image.pushed')) {
    const { digest, tags } = event.payload
    if (tags.length === 0) return undefined
    return { ...base, kind: 'push', resources: tags.map((tag) => ({ digest, tag })) }
  }
  if (isEventOf(event, 'image.pulled')) {
    const { digest, tag, count } = event.payload
    return { ...base, kind: 'pull', resources: [{ digest, tag: tag ?? '' }], pulls: count }
  }
  if (isEventOf(event, 'tag.deleted')) {
    const { digest, tag } = event.payload
    return { ...base, kind: 'delete', resources: [{ digest, tag }] }
  }
  // Of those that had tags, the tags were told of.
  if (isEventOf(event, 'manifest.deleted') && event.payload.tags?.length === 0) {
    return { ...base, kind: 'delete', resources: [{ digest: event.payload.digest, tag: '' }] }
  }
  return undefined
}

/** In one request. */
export const maxResources = 200

/** What a deleted repository held when it was deleted, in pages by name. */
export async function listDeletedTags(
  db: Queryable,
  repository: { readonly id: string; readonly deletedAt: number },
  after: string,
): Promise<readonly Resource[]> {
  return db
    .selectFrom('tags')
    .select(['name as tag', 'digest'])
    .where('repository_id', '=', repository.id)
    .where((eb) =>
      eb.or([eb('deleted_at', 'is', null), eb('deleted_at', '>=', repository.deletedAt)]),
    )
    .where('name', '>', after)
    .orderBy('name')
    .limit(maxResources)
    .execute()
}

/** Which digests are charts', as `<repository> <digest>`. */
export async function findCharts(
  db: Queryable,
  happenings: readonly Happening[],
): Promise<ReadonlySet<string>> {
  const repositories = new Set(happenings.map(({ repositoryId }) => repositoryId))
  const digests = new Set(happenings.flatMap(({ resources }) => resources.map((r) => r.digest)))
  const charts = new Set<string>()
  for (const batch of batches([...digests])) {
    const rows = await db
      .selectFrom('manifests')
      .select(['repository_id', 'digest'])
      .where('repository_id', 'in', [...repositories])
      .where('digest', 'in', batch)
      .where('artifact_type', '=', helmConfig)
      .execute()
    for (const row of rows) charts.add(chartKey(row.repository_id, row.digest))
  }
  return charts
}

export function chartKey(repositoryId: string, digest: string): string {
  return `${repositoryId} ${digest}`
}

export function wireEvent(kind: Happening['kind'], isChart: boolean): WireEvent {
  switch (kind) {
    case 'push':
      return isChart ? 'chartPush' : 'pushImage'
    case 'pull':
      return isChart ? 'chartPull' : 'pullImage'
    case 'delete':
      return isChart ? 'chartDelete' : 'deleteImage'
  }
}
