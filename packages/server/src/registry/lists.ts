// end-8 (tags), end-12 (referrers) and the catalog. All pages are by key: the last one costs what the first does.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Digest } from '@entrepot/oci/digest.ts'
import { ociIndex } from '@entrepot/oci/media-types.ts'
import { type Referrer, referrersPage, referrersTag } from '@entrepot/oci/referrers.ts'
import { describeRepositories, pullRepository } from '../access/actions.ts'
import { findKnownValues } from '../access/known-values.ts'
import { type VisibleRepositories, visibleRepositories } from '../access/visibility.ts'
import { formatEtag, matchesEtag } from '../http/etag.ts'
import { mediaTypeParameter } from '../http/query.ts'
import { findTaggedManifest, listReferrers } from '../manifests/queries.ts'
import { listNamespaceNames } from '../namespaces/namespaces.ts'
import { listReached } from '../repositories/catalog.ts'
import { listCatalog, listCatalogBetween } from '../repositories/repositories.ts'
import { listTagNames } from '../tags/tags.ts'
import { accessOf, ask, authorize, namespaceOf } from './authorize.ts'
import type { Call, Reply } from './call.ts'
import { challengeOf } from './challenge.ts'
import { fallbackReferrers } from './fallback-referrers.ts'
import { digestOfText, nextLink, pageOf } from './page.ts'
import type { Name } from './routes.ts'

/** Referrers looked at for one page; more follow behind its `Link`. */
const referrersPerPage = 1000

export async function listTags(call: Call, name: Name): Promise<Reply> {
  const { db } = call.registry
  const page = pageOf(call.query)
  const found = db.fetch(listTagNames, {
    instance: call.instance.id,
    namespace: name.namespace,
    path: name.path,
    last: page.last,
    limit: page.limit + 1,
  })
  const row = (found instanceof Promise ? await found : found)[0]
  const namespace = namespaceOf(row)
  authorize(call, { action: pullRepository, name, namespace, hiddenAs: 'NAME_UNKNOWN' })
  if (!row?.repository_id || row.born_at === null) throw new ApiError('NAME_UNKNOWN')
  const names = row.names?.split(',') ?? []
  return listReply(call, name.path, 'tags', { names, limit: page.limit, key: name.path })
}

export async function getCatalog(call: Call): Promise<Reply> {
  authorizeCatalog(call)
  const page = pageOf(call.query)
  const names = await visiblePaths(call, page.last, page.limit + 1)
  return listReply(call, '', 'repositories', { names, limit: page.limit, key: undefined })
}

function authorizeCatalog(call: Call): void {
  const decision = ask(call, describeRepositories, { kind: 'instance' })
  if (decision.kind === 'allowed') return
  call.registry.audit.refusal({
    origin: call.origin,
    instanceId: call.instance.id,
    action: describeRepositories,
    resource: '*',
    reason: 'reason' in decision ? decision.reason : 'token-scope',
  })
  if (decision.kind === 'denied') throw new ApiError('DENIED')
  const error = decision.kind === 'scope-needed' ? 'insufficient_scope' : undefined
  throw new ApiError('UNAUTHORIZED', { headers: challengeOf(call, 'registry:catalog:*', error) })
}

async function visibleTo(call: Call): Promise<VisibleRepositories> {
  const { registry, instance } = call
  const access = accessOf(call)
  const visible = visibleRepositories(access.actor, instance, access)
  if (visible.kind !== 'reach') return visible
  const known = await findKnownValues(registry.db, instance.ownerUin, visible.reach)
  return known ? visibleRepositories(access.actor, instance, { ...access, known }) : visible
}

/** Filtered in the database, by what the caller may see. */
async function visiblePaths(call: Call, last: string, limit: number): Promise<string[]> {
  const { db } = call.registry
  const instance = call.instance.id
  const visible = await visibleTo(call)
  if (visible.kind === 'all') {
    return (await db.fetch(listCatalog, { instance, last, limit })).map((row) => row.path)
  }
  if (visible.kind === 'reach') {
    const { reach, withPublic } = visible
    // What is asked of each row may have to be asked of many before one is shown.
    const queryable = reach.rows ? db.heavy : db.read
    return listReached(queryable, { instanceId: instance, reach, withPublic, last, limit })
  }
  const names = await listNamespaceNames(db.read, instance, visible)
  const paths: string[] = []
  // Each namespace is one stretch of the list: no row is read that isn't shown.
  for (const prefix of names.map((name) => `${name}/`).sort()) {
    if (paths.length >= limit) break
    const after = last > prefix ? last : prefix
    const before = endOfPrefix(prefix)
    if (after >= before) continue
    const range = { instance, after, before, limit: limit - paths.length }
    for (const row of await db.fetch(listCatalogBetween, range)) paths.push(row.path)
  }
  return paths
}

/** The first text behind all that begin so: `0` follows `/`. */
function endOfPrefix(prefix: string): string {
  return `${prefix.slice(0, -1)}0`
}

interface Listed {
  readonly names: string[]
  readonly limit: number
  readonly key: string | undefined
}

function listReply(
  call: Call,
  path: string,
  field: 'tags' | 'repositories',
  listed: Listed,
): Reply {
  const { names, limit, key } = listed
  const hasMore = names.length > limit
  if (hasMore) names.length = limit
  const body = key === undefined ? { [field]: names } : { name: key, [field]: names }
  const text = JSON.stringify(body)
  const etag = formatEtag(digestOfText(text))
  const base = field === 'tags' ? `/v2/${path}/tags/list` : '/v2/_catalog'
  const headers = {
    'Content-Type': 'application/json',
    ETag: etag,
    ...(hasMore &&
      limit > 0 && {
        Link: nextLink(base, new URLSearchParams({ n: String(limit), last: names.at(-1) ?? '' })),
      }),
  }
  if (matchesEtag(call.req.headers['if-none-match'], etag)) return { status: 304, headers }
  return { status: 200, headers, body: text }
}

export async function getReferrers(call: Call, name: Name, subject: Digest): Promise<Reply> {
  const { db } = call.registry
  const artifactType = mediaTypeParameter(call.query, 'artifactType') ?? ''
  const key = { instance: call.instance.id, namespace: name.namespace, path: name.path }
  const rows = await db.fetch(findTaggedManifest, { ...key, tag: referrersTag(subject) })
  const row = rows[0]
  const namespace = namespaceOf(row)
  authorize(call, { action: pullRepository, name, namespace, hiddenAs: 'NAME_UNKNOWN' })
  if (!namespace) throw new ApiError('NAME_UNKNOWN')
  const referrers = row?.repository_id
    ? await referrersOf(call, row.repository_id, { subject, artifactType, fallback: row.bytes })
    : []
  const { body, count } = referrersPage(referrers.slice(0, referrersPerPage))
  const last = referrers[count - 1]?.digest
  const link = new URLSearchParams({ last: last ?? '' })
  if (artifactType !== '') link.set('artifactType', artifactType)
  return {
    status: 200,
    headers: {
      'Content-Type': ociIndex,
      ...(artifactType !== '' && { 'OCI-Filters-Applied': 'artifactType' }),
      ...(count < referrers.length && {
        Link: nextLink(`/v2/${name.path}/referrers/${subject}`, link),
      }),
    },
    body,
  }
}

interface ReferrersQuery {
  readonly subject: Digest
  readonly artifactType: string
  /** The index that clients keep under the fallback tag, where there is one. */
  readonly fallback: Uint8Array | null
}

/** In the order of their digests, from behind `last` on, one more than a page. */
async function referrersOf(
  call: Call,
  repositoryId: string,
  query: ReferrersQuery,
): Promise<readonly Referrer[]> {
  const last = call.query.get('last') ?? ''
  const rows = await call.registry.db.fetch(listReferrers, {
    repository: repositoryId,
    subject: query.subject,
    artifactType: query.artifactType,
    last,
    limit: referrersPerPage + 1,
  })
  const stored = rows.map(
    (row): Referrer => ({
      mediaType: row.media_type,
      digest: row.digest as Digest,
      sizeBytes: row.size_bytes,
      artifactType: row.artifact_type ?? undefined,
      annotations: row.annotations ? (JSON.parse(row.annotations) as Record<string, string>) : {},
    }),
  )
  if (!query.fallback) return stored
  const known = new Set(stored.map((referrer) => referrer.digest))
  const older = fallbackReferrers(query.fallback).filter(
    (referrer) =>
      !known.has(referrer.digest) &&
      referrer.digest > last &&
      (query.artifactType === '' || referrer.artifactType === query.artifactType),
  )
  return [...stored, ...older].sort((a, b) => (a.digest < b.digest ? -1 : 1))
}
