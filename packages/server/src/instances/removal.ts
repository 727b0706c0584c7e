// The end of an instance. It is refused while people's things remain in it; what is left then (content on its way out,
// credentials, counters) goes by a job: rows in batches, bytes only where asked for, its own row last.

import { ApiError } from '@entrepot/contract/errors.ts'
import { type RawBuilder, sql } from 'kysely'
import { condemnObjects } from '../blobs/publish.ts'
import { deleteCloudTags } from '../cloud-tags/cloud-tags.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { lockForUpdate } from '../db/forms.ts'
import type { InstanceRecord } from './queries.ts'

const batchSize = 500
/** How many of a kind a refusal names. */
const named = 5

interface Remaining {
  readonly what: { readonly en: string; readonly zh: string }
  readonly names: readonly string[]
}

/** What must go first, by hand. Replicas and sync rules ask here too. */
const obstacles: readonly ((db: Queryable, instanceId: string) => Promise<Remaining>)[] = [
  async (db, instanceId) => {
    const rows = await db
      .selectFrom('namespaces')
      .select('name')
      .where('instance_id', '=', instanceId)
      .where('deleted_at', 'is', null)
      .orderBy('name')
      .limit(named + 1)
      .execute()
    return { what: { en: 'namespaces', zh: '命名空间' }, names: rows.map(({ name }) => name) }
  },
]

/** Throws OPERATION_DENIED, INSTANCE_NOT_EMPTY: each says what to do first. */
export async function assertRemovable(tx: Tx, instance: InstanceRecord): Promise<void> {
  if (instance.is_default === 1) {
    throw new ApiError('OPERATION_DENIED', {
      message: {
        en: 'this instance answers at every host that names no other, so it stays',
        zh: '该实例是默认实例，不能删除',
      },
    })
  }
  if (instance.deletion_protection === 1) {
    throw new ApiError('OPERATION_DENIED', {
      message: {
        en: `deletion protection is on: turn it off with ModifyInstance first`,
        zh: '实例已开启删除保护，请先通过 ModifyInstance 关闭',
      },
    })
  }
  const remaining: Remaining[] = []
  for (const list of obstacles) {
    const found = await list(tx, instance.id)
    if (found.names.length > 0) remaining.push(found)
  }
  if (remaining.length === 0) return
  const shown = (language: 'en' | 'zh') =>
    remaining
      .map(({ what, names }) => {
        const more = names.length > named ? ' …' : ''
        return `${what[language]} (${names.slice(0, named).join(', ')}${more})`
      })
      .join(', ')
  throw new ApiError('INSTANCE_NOT_EMPTY', {
    message: {
      en: `instance ${instance.id} still has ${shown('en')}: delete them first`,
      zh: `实例 ${instance.id} 中还有${shown('zh')}，请先删除`,
    },
    detail: { instance: instance.id, remaining },
  })
}

type Write = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>

interface Step {
  readonly table: string
  /** The primary key. */
  readonly key: readonly string[]
  readonly where: (instanceId: string) => RawBuilder<unknown>
}

const ofRepositories = (id: string) =>
  sql`repository_id in (select id from repositories where instance_id = ${id})`
const ofNamespaces = (column: string) => (id: string) =>
  sql`${sql.ref(column)} in (select id from namespaces where instance_id = ${id})`
const ofInstance = (id: string) => sql`instance_id = ${id}`

/** What names others before what is named. A table with an `instance_id` that is missing here fails a test. */
const steps: readonly Step[] = [
  { table: 'tags', key: ['id'], where: ofRepositories },
  { table: 'deletions', key: ['id'], where: ofInstance },
  { table: 'tag_history', key: ['id'], where: ofRepositories },
  { table: 'repository_blobs', key: ['repository_id', 'blob_id'], where: ofRepositories },
  { table: 'manifests', key: ['id'], where: ofInstance },
  { table: 'charts', key: ['instance_id', 'digest'], where: ofInstance },
  { table: 'manifest_bytes', key: ['instance_id', 'digest'], where: ofInstance },
  { table: 'blobs', key: ['id'], where: ofInstance },
  {
    table: 'namespace_contents',
    key: ['namespace_id', 'digest'],
    where: ofNamespaces('namespace_id'),
  },
  {
    table: 'tagged_resources',
    key: ['kind', 'resource_id', 'key'],
    where: (id) => sql`(kind = 'repository' and resource_id in
      (select id from repositories where instance_id = ${id}))
      or (kind = 'namespace' and resource_id in
      (select id from namespaces where instance_id = ${id}))
      or (kind = 'service-account' and resource_id in
      (select id from service_accounts where instance_id = ${id}))`,
  },
  { table: 'token_exchange_rules', key: ['id'], where: ofInstance },
  { table: 'service_accounts', key: ['id'], where: ofInstance },
  { table: 'user_credentials', key: ['id'], where: ofInstance },
  { table: 'counter_deltas', key: ['id'], where: ofNamespaces('scope_id') },
  { table: 'counters', key: ['scope_id', 'metric'], where: ofNamespaces('scope_id') },
  { table: 'repositories', key: ['id'], where: ofInstance },
  { table: 'namespaces', key: ['id'], where: ofInstance },
  { table: 'storage_moves', key: ['id'], where: ofInstance },
]

/** Removed by `removeObjects`, which may condemn what they name. */
const objectTables = ['uploads', 'blob_copies'] as const

/** For the test that asks whether every table is dealt with. */
export const removedTables: readonly string[] = [
  ...steps.map(({ table }) => table),
  ...objectTables,
  'storage_backends',
]

export interface Removal {
  readonly instanceId: string
  /** Bytes too; else they stay where they are, and nothing looks after them any more. */
  readonly withBytes: boolean
}

/** Repeatable from wherever it was stopped. */
export async function removeInstance(
  write: Write,
  removal: Removal,
  clock: (tx: Tx) => Promise<number>,
  signal: AbortSignal,
): Promise<void> {
  let isGone = false
  while (!isGone) {
    for (const table of objectTables) {
      while (await write(async (tx) => removeObjects(tx, table, removal, await clock(tx)))) {
        signal.throwIfAborted()
      }
    }
    for (const step of steps) {
      while (await write((tx) => removeBatch(tx, step, removal.instanceId))) signal.throwIfAborted()
    }
    signal.throwIfAborted()
    isGone = await write(async (tx) => removeLast(tx, removal, await clock(tx)))
  }
}

/** True while there may be more. */
async function removeObjects(
  tx: Tx,
  table: (typeof objectTables)[number],
  { instanceId, withBytes }: Removal,
  at: number,
): Promise<boolean> {
  const rows = await tx
    .selectFrom(table)
    .select(['id', 'backend_id', 'key'])
    .$if(table === 'uploads', (query) => query.where(sql<boolean>`instance_id = ${instanceId}`))
    .$if(table === 'blob_copies', (query) =>
      query.where(
        sql<boolean>`blob_id in (select id from blobs where instance_id = ${instanceId})`,
      ),
    )
    .limit(batchSize)
    .execute()
  if (rows.length === 0) return false
  const ids = rows.map(({ id }) => id)
  await tx.deleteFrom(table).where('id', 'in', ids).execute()
  if (withBytes) {
    const objects = rows.map(({ backend_id: backendId, key }) => ({ backendId, key }))
    await condemnObjects(tx, objects, at)
  }
  return true
}

/** True while there may be more. */
async function removeBatch(tx: Tx, step: Step, instanceId: string): Promise<boolean> {
  const key = sql.join(step.key.map((column) => sql.ref(column)))
  const table = sql.table(step.table)
  const { numAffectedRows } = await sql`delete from ${table} where (${key}) in
    (select ${key} from ${table} where ${step.where(instanceId)} limit ${sql.lit(batchSize)})`.execute(
    tx,
  )
  return (numAffectedRows ?? 0n) >= BigInt(batchSize)
}

/** False: a request that was on its way has left something meanwhile. */
async function removeLast(
  tx: Tx,
  { instanceId, withBytes }: Removal,
  at: number,
): Promise<boolean> {
  await lockForUpdate(tx, 'instances', [instanceId])
  for (const table of ['namespaces', 'blobs', 'manifests'] as const) {
    const late = await tx
      .selectFrom(table)
      .select('instance_id')
      .where('instance_id', '=', instanceId)
      .limit(1)
      .executeTakeFirst()
    if (late) return false
  }
  await deleteCloudTags(tx, { kind: 'instance', id: instanceId })
  for (const table of ['counters', 'counter_deltas'] as const) {
    await tx.deleteFrom(table).where('scope_id', '=', instanceId).execute()
  }
  const isSection = sql<boolean>`store_id is not null and instance_id = ${instanceId}`
  if (withBytes) {
    await tx.updateTable('storage_backends').set({ retired_at: at }).where(isSection).execute()
  } else {
    for (const table of ['condemned_objects', 'orphan_sightings'] as const) {
      const sections = tx.selectFrom('storage_backends').select('id').where(isSection)
      await tx.deleteFrom(table).where('backend_id', 'in', sections).execute()
    }
    await tx.deleteFrom('storage_backends').where(isSection).execute()
  }
  await tx.deleteFrom('instances').where('id', '=', instanceId).execute()
  return true
}
