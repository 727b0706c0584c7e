// Own actions: what an artifact is made of, what shares it, how often it is pulled.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  deleteManifest as deleteAction,
  describeManifest,
  describeReferrers,
  describeTagsOfDigest,
} from '@entrepot/contract/entrepot/images.ts'
import { moveTagBack as moveBackAction } from '@entrepot/contract/entrepot/recycle-bin.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { type Digest, parseDigest } from '@entrepot/oci/digest.ts'
import { reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import type { Queryable } from '../db/database.ts'
import { findCoverage } from '../immutability/queries.ts'
import { deleteManifest } from '../manifests/delete.ts'
import type { Repository } from '../repositories/repositories.ts'
import { moveTagBack } from '../tags/move-back.ts'
import { listReferrersOf, listTagsOfManifest, sumPulls } from './artifact-queries.ts'
import type { ImageConfig } from './config.ts'
import { type ArtifactDetails, describeArtifact } from './details.ts'
import { getManifest, getRepository, pathOf } from './reading.ts'
import { countSharing } from './shared-layers.ts'

/** A reply shows no more tags of one digest; the rest is in DescribeTagsOfDigest. */
const shownTags = { offset: 0, limit: 100 }
const nothing = { offset: 0, limit: 0 }

/** Of so many tags of a digest at most it is asked which a rule keeps. */
const maxJudgedTags = 10_000

async function listImmutable(
  db: Queryable,
  repository: Repository,
  manifestId: string,
): Promise<string[]> {
  const coverage = await findCoverage(db, repository)
  if (!coverage) return []
  const all = { offset: 0, limit: maxJudgedTags }
  const { tags } = await listTagsOfManifest(db, manifestId, all)
  const kept = tags.map(({ name }) => name).filter((name) => coverage.covers(name))
  return kept.slice(0, shownTags.limit)
}

export const artifactHandlers: readonly Handler[] = [
  read(describeManifest, async (call) => {
    const { ground, db, instance, input } = call
    const repository = await getRepository(db, instance, pathOf(input))
    const manifest = await getManifest(db, repository, input.Reference)
    const details = await describeArtifact(
      ground,
      repository,
      manifest,
      input.Platform || undefined,
    )
    const { tags, total: tagCount } = await listTagsOfManifest(db, manifest.id, shownTags)
    const sharing = await countSharing(
      ground.db.heavy,
      {
        instanceId: instance.id,
        repositoryId: repository.id,
        reach: await reachFor(call, 'tcr:DescribeRepositories', `repository/${instance.id}/`),
      },
      (details.image?.config.steps ?? []).flatMap(({ layer }) => layer?.digest ?? []),
    )
    const { pulls, lastPulledAt } = await sumPulls(db, manifest.id)
    const subject = { repositoryId: repository.id, digest: manifest.digest }
    const { total } = await listReferrersOf(db, subject, undefined, nothing)
    return {
      ...toWire(details, sharing),
      Digest: manifest.digest,
      MediaType: manifest.mediaType,
      ArtifactType: manifest.artifactType,
      Size: manifest.contentBytes,
      Tags: tags.map((tag) => tag.name),
      TagCount: tagCount,
      ImmutableTags: await listImmutable(db, repository, manifest.id),
      SubjectDigest: manifest.subjectDigest,
      ReferrerCount: total,
      PushedBy: manifest.createdBy,
      PushTime: isoUtc(manifest.createdAt),
      PullCount: pulls,
      LastPullTime: timeOrNull(lastPulledAt),
      Manifest: Buffer.from(manifest.bytes).toString('utf8'),
    }
  }),

  change(deleteAction, async ({ tx, at, origin, instance, input }) => {
    const repository = await getRepository(tx, instance, pathOf(input))
    const digest = getDigest(input.Digest)
    const deleted = await deleteManifest(tx, { instance, repository, digest, origin, at })
    return { DeletedTags: deleted.deletedTags }
  }),

  change(moveBackAction, async ({ tx, at, origin, instance, input }) => {
    const repository = await getRepository(tx, instance, pathOf(input))
    const change = { instance, repository, name: input.Tag, origin, at }
    await moveTagBack(tx, change, getDigest(input.Digest))
    return {}
  }),

  read(describeTagsOfDigest, async ({ db, instance, input }) => {
    const repository = await getRepository(db, instance, pathOf(input))
    const manifest = await getManifest(db, repository, getDigest(input.Digest))
    const page = pageRange(describeTagsOfDigest.paging, input)
    const { total, tags } = await listTagsOfManifest(db, manifest.id, page)
    return {
      Tags: tags.map((tag) => ({
        Tag: tag.name,
        PushedBy: tag.pushedBy,
        PushTime: isoUtc(tag.pushedAt),
        PullCount: tag.pullCount,
        LastPullTime: timeOrNull(tag.lastPulledAt),
      })),
      TotalCount: total,
    }
  }),

  read(describeReferrers, async ({ db, instance, input }) => {
    const repository = await getRepository(db, instance, pathOf(input))
    const { total, referrers } = await listReferrersOf(
      db,
      { repositoryId: repository.id, digest: getDigest(input.Digest) },
      input.ArtifactType || undefined,
      pageRange(describeReferrers.paging, input),
    )
    return {
      Referrers: referrers.map((one) => ({
        Digest: one.digest,
        MediaType: one.mediaType,
        ArtifactType: one.artifactType,
        Size: one.contentBytes,
        Annotations: pairs(Object.entries(parseAnnotations(one.annotations))),
        PushedBy: one.createdBy,
        PushTime: isoUtc(one.createdAt),
      })),
      TotalCount: total,
    }
  }),
]

function getDigest(text: string): Digest {
  const digest = parseDigest(text)
  if (digest) return digest
  throw invalidValue('Digest', {
    en: 'must be sha256: or sha512: and lower-case hex digits',
    zh: '应为 sha256: 或 sha512: 加小写十六进制数字',
  })
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoUtc(ms)
}

/** Written by us, from a manifest that was parsed. */
function parseAnnotations(json: string | null): Readonly<Record<string, string>> {
  return json === null ? {} : (JSON.parse(json) as Record<string, string>)
}

function pairs(entries: readonly (readonly [string, string])[]) {
  return entries.map(([Key, Value]) => ({ Key, Value }))
}

type WireManifest = ActionReply<typeof describeManifest>

/** `sharing`: how many other repositories hold a layer. */
function toWire(
  { kind, parsed, platforms, attestations, image }: ArtifactDetails,
  sharing: ReadonlyMap<string, number>,
): Pick<
  WireManifest,
  | 'Kind'
  | 'Platforms'
  | 'Attestations'
  | 'ImageDigest'
  | 'Config'
  | 'ConfigMediaType'
  | 'RawConfig'
  | 'Layers'
  | 'Labels'
  | 'Annotations'
> {
  return {
    Kind: kind,
    Platforms: platforms.map((one) => ({
      Digest: one.digest,
      MediaType: one.mediaType,
      Os: one.os,
      Architecture: one.architecture,
      Variant: one.variant,
      OsVersion: one.osVersion,
      Size: one.sizeBytes,
      IsPresent: one.isPresent,
    })),
    Attestations: attestations.map((one) => ({
      Digest: one.digest,
      Size: one.sizeBytes,
      SubjectDigest: one.subjectDigest,
      Type: one.type,
      IsPresent: one.isPresent,
    })),
    ImageDigest: image?.digest ?? null,
    Config: image && (kind === 'Image' || kind === 'Index') ? configToWire(image.config) : null,
    ConfigMediaType: image?.configMediaType ?? null,
    RawConfig: image?.rawConfig ?? '',
    Layers: (image?.config.steps ?? []).map(({ layer, createdBy, comment, created }) => ({
      Digest: layer?.digest ?? null,
      MediaType: layer?.mediaType ?? null,
      Size: layer?.sizeBytes ?? 0,
      CreatedBy: createdBy,
      Comment: comment,
      CreateTime: created,
      SharedRepositoryCount: (layer && sharing.get(layer.digest)) ?? 0,
    })),
    Labels: pairs(image?.config.labels ?? []),
    Annotations: pairs(Object.entries(parsed.annotations)),
  }
}

function configToWire(config: ImageConfig): NonNullable<WireManifest['Config']> {
  const { run } = config
  return {
    Os: config.os,
    Architecture: config.architecture,
    Variant: config.variant,
    OsVersion: config.osVersion,
    Author: config.author,
    CreateTime: config.created,
    User: run.user,
    WorkingDir: run.workingDir,
    Entrypoint: run.entrypoint,
    Cmd: run.command,
    Env: run.environment,
    ExposedPorts: run.ports,
    Volumes: run.volumes,
    StopSignal: run.stopSignal,
  }
}
