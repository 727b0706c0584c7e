// Own actions: what lies in a repository.

import type { ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import {
  describeRepositoryManifests,
  describeRepositoryTags,
  describeTagHistory,
} from '@entrepot/contract/entrepot/repository-contents.ts'
import { parsePlatform } from '@entrepot/oci/platform.ts'
import { askedTime } from '../actions/asked-time.ts'
import { type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { findCoverage } from '../immutability/queries.ts'
import { ConfigPlatforms } from './config-platforms.ts'
import { countManifests, listManifestRows, listTagMoves } from './manifest-rows.ts'
import { getRepository, pathOf } from './reading.ts'
import {
  type ChildPlatform,
  listChildPlatforms,
  listTagIds,
  readTagRows,
  type TagOrder,
  type TagRow,
  type TagRowFilter,
} from './tag-rows.ts'

export function repositoryContentHandlers(): readonly Handler[] {
  const configPlatforms = new ConfigPlatforms()
  return [
    read(describeRepositoryTags, async ({ ground, db, instance, input }) => {
      const { heavy } = ground.db
      const repository = await getRepository(db, instance, pathOf(input))
      const page = {
        ...pageRange(describeRepositoryTags.paging, input),
        ...orderOf(input.SortBy),
      }
      const { total, signatures, ids } = await listTagIds(
        heavy,
        repository.id,
        filterOf(input),
        page,
      )
      const rows = await readTagRows(heavy, ids)
      const indexes = rows.filter(({ kind }) => kind === 'Index')
      const children = await listChildPlatforms(
        heavy,
        indexes.map((row) => row.manifest_id),
      )
      const platforms = await configPlatforms.of(ground, repository.id, rows.flatMap(configOf))
      const coverage = await findCoverage(db, repository)
      const untagged = input.CountUntagged
        ? await countManifests(heavy, repository.id, 'untagged')
        : null
      return {
        Tags: rows.map((row) => ({
          ...toWire(row, children, platforms),
          IsImmutable: coverage?.covers(row.name) ?? false,
        })),
        TotalCount: total,
        SignatureCount: signatures,
        UntaggedCount: untagged,
      }
    }),

    read(describeRepositoryManifests, async ({ ground, db, instance, input }) => {
      const repository = await getRepository(db, instance, pathOf(input))
      const page = pageRange(describeRepositoryManifests.paging, input)
      const group = groups[input.Group]
      const found = await listManifestRows(ground.db.heavy, repository.id, group, page)
      return {
        Manifests: found.manifests.map((row) => ({
          Digest: row.digest,
          Kind: row.kind,
          MediaType: row.media_type,
          ArtifactType: row.artifact_type,
          Size: row.content_bytes,
          SubjectDigest: row.subject_digest,
          TagCount: Number(row.tags),
          PushedBy: row.created_by,
          PushTime: isoUtc(row.created_at),
        })),
        TotalCount: found.total,
      }
    }),

    read(describeTagHistory, async ({ ground, db, instance, input }) => {
      const repository = await getRepository(db, instance, pathOf(input))
      const page = pageRange(describeTagHistory.paging, input)
      const { total, moves } = await listTagMoves(ground.db.heavy, repository.id, input.Tag, page)
      return {
        Moves: moves.map((move) => ({
          Digest: move.digest,
          PreviousDigest: move.previous_digest,
          By: move.actor,
          Cause: move.cause,
          Time: isoUtc(move.at),
          IsPresent: move.manifest_id !== null,
          IsInRecycleBin: move.manifest_id === null && Number(move.is_binned) === 1,
        })),
        TotalCount: total,
      }
    }),
  ]
}

type TagsInput = ActionInput<typeof describeRepositoryTags>
type WireTag = ActionReply<typeof describeRepositoryTags>['Tags'][number]

const groups = {
  Untagged: 'untagged',
  Child: 'child',
  Referrer: 'referrer',
  All: 'all',
} as const

const orders = {
  push_time: 'pushed',
  name: 'name',
  size: 'size',
  pull_time: 'pulled',
  pull_count: 'pulls',
} as const satisfies Record<string, TagOrder>

function orderOf(sortBy: TagsInput['SortBy']): { order: TagOrder; isDescending: boolean } {
  const isDescending = sortBy.startsWith('-')
  // The declaration has no other words.
  const word = (isDescending ? sortBy.slice(1) : sortBy) as keyof typeof orders
  return { order: orders[word], isDescending }
}

function filterOf(input: TagsInput): TagRowFilter {
  return {
    search: input.Search || undefined,
    digest: input.Digest || undefined,
    kinds: input.Kinds ?? [],
    withSignatures: input.WithSignatures,
    pushedBefore: askedTime('PushedBefore', input.PushedBefore),
    pushedAfter: askedTime('PushedAfter', input.PushedAfter),
    notPulledSince: askedTime('NotPulledSince', input.NotPulledSince),
  }
}

function configOf({ kind, config_digest: digest, config_bytes: sizeBytes }: TagRow) {
  return kind === 'Image' && digest !== null && sizeBytes !== null ? [{ digest, sizeBytes }] : []
}

type Platforms = Awaited<ReturnType<ConfigPlatforms['of']>>

function toWire(
  row: TagRow,
  children: readonly ChildPlatform[],
  platforms: Platforms,
): Omit<WireTag, 'IsImmutable'> {
  return {
    Tag: row.name,
    Digest: row.digest,
    Kind: row.kind,
    MediaType: row.media_type,
    ArtifactType: row.artifact_type,
    Size: row.content_bytes,
    Platforms: platformsOf(row, children, platforms),
    SameDigestTags: row.sibling_names?.split(',') ?? [],
    SameDigestCount: Number(row.siblings),
    ReferrerCount: Number(row.referrers),
    PushedBy: row.pushed_by,
    PushTime: isoUtc(row.pushed_at),
    PullCount: row.pull_count,
    LastPullTime: row.last_pulled_at === null ? null : isoUtc(row.last_pulled_at),
  }
}

function platformsOf(
  row: TagRow,
  children: readonly ChildPlatform[],
  platforms: Platforms,
): WireTag['Platforms'] {
  const own = platforms.get(row.config_digest ?? '')
  if (own) {
    const { os: Os, architecture: Architecture, variant: Variant } = own
    return [{ Os, Architecture, Variant, Size: row.content_bytes }]
  }
  const ofIndex = children.filter(({ manifestId }) => manifestId === row.manifest_id)
  return ofIndex.flatMap(({ platform: text, contentBytes }) => {
    const platform = parsePlatform(text)
    if (!platform || platform.os === 'unknown') return []
    const { os: Os, architecture: Architecture, variant: Variant = null } = platform
    return [{ Os, Architecture, Variant, Size: contentBytes }]
  })
}
