// `putManifest` is the only writer of manifests, for `/v2` and for everything inside. One transaction: it
// locks what the manifest names (in digest order, so that two of them can't wait for each other), checks that
// it is present, and inserts; a blob's removal waits for the lock and then sees the row.
//
// A missing child of an index is accepted, as is a non-distributable layer; a missing config or layer only
// where the instance accepts sparse images. What is missing is kept with `present = 0` and becomes whole in
// the transaction that brings it.

import { ApiError } from '@entrepot/contract/errors.ts'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { type ManifestRef, type ParsedManifest, parseManifest } from '@entrepot/oci/manifest.ts'
import { ManifestProblem } from '@entrepot/oci/manifest-problem.ts'
import type { Tag } from '@entrepot/oci/reference.ts'
import type { Selectable } from 'kysely'
import { recordAudit } from '../audit/audit.ts'
import type { Origin } from '../audit/origin.ts'
import { addContent } from '../blobs/contents.ts'
import { markArrived } from '../blobs/publish.ts'
import { type ChartFacts, isChart } from '../charts/facts.ts'
import { insertChart } from '../charts/record.ts'
import { batches } from '../db/batches.ts'
import type { Tx } from '../db/database.ts'
import { forKeyShare, lockForUpdate } from '../db/forms.ts'
import { newId } from '../db/ids.ts'
import { columns, isChanged, prepare, run } from '../db/prepared.ts'
import type { ManifestBytesTable, ManifestsTable } from '../db/schema.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import { Bill } from '../quotas/quotas.ts'
import { bearRepository, type Repository } from '../repositories/repositories.ts'
import { moveTag } from '../tags/tags.ts'
import { refuseDeepNesting } from './nesting.ts'

export interface PutManifest {
  readonly instance: Instance
  readonly namespace: Namespace
  readonly repository: Repository
  readonly manifest: CheckedManifest
  readonly tags: readonly Tag[]
  /** A tag that names another image stays there: throws TAG_EXISTS. */
  readonly keepsTags?: boolean
  /** Of a chart, where its config was read already. */
  readonly chart?: ChartFacts | undefined
  readonly origin: Origin
  readonly at: number
}

export interface CheckedManifest {
  readonly bytes: Uint8Array
  readonly digest: Digest
  readonly parsed: ParsedManifest
}

/** The part that needs no database; throws in the protocol's own terms. */
export function checkManifest(
  bytes: Uint8Array,
  contentType: string | undefined,
  algorithm: 'sha256' | 'sha512',
): CheckedManifest {
  try {
    const parsed = parseManifest(bytes, contentType)
    return { bytes, digest: digestOf(algorithm, bytes), parsed }
  } catch (error) {
    if (error instanceof ManifestProblem) throw asApiError(error)
    throw error
  }
}

function asApiError(problem: ManifestProblem): ApiError {
  const { message, detail } = problem
  switch (problem.code) {
    case 'media-type':
      return new ApiError('MEDIA_TYPE_UNSUPPORTED', { message, detail })
    case 'too-large':
      return new ApiError('MANIFEST_TOO_LARGE', { message, detail })
    case 'invalid':
    case 'schema1':
    case 'too-many-refs':
    case 'too-deep':
      return new ApiError('MANIFEST_INVALID', { message, detail })
  }
}

/** What else the transaction charges goes on the same bill. */
export async function putManifest(tx: Tx, put: PutManifest, bill = new Bill()): Promise<void> {
  const { instance, repository, manifest, origin, at } = put
  const present = await lockRefsOrRepository(tx, repository.id, manifest.parsed.refs)
  refuseMissing(put, present)
  const metric = isChart(manifest.parsed) ? 'chart-repositories' : 'repositories'
  await bearRepository(tx, bill, { instance, repository, metric }, { origin, at })
  const manifestId = await findOrInsert(tx, bill, put, present)
  for (const name of put.tags) {
    const change = { instance, repository, name, origin, at, cause: 'user' as const }
    const { keepsTags = false } = put
    await moveTag(tx, bill, { ...change, keepsTags }, { manifestId, digest: manifest.digest })
  }
  await recordPush(tx, put)
  await bill.settle(tx)
}

async function findOrInsert(
  tx: Tx,
  bill: Bill,
  put: PutManifest,
  present: ReadonlySet<string>,
): Promise<string> {
  const { repository, manifest } = put
  const live = await run(tx, holdLive, { repository: repository.id, digest: manifest.digest })
  const known = live.rows[0]
  // Bytes that `verify` found damaged went; whoever has the manifest brings them back.
  if (known && !known.has_bytes) await storeBytes(tx, bill, put)
  if (known) return known.id
  const inserted = await insertManifest(tx, bill, put, present)
  // Another push of the same bytes came first: then it is found, unless it was deleted since.
  return inserted ?? findOrInsert(tx, bill, put, present)
}

const holdLive = prepare<{ repository: string; digest: Digest }>()((db, p) =>
  db
    .selectFrom('manifests')
    .select('id')
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('manifest_bytes as b')
          .select('b.digest')
          .whereRef('b.instance_id', '=', 'manifests.instance_id')
          .whereRef('b.digest', '=', 'manifests.digest'),
      ).as('has_bytes'),
    )
    .where('repository_id', '=', p('repository'))
    .where('digest', '=', p('digest'))
    .where('deleted_at', 'is', null)
    .$call((query) => forKeyShare(db, query)),
)

/**
 * Where something is missing the repository is locked before looking again: whoever brings it meanwhile has
 * either committed by then, or waits (by the foreign key of the row it inserts) and then sees our references.
 * Without this, neither would see the other, and what arrived would stay marked as missing.
 */
async function lockRefsOrRepository(
  tx: Tx,
  repositoryId: string,
  refs: readonly ManifestRef[],
): Promise<ReadonlySet<string>> {
  const present = await lockRefs(tx, repositoryId, refs)
  if (refs.every((ref) => present.has(ref.digest))) return present
  await lockForUpdate(tx, 'repositories', [repositoryId])
  return lockRefs(tx, repositoryId, refs)
}

/** Digests that are here, locked until the transaction ends. */
async function lockRefs(
  tx: Tx,
  repositoryId: string,
  refs: readonly ManifestRef[],
): Promise<ReadonlySet<string>> {
  const present = new Set<string>()
  const digestsOf = (target: ManifestRef['target']) =>
    [...new Set(refs.filter((ref) => ref.target === target).map((ref) => ref.digest))].sort()
  for (const digests of batches(digestsOf('blob'))) {
    const rows = await tx
      .selectFrom('blobs as b')
      .innerJoin('repository_blobs as rb', 'rb.blob_id', 'b.id')
      .select('b.digest')
      .where('rb.repository_id', '=', repositoryId)
      .where('b.digest', 'in', digests)
      .where('b.state', '=', 'present')
      .orderBy('b.digest')
      .$call((query) => forKeyShare(tx, query))
      .execute()
    for (const row of rows) present.add(row.digest)
  }
  for (const digests of batches(digestsOf('manifest'))) {
    const rows = await tx
      .selectFrom('manifests')
      .select('digest')
      .where('repository_id', '=', repositoryId)
      .where('digest', 'in', digests)
      .where('deleted_at', 'is', null)
      .orderBy('digest')
      .$call((query) => forKeyShare(tx, query))
      .execute()
    for (const row of rows) present.add(row.digest)
  }
  return present
}

function refuseMissing({ instance, manifest }: PutManifest, present: ReadonlySet<string>): void {
  if (instance.acceptsSparse) return
  const missing = manifest.parsed.refs
    .filter((ref) => !ref.optional && !present.has(ref.digest))
    .map((ref) => ref.digest)
  if (missing.length === 0) return
  const digests = [...new Set(missing)]
  throw new ApiError('MANIFEST_BLOB_UNKNOWN', {
    message: `the manifest names blobs that are not in this repository: ${digests.join(', ')}; push them first`,
    detail: digests.map((digest) => ({ digest })),
  })
}

const insertRow = prepare<
  Omit<Selectable<ManifestsTable>, 'deleted_at' | 'deleted_by' | 'delete_cause' | 'deletion_id'>
>()((db, p) =>
  db
    .insertInto('manifests')
    .values({
      ...columns(p, ['id', 'instance_id', 'repository_id', 'digest', 'media_type']),
      ...columns(p, ['artifact_type', 'subject_digest', 'annotations', 'size_bytes']),
      ...columns(p, ['content_bytes', 'created_at', 'created_by']),
      deleted_at: null,
      deleted_by: null,
      delete_cause: null,
    })
    .onConflict((oc) =>
      oc.columns(['repository_id', 'digest']).where('deleted_at', 'is', null).doNothing(),
    ),
)

async function insertManifest(
  tx: Tx,
  bill: Bill,
  put: PutManifest,
  present: ReadonlySet<string>,
): Promise<string | undefined> {
  const { instance, namespace, repository, manifest, origin, at } = put
  const { digest, bytes, parsed } = manifest
  await storeBytes(tx, bill, put)
  const id = newId()
  const inserted = await run(tx, insertRow, {
    id,
    instance_id: instance.id,
    repository_id: repository.id,
    digest,
    media_type: parsed.mediaType,
    artifact_type: parsed.artifactType ?? null,
    subject_digest: parsed.subject?.digest ?? null,
    annotations: parsed.subject ? JSON.stringify(parsed.annotations) : null,
    size_bytes: bytes.byteLength,
    content_bytes: parsed.contentBytes,
    created_at: at,
    created_by: origin.actor,
  })
  if (!isChanged(inserted)) return undefined
  await refuseDeepNesting(tx, repository.id, put.manifest)
  await insertRefs(tx, id, put, present)
  await addContent(tx, bill, namespace.id, digest, bytes.byteLength)
  await run(tx, markArrived, { repository: repository.id, digest })
  return id
}

const insertBytes = prepare<Selectable<ManifestBytesTable>>()((db, p) =>
  db
    .insertInto('manifest_bytes')
    .values(columns(p, ['instance_id', 'digest', 'bytes']))
    .onConflict((oc) => oc.columns(['instance_id', 'digest']).doNothing()),
)

/**
 * Bytes that are there already are held: the purge of the last manifest of this digest locks them too, and
 * then looks for manifests again.
 */
async function storeBytes(
  tx: Tx,
  bill: Bill,
  put: Pick<PutManifest, 'instance' | 'manifest' | 'chart' | 'at'>,
): Promise<void> {
  const { digest, bytes, parsed } = put.manifest
  const instanceId = put.instance.id
  const stored = await run(tx, insertBytes, { instance_id: instanceId, digest, bytes })
  if (isChanged(stored)) {
    bill.add(instanceId, 'bytes', bytes.byteLength)
    if (isChart(parsed)) await insertChart(tx, { instanceId, digest }, put.chart, put.at)
    return
  }
  const held = await tx
    .selectFrom('manifest_bytes')
    .select('digest')
    .where('instance_id', '=', instanceId)
    .where('digest', '=', digest)
    .$call((query) => forKeyShare(tx, query))
    .executeTakeFirst()
  // Purged between the two statements.
  if (!held) await storeBytes(tx, bill, put)
}

async function insertRefs(
  tx: Tx,
  manifestId: string,
  put: PutManifest,
  present: ReadonlySet<string>,
): Promise<void> {
  const rows = put.manifest.parsed.refs.map((ref) => ({
    manifest_id: manifestId,
    position: ref.position,
    repository_id: put.repository.id,
    role: ref.role,
    digest: ref.digest,
    media_type: ref.mediaType,
    size_bytes: ref.sizeBytes,
    platform: ref.platform ?? null,
    present: present.has(ref.digest) ? 1 : 0,
  }))
  for (const batch of batches(rows)) await tx.insertInto('manifest_refs').values(batch).execute()
}

async function recordPush(tx: Tx, put: PutManifest): Promise<void> {
  const { instance, repository, manifest, tags, origin, at } = put
  const { digest, parsed } = manifest
  await record(tx, {
    type: 'image.pushed',
    at,
    instanceId: instance.id,
    region: instance.region,
    repository,
    origin,
    cause: 'user',
    payload: {
      digest,
      mediaType: parsed.mediaType,
      artifactType: parsed.artifactType ?? null,
      sizeBytes: manifest.bytes.byteLength,
      subject: parsed.subject?.digest ?? null,
      tags,
    },
  })
  await recordAudit(tx, {
    at,
    instanceId: instance.id,
    origin,
    action: 'tcr:PushRepository',
    ownerUin: put.namespace.ownerUin,
    resource: repository.path,
    reference: tags.length > 0 ? tags.join(',') : digest,
    result: 'ok',
  })
}
