// One artifact as the console shows it: platforms, layers with the command that made each, labels, pushes and pulls.

import { type ManifestRef, type ParsedManifest, parseManifest } from '@entrepot/oci/manifest.ts'
import { parsePlatform } from '@entrepot/oci/platform.ts'
import type { ActionGround } from '../actions/define.ts'
import type { Queryable } from '../db/database.ts'
import { type ArtifactKind, artifactKind } from './artifact-kind.ts'
import { type IndexAttestation, listAttestations } from './attestations.ts'
import { type ImageConfig, readImageConfig } from './config.ts'
import { type FoundManifest, type FoundRepository, findManifest } from './queries.ts'
import { readConfig } from './reading.ts'

export interface PlatformEntry {
  readonly digest: string
  readonly mediaType: string
  readonly os: string
  readonly architecture: string
  readonly variant: string | null
  readonly osVersion: string | null
  readonly sizeBytes: number
  readonly isPresent: boolean
}

export interface ArtifactDetails {
  readonly kind: ArtifactKind
  readonly parsed: ParsedManifest
  readonly platforms: readonly PlatformEntry[]
  readonly attestations: readonly IndexAttestation[]
  /** The image itself, or the one of an index that was looked at; undefined: there is none. */
  readonly image:
    | {
        readonly digest: string
        readonly configMediaType: string | undefined
        readonly rawConfig: string
        readonly config: ImageConfig
      }
    | undefined
}

const usualPlatform = 'linux/amd64'

/** `platform`: whose layers of an index; where it has none of that name, no layers. */
export async function describeArtifact(
  ground: Pick<ActionGround, 'db' | 'stores'>,
  repository: FoundRepository,
  manifest: FoundManifest,
  platform: string | undefined,
): Promise<ArtifactDetails> {
  const parsed = parseManifest(manifest.bytes, manifest.mediaType)
  const platforms = await listPlatforms(ground.db.read, manifest, parsed)
  const found = await findImage(ground.db.read, repository, { manifest, parsed, platform })
  const image = found && (await readImage(ground, repository, found))
  const config = image?.config
  const own: PlatformEntry = {
    digest: manifest.digest,
    mediaType: manifest.mediaType,
    os: config?.os ?? '',
    architecture: config?.architecture ?? '',
    variant: config?.variant ?? null,
    osVersion: config?.osVersion ?? null,
    sizeBytes: manifest.contentBytes,
    isPresent: true,
  }
  return {
    kind: artifactKind(parsed),
    parsed,
    platforms: parsed.kind === 'index' ? platforms : [own],
    attestations: parsed.kind === 'index' ? await listAttestations(ground.db.read, manifest) : [],
    image,
  }
}

async function readImage(
  ground: Pick<ActionGround, 'db' | 'stores'>,
  repository: FoundRepository,
  manifest: FoundManifest,
): Promise<NonNullable<ArtifactDetails['image']>> {
  const { refs } = parseManifest(manifest.bytes, manifest.mediaType)
  const rawConfig = await readConfig(ground, repository, manifest)
  return {
    digest: manifest.digest,
    configMediaType: refs.find((ref) => ref.role === 'config')?.mediaType,
    // What is no text can't be shown as one.
    rawConfig: rawConfig.includes('\ufffd') || rawConfig.includes('\0') ? '' : rawConfig,
    config: readImageConfig(rawConfig, layersOf({ refs })),
  }
}

function layersOf({ refs }: Pick<ParsedManifest, 'refs'>): readonly ManifestRef[] {
  return refs.filter((ref) => ref.role === 'layer')
}

/** Children with a platform; attestations and the like have `unknown/unknown` and are left out. */
async function listPlatforms(
  db: Queryable,
  manifest: FoundManifest,
  parsed: ParsedManifest,
): Promise<readonly PlatformEntry[]> {
  if (parsed.kind !== 'index') return []
  const rows = await db
    .selectFrom('manifest_refs as f')
    .leftJoin('manifests as m', (join) =>
      join
        .onRef('m.repository_id', '=', 'f.repository_id')
        .onRef('m.digest', '=', 'f.digest')
        .on('m.deleted_at', 'is', null),
    )
    .select(['f.digest', 'f.media_type', 'f.platform', 'f.size_bytes', 'f.present'])
    .select('m.content_bytes')
    .where('f.manifest_id', '=', manifest.id)
    .where('f.role', '=', 'child')
    .orderBy('f.position')
    .execute()
  return rows.flatMap((row) => {
    const platform = parsePlatform(row.platform ?? '')
    if (!platform || platform.os === 'unknown') return []
    return [
      {
        digest: row.digest,
        mediaType: row.media_type,
        os: platform.os,
        architecture: platform.architecture,
        variant: platform.variant ?? null,
        osVersion: platform.osVersion ?? null,
        // Of one that was not pushed, all that is known is the size of its manifest.
        sizeBytes: row.content_bytes ?? row.size_bytes,
        isPresent: row.present === 1,
      },
    ]
  })
}

interface Wanted {
  readonly manifest: FoundManifest
  readonly parsed: ParsedManifest
  readonly platform: string | undefined
}

/** The image itself, or the child of an index that was asked for, one level down. */
async function findImage(
  db: Queryable,
  repository: FoundRepository,
  { manifest, parsed, platform }: Wanted,
): Promise<FoundManifest | undefined> {
  if (parsed.kind !== 'index') return manifest
  const children = parsed.refs.filter((ref) => ref.role === 'child' && ref.target === 'manifest')
  const known = children.filter((ref) => parsePlatform(ref.platform ?? '')?.os !== 'unknown')
  const asked = known.find((ref) => ref.platform === (platform ?? usualPlatform))
  const child = asked ?? (platform === undefined ? known[0] : undefined)
  return child && findManifest(db, repository, { digest: child.digest })
}
