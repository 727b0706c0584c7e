// The operator's actions on storage backends. What a store needs to be opened is sealed in its row, and every process
// opens it when it is first asked for.

import { isAbsolute } from 'node:path'
import type { ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import {
  createStorageBackend,
  deleteStorageBackend,
  describeStorageBackends,
  modifyStorageBackend,
} from '@entrepot/contract/entrepot/storage-backends.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import {
  type ActionCall,
  type ActionGround,
  change,
  type Handler,
  read,
} from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import type { Queryable } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import {
  type Backend,
  defaultBackend,
  findBackend,
  findDeploymentId,
  listStores,
  openSettings,
  sealSettings,
} from '../storage/backends.ts'
import type { Driver } from '../storage/driver.ts'
import { claimStore, readMarker } from '../storage/marker.ts'
import type { FolderSettings, S3Settings, StorageSettings } from '../storage/open.ts'
import { probeStore } from '../storage/probe.ts'
import { asOperationFailed, findNamedStore } from './stores.ts'

const probeLimitMs = 60_000

export const storeHandlers: readonly Handler[] = [
  change(
    createStorageBackend,
    async ({ tx, at, input, prepared: { id, kind, sealed } }) => {
      const inserted = await tx
        .insertInto('storage_backends')
        .values({
          id,
          kind,
          settings_wrapped: sealed,
          name: input.StorageName,
          created_at: at,
          // Of one that is attached again: greater than any that a process may remember of it.
          revision: at,
        })
        .onConflict((oc) => oc.doNothing())
        .returning('id')
        .executeTakeFirst()
      if (inserted) return {}
      if (await findNamedStore(tx, input.StorageName)) throw storeExists(input.StorageName)
      throw attachedMeanwhile()
    },
    prepareStore,
  ),

  read(describeStorageBackends, async ({ db, ground, input }) => {
    const stores = await listStores(db)
    const { offset, limit } = pageRange(describeStorageBackends.paging, input)
    const shown = stores.slice(offset, offset + limit)
    const StorageBackends = await Promise.all(shown.map((one) => toWire(ground, one)))
    return { StorageBackends, TotalCount: stores.length }
  }),

  change(
    modifyStorageBackend,
    async ({ tx, prepared: { id, revision, sealed } }) => {
      const changed = await tx
        .updateTable('storage_backends')
        .set({ settings_wrapped: sealed, revision: revision + 1 })
        .where('id', '=', id)
        .where('revision', '=', revision)
        .executeTakeFirst()
      if (changed.numUpdatedRows === 0n) {
        throw new ApiError('RESOURCE_IN_USE', {
          message: { en: 'another call changed it meanwhile', zh: '已被其他请求修改，请重试' },
        })
      }
      return {}
    },
    prepareChange,
  ),

  change(deleteStorageBackend, async ({ tx, input }) => {
    const store = await getStore(tx, input)
    const users = await tx
      .selectFrom('storage_backends')
      .select('instance_id')
      .where('store_id', '=', store.id)
      .limit(1)
      .execute()
    if (store.id === defaultBackend || users.length > 0) {
      throw new ApiError('RESOURCE_IN_USE', {
        message: {
          en: `instances lie on ${input.StorageName}, or did until a moment ago`,
          zh: `后端存储 ${input.StorageName} 仍有实例使用，或刚刚停止使用`,
        },
      })
    }
    await tx.deleteFrom('storage_backends').where('id', '=', store.id).execute()
    return {}
  }),
]

async function prepareStore({ ground, input }: ActionCall<typeof createStorageBackend>) {
  const settings = settingsOf(input)
  if (await findNamedStore(ground.db.read, input.StorageName)) {
    throw storeExists(input.StorageName)
  }
  const id = await tryStore(ground, settings, async (driver, signal) => {
    const former = input.AttachExisting
      ? await findFormer(ground.db.read, driver, signal)
      : undefined
    return former ?? newId()
  })
  return { id, kind: settings.kind, sealed: sealSettings(ground.vault, id, settings) }
}

/**
 * Which backend of this deployment the store was, where no row has it any more: attached, it is that one again, so that
 * its marker stays as it is, and only one of two who attach it at once can have it.
 */
async function findFormer(
  db: Queryable,
  driver: Driver,
  signal: AbortSignal,
): Promise<string | undefined> {
  const owner = await readMarker(driver, signal)
  const { storeId } = owner ?? {}
  if (storeId === undefined || owner?.deploymentId !== (await findDeploymentId(db)))
    return undefined
  return (await findBackend(db, storeId)) ? undefined : storeId
}

async function prepareChange({ ground, input }: ActionCall<typeof modifyStorageBackend>) {
  const { id, revision, settings_wrapped: before } = await getStore(ground.db.read, input)
  const settings = before && (await openSettings(ground.vault, id, before))
  if (settings?.kind !== 's3') {
    throw new ApiError('OPERATION_DENIED', {
      message: { en: 'only a bucket has an address and keys', zh: '只有存储桶有地址和密钥' },
    })
  }
  const changed = changedSettings(settings, input)
  await tryStore(ground, changed, async () => id)
  return { id, revision, sealed: sealSettings(ground.vault, id, changed) }
}

/** Throws RESOURCE_NOT_FOUND. */
async function getStore(db: Queryable, { StorageName: name }: { readonly StorageName: string }) {
  const store = await findNamedStore(db, name)
  if (store) return store
  throw new ApiError('RESOURCE_NOT_FOUND', {
    message: { en: `there is no storage backend ${name}`, zh: `没有后端存储 ${name}` },
    detail: { storage: name },
  })
}

function storeExists(name: string): ApiError {
  return new ApiError('RESOURCE_EXISTS', {
    message: { en: `a storage backend ${name} exists`, zh: `后端存储 ${name} 已存在` },
  })
}

function attachedMeanwhile(): ApiError {
  return new ApiError('RESOURCE_IN_USE', {
    message: {
      en: 'another call has attached this storage meanwhile',
      zh: '该存储已被其他请求添加',
    },
  })
}

type CreateInput = ActionInput<typeof createStorageBackend>
type ModifyInput = ActionInput<typeof modifyStorageBackend>

function settingsOf(input: CreateInput): FolderSettings | S3Settings {
  if (!/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/.test(input.StorageName)) {
    const words = { en: 'has a-z, 0-9 and . _ - inside', zh: '只能包含小写字母、数字和 . _ -' }
    throw invalidValue('StorageName', words)
  }
  if (input.Kind === 'Folder') {
    const path = getField(input, 'Path')
    if (!isAbsolute(path)) {
      throw invalidValue('Path', { en: 'must begin at the root', zh: '必须是绝对路径' })
    }
    return { kind: 'folder', path }
  }
  const prefix = (input.Prefix ?? '').replace(/^\/+|\/+$/g, '')
  return {
    kind: 's3',
    bucket: getField(input, 'Bucket'),
    prefix: prefix === '' ? '' : `${prefix}/`,
    endpoint: input.Endpoint || undefined,
    region: input.BucketRegion || 'us-east-1',
    accessKeyId: getField(input, 'AccessKeyId'),
    secretAccessKey: getField(input, 'SecretAccessKey'),
    pathStyle: input.PathStyle ?? Boolean(input.Endpoint),
  }
}

function getField(
  input: CreateInput,
  name: 'Path' | 'Bucket' | 'AccessKeyId' | 'SecretAccessKey',
): string {
  const value = input[name]
  if (value) return value
  throw new ApiError('MISSING_PARAMETER', {
    message: {
      en: `${name}: required where Kind is ${input.Kind}`,
      zh: `${name}：Kind 为 ${input.Kind} 时必填`,
    },
    detail: { parameter: name },
  })
}

function changedSettings(settings: S3Settings, input: ModifyInput): S3Settings {
  return {
    ...settings,
    ...(input.Endpoint !== undefined && { endpoint: input.Endpoint || undefined }),
    ...(input.PathStyle !== undefined && { pathStyle: input.PathStyle }),
    ...(input.AccessKeyId && { accessKeyId: input.AccessKeyId }),
    ...(input.SecretAccessKey && { secretAccessKey: input.SecretAccessKey }),
  }
}

/** Whose it is, and whether it can be written; the id of its row. Throws OPERATION_FAILED. */
async function tryStore(
  { db, openStore }: Pick<ActionGround, 'db' | 'openStore'>,
  settings: StorageSettings,
  chooseId: (driver: Driver, signal: AbortSignal) => Promise<string>,
): Promise<string> {
  const signal = AbortSignal.timeout(probeLimitMs)
  return asOperationFailed(async () => {
    const driver = await openStore(settings)
    try {
      const storeId = await chooseId(driver, signal)
      await claimStore(driver, { deploymentId: await findDeploymentId(db.read), storeId }, signal)
      await probeStore(driver, signal)
      return storeId
    } finally {
      await driver.close()
    }
  })
}

type WireStore = ActionReply<typeof describeStorageBackends>['StorageBackends'][number]

async function toWire({ db, vault }: ActionGround, store: Backend): Promise<WireStore> {
  const { id, settings_wrapped: sealed } = store
  const settings = sealed ? await openSettings(vault, id, sealed) : undefined
  const s3 = settings?.kind === 's3' ? settings : undefined
  return {
    StorageName: store.name ?? id,
    Kind: store.kind === 's3' ? 'S3' : 'Folder',
    Path: settings?.kind === 'folder' ? settings.path : null,
    Bucket: s3?.bucket ?? null,
    Prefix: s3?.prefix ?? null,
    Endpoint: s3?.endpoint ?? null,
    BucketRegion: s3?.region ?? null,
    PathStyle: s3?.pathStyle ?? null,
    AccessKeyId: s3?.accessKeyId ?? null,
    IsDefault: id === defaultBackend,
    InstanceCount: await countInstancesOn(db.read, id),
    CreateTime: isoUtc(store.created_at),
  }
}

async function countInstancesOn(db: Queryable, storeId: string): Promise<number> {
  const { count } = await db
    .selectFrom('instances as i')
    .innerJoin('storage_backends as s', 's.id', 'i.backend_id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where((eb) => eb.or([eb('s.id', '=', storeId), eb('s.store_id', '=', storeId)]))
    .executeTakeFirstOrThrow()
  return Number(count)
}
