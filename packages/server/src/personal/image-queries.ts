// What the API shows of a tag of the Personal edition: of its manifest, and of the config that this names. The
// manifests themselves are not read: a page of them may be hundreds of megabytes.

import { helmConfig, manifestKind } from '@entrepot/oci/media-types.ts'
import { parsePlatform } from '@entrepot/oci/platform.ts'
import { sql } from 'kysely'
import type { ActionGround } from '../actions/define.ts'
import type { Queryable } from '../db/database.ts'
import { type ImageConfig, readImageConfig } from '../images/config.ts'
import { readConfigBlob } from '../images/reading.ts'
import { StorageError } from '../storage/driver.ts'

export interface ShownImage {
  readonly digest: string
  readonly kind: 'Image' | 'Index' | 'Chart' | 'Artifact'
  /** Of the config; empty where there is none. */
  readonly configDigest: string
  readonly createdAt: number
  readonly config: ImageConfig
  /** Of an index: `arm64,amd64`. */
  readonly architectures: string
  readonly systems: string
}

/** Configs that are read from the store at the same time. */
const parallelReads = 8

type Ground = Pick<ActionGround, 'db' | 'stores'>

/** By digest. */
export async function describeImages(
  ground: Ground,
  repositoryId: string,
  digests: readonly string[],
): Promise<ReadonlyMap<string, ShownImage>> {
  const rows =
    digests.length === 0 ? [] : await listManifests(ground.db.read, repositoryId, digests)
  const shown = new Map<string, ShownImage>()
  const waiting = rows.values()
  const worker = async () => {
    for (const row of waiting) shown.set(row.digest, await describeOne(ground, repositoryId, row))
  }
  await Promise.all(Array.from({ length: parallelReads }, worker))
  return shown
}

function listManifests(db: Queryable, repositoryId: string, digests: readonly string[]) {
  return db
    .selectFrom('manifests as m')
    .leftJoin('manifest_refs as c', (join) =>
      join.onRef('c.manifest_id', '=', 'm.id').on('c.role', '=', 'config'),
    )
    .select(['m.digest', 'm.media_type', 'm.artifact_type', 'm.created_at'])
    .select([
      'c.digest as config_digest',
      'c.size_bytes as config_bytes',
      'c.media_type as config_type',
    ])
    .select(
      sql<string | null>`(select string_agg(p.platform, ',') from manifest_refs p
        where p.manifest_id = m.id and p.role = 'child')`.as('platforms'),
    )
    .where('m.repository_id', '=', repositoryId)
    .where('m.digest', 'in', digests)
    .where('m.deleted_at', 'is', null)
    .execute()
}

type ManifestRow = Awaited<ReturnType<typeof listManifests>>[number]

async function describeOne(
  ground: Ground,
  repositoryId: string,
  row: ManifestRow,
): Promise<ShownImage> {
  const platforms = (row.platforms ?? '')
    .split(',')
    .flatMap((text) => parsePlatform(text) ?? [])
    .filter(({ os }) => os !== 'unknown')
  const joined = (texts: readonly string[]) => [...new Set(texts)].join(',')
  return {
    digest: row.digest,
    kind: kindOf(row),
    configDigest: row.config_digest ?? '',
    createdAt: row.created_at,
    config: readImageConfig(await readText(ground, repositoryId, row), []),
    architectures: joined(platforms.map(({ architecture }) => architecture)),
    systems: joined(platforms.map(({ os }) => os)),
  }
}

/** A list shows what it can: without its store a tag still has a name and a size. */
async function readText(ground: Ground, repositoryId: string, row: ManifestRow): Promise<string> {
  const { config_digest: digest, config_bytes: sizeBytes } = row
  if (digest === null || sizeBytes === null) return ''
  try {
    return await readConfigBlob(ground, repositoryId, { digest, sizeBytes })
  } catch (error) {
    if (error instanceof StorageError) return ''
    throw error
  }
}

function kindOf(row: ManifestRow): ShownImage['kind'] {
  if (manifestKind(row.media_type) === 'index') return 'Index'
  if (row.config_type === helmConfig) return 'Chart'
  const isImage = row.artifact_type === null || row.artifact_type === row.config_type
  return isImage ? 'Image' : 'Artifact'
}

/** Tags of a repository that name the same manifest as a tag; none where there is no such tag. */
export async function listSameTags(
  db: Queryable,
  repositoryId: string,
  tag: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('tags as t')
    .innerJoin('tags as s', 's.manifest_id', 't.manifest_id')
    .select('s.name')
    .where('t.repository_id', '=', repositoryId)
    .where('t.name', '=', tag)
    .where('t.deleted_at', 'is', null)
    .where('s.deleted_at', 'is', null)
    .orderBy('s.name')
    .limit(limit)
    .execute()
  return rows.map((row) => row.name)
}
