// A namespace groups repositories and decides whether they can be pulled without a login.

import { ApiError } from '@entrepot/contract/errors.ts'
import { parseNamespaceName } from '@entrepot/oci/reference.ts'
import type { Origin } from '../audit/origin.ts'
import { deleteCloudTags } from '../cloud-tags/cloud-tags.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { forKeyShare, forUpdate } from '../db/forms.ts'
import { newId } from '../db/ids.ts'
import { nextNumber } from '../db/numbering.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import { accountScope } from '../quotas/account-scope.ts'
import { Bill } from '../quotas/quotas.ts'

export interface Namespace {
  readonly id: string
  readonly name: string
  readonly isPublic: boolean
  /** Of the Personal edition: the account that has it; undefined: it is the instance's. */
  readonly ownerUin?: number | undefined
}

export type Severity = '' | 'low' | 'medium' | 'high'

/** What happens to images of the namespace; enforced by scanning. */
export interface ScanSettings {
  readonly autoScan: boolean
  readonly blocksVulnerable: boolean
  readonly blockSeverity: Severity
  /** Ids of vulnerabilities that never block. */
  readonly cveAllowList: readonly string[]
}

export interface NewNamespace {
  readonly name: string
  readonly isPublic: boolean
  /** Of the Personal edition. */
  readonly ownerUin?: number
  readonly scan?: Partial<ScanSettings>
  readonly createdBy: number
  readonly at: number
}

/** 2–30 of `[a-z0-9]` with single separators inside (spec "Namespaces and repositories"). */
export function isNamespaceName(text: string): boolean {
  return parseNamespaceName(text) !== undefined
}

export async function createNamespace(
  tx: Tx,
  instance: Instance,
  input: NewNamespace,
  origin: Origin,
): Promise<Namespace> {
  if (!isNamespaceName(input.name)) {
    throw new ApiError('NAME_INVALID', {
      message:
        'a namespace name has 2 to 30 characters of a-z and 0-9, with single . _ or - between them',
      detail: { namespace: input.name },
    })
  }
  const id = newId()
  const inserted = await tx
    .insertInto('namespaces')
    .values({
      id,
      instance_id: instance.id,
      name: input.name,
      is_public: input.isPublic ? 1 : 0,
      created_at: input.at,
      created_by: input.createdBy,
      owner_uin: input.ownerUin ?? null,
      ...toColumns(input.scan ?? {}),
    })
    .onConflict((oc) =>
      oc.columns(['instance_id', 'name']).where('deleted_at', 'is', null).doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  if (!inserted) throw namespaceExists(input.name)
  await record(tx, {
    type: 'namespace.created',
    at: input.at,
    instanceId: instance.id,
    region: instance.region,
    origin,
    cause: 'user',
    payload: { namespace: input.name, isPublic: input.isPublic },
  })
  // Last, since both hold what every other creator waits for.
  const number = await nextNumber(tx, 'namespace')
  await tx.updateTable('namespaces').set({ number }).where('id', '=', id).execute()
  await countNamespace(tx, instance, input.ownerUin, 1)
  return { id, name: input.name, isPublic: input.isPublic, ownerUin: input.ownerUin }
}

async function countNamespace(
  tx: Tx,
  instance: Pick<Instance, 'id'>,
  ownerUin: number | undefined,
  delta: 1 | -1,
): Promise<void> {
  const bill = new Bill()
  bill.add(instance.id, 'namespaces', delta)
  if (ownerUin !== undefined) bill.add(accountScope(ownerUin), 'namespaces', delta)
  await bill.settle(tx)
}

function toColumns(scan: Partial<ScanSettings>) {
  const { autoScan, blocksVulnerable, blockSeverity, cveAllowList } = scan
  return {
    ...(autoScan !== undefined && { auto_scan: autoScan ? 1 : 0 }),
    ...(blocksVulnerable !== undefined && { block_vulnerable: blocksVulnerable ? 1 : 0 }),
    ...(blockSeverity !== undefined && { block_severity: blockSeverity }),
    ...(cveAllowList !== undefined && { cve_allow_list: JSON.stringify(cveAllowList) }),
  }
}

export interface NamespaceChange {
  readonly isPublic?: boolean | undefined
  readonly scan?: Partial<ScanSettings>
  readonly at: number
  readonly origin: Origin
}

/** Public ↔ private holds for the next request on every process. Throws NAMESPACE_UNKNOWN. */
export async function updateNamespace(
  tx: Tx,
  instance: Instance,
  name: string,
  change: NamespaceChange,
): Promise<Namespace> {
  const { isPublic, at, origin } = change
  const current = await lockNamespace(tx, instance.id, name)
  const columns = {
    ...(isPublic !== undefined && { is_public: isPublic ? 1 : 0 }),
    ...toColumns(change.scan ?? {}),
  }
  if (Object.keys(columns).length > 0) {
    await tx.updateTable('namespaces').set(columns).where('id', '=', current.id).execute()
  }
  if (isPublic === undefined || isPublic === current.isPublic) return current
  await record(tx, {
    type: 'namespace.access-changed',
    at,
    instanceId: instance.id,
    region: instance.region,
    origin,
    cause: 'user',
    payload: { namespace: name, isPublic },
  })
  return { ...current, isPublic }
}

/** Only an empty one (spec). What is left of its repositories goes with the sweeps, and then its row. */
export async function deleteNamespace(
  tx: Tx,
  instance: Instance,
  name: string,
  change: { readonly at: number; readonly origin: Origin },
): Promise<void> {
  // Whoever bears a repository in it holds the row: one of the two sees the other.
  const namespace = await lockNamespace(tx, instance.id, name)
  const repositories = await tx
    .selectFrom('repositories')
    .select('path')
    .where('namespace_id', '=', namespace.id)
    .where('deleted_at', 'is', null)
    .where('born_at', 'is not', null)
    .orderBy('path')
    .limit(namedRepositories)
    .execute()
  if (repositories.length > 0) throw namespaceNotEmpty(name, repositories)
  await tx
    .updateTable('namespaces')
    .set({ deleted_at: change.at })
    .where('id', '=', namespace.id)
    .execute()
  await tx
    .deleteFrom('service_account_permissions')
    .where('namespace_id', '=', namespace.id)
    .execute()
  await tx.deleteFrom('retention_rules').where('namespace_id', '=', namespace.id).execute()
  await tx.deleteFrom('immutability_rules').where('namespace_id', '=', namespace.id).execute()
  await tx.deleteFrom('chart_keys').where('namespace_id', '=', namespace.id).execute()
  await deleteCloudTags(tx, { kind: 'namespace', id: namespace.id })
  await record(tx, {
    type: 'namespace.deleted',
    at: change.at,
    instanceId: instance.id,
    region: instance.region,
    origin: change.origin,
    cause: 'user',
    payload: { namespace: name },
  })
  await countNamespace(tx, instance, namespace.ownerUin, -1)
}

/** How many repositories a refusal names. */
const namedRepositories = 5

export async function lockNamespace(tx: Tx, instanceId: string, name: string): Promise<Namespace> {
  const row = await forUpdate(tx, selectByName(tx, instanceId, name)).executeTakeFirst()
  if (!row) throw namespaceUnknown(name)
  return fromRow(row)
}

/**
 * Holds a namespace against its deletion, and tells whose it is (null: the instance's). Throws NAMESPACE_UNKNOWN where
 * its deletion came first.
 */
export async function holdNamespace(tx: Tx, namespaceId: string): Promise<number | null> {
  const row = await tx
    .selectFrom('namespaces')
    .select('owner_uin')
    .where('id', '=', namespaceId)
    .where('deleted_at', 'is', null)
    .$call((query) => forKeyShare(tx, query))
    .executeTakeFirst()
  if (!row) throw new ApiError('NAMESPACE_UNKNOWN')
  return row.owner_uin
}

export async function findNamespace(
  db: Queryable,
  instanceId: string,
  name: string,
): Promise<Namespace | undefined> {
  const row = await selectByName(db, instanceId, name).executeTakeFirst()
  return row && fromRow(row)
}

function fromRow(row: {
  readonly id: string
  readonly name: string
  readonly is_public: number
  readonly owner_uin: number | null
}): Namespace {
  const { id, name } = row
  return { id, name, isPublic: row.is_public === 1, ownerUin: row.owner_uin ?? undefined }
}

function selectByName(db: Queryable, instanceId: string, name: string) {
  return db
    .selectFrom('namespaces')
    .select(['id', 'name', 'is_public', 'owner_uin'])
    .where('instance_id', '=', instanceId)
    .where('name', '=', name)
    .where('deleted_at', 'is', null)
}

export async function listNamespaceNames(
  db: Queryable,
  instanceId: string,
  which: { readonly ids: readonly string[]; readonly withPublic: boolean },
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('namespaces')
    .select('name')
    .where('instance_id', '=', instanceId)
    .where('deleted_at', 'is', null)
    .where((eb) =>
      eb.or([
        ...(which.ids.length > 0 ? [eb('id', 'in', which.ids)] : []),
        ...(which.withPublic ? [eb('is_public', '=', 1)] : []),
      ]),
    )
    .execute()
  return rows.map((row) => row.name)
}

export function namespaceUnknown(name: string): ApiError {
  return new ApiError('NAMESPACE_UNKNOWN', {
    message: { en: `namespace ${name} not found`, zh: `没有命名空间 ${name}` },
    detail: { namespace: name },
  })
}

function namespaceExists(name: string): ApiError {
  return new ApiError('NAMESPACE_EXISTS', {
    message: { en: `a namespace ${name} exists`, zh: `命名空间 ${name} 已存在` },
    detail: { namespace: name },
  })
}

function namespaceNotEmpty(
  name: string,
  repositories: readonly { readonly path: string }[],
): ApiError {
  const paths = repositories.map(({ path }) => path)
  return new ApiError('NAMESPACE_NOT_EMPTY', {
    message: {
      en: `namespace ${name} still has repositories (${paths.join(', ')}): delete them first`,
      zh: `命名空间 ${name} 中还有仓库（${paths.join('、')}），请先删除`,
    },
    detail: { namespace: name, repositories: paths },
  })
}
