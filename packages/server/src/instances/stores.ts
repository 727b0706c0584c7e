// The stores that the operator made known by a name: where instances' bytes may be moved to.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { ActionGround } from '../actions/define.ts'
import type { Queryable } from '../db/database.ts'
import { StartError } from '../start-error.ts'
import type { Backend } from '../storage/backends.ts'
import { StorageError } from '../storage/driver.ts'
import { probeStore } from '../storage/probe.ts'

const probeLimitMs = 30_000

export function findNamedStore(db: Queryable, name: string): Promise<Backend | undefined> {
  return db
    .selectFrom('storage_backends')
    .selectAll()
    .where('name', '=', name)
    .where('store_id', 'is', null)
    .executeTakeFirst()
}

/** Throws INVALID_PARAMETER_VALUE: ResourceNotFound would say that the instance is gone. */
export async function getNamedStore(
  db: Queryable,
  name: string,
  parameter = 'TargetStorageName',
): Promise<Backend> {
  const store = await findNamedStore(db, name)
  if (store) return store
  throw new ApiError('INVALID_PARAMETER_VALUE', {
    message: {
      en: `${parameter}: there is no storage backend ${name}`,
      zh: `${parameter}：没有后端存储 ${name}`,
    },
    detail: { parameter },
  })
}

/** Writes, reads and deletes there. Throws INVALID_PARAMETER_VALUE, OPERATION_FAILED. */
export async function probeNamedStore(
  { db, stores }: Pick<ActionGround, 'db' | 'stores'>,
  name: string,
): Promise<void> {
  const store = await getNamedStore(db.read, name)
  await asOperationFailed(async () => {
    const driver = await stores.driver(store.id)
    await probeStore(driver, AbortSignal.timeout(probeLimitMs))
  })
}

/** What a store refuses is told to whoever chose it. */
export async function asOperationFailed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError'
    const isKnown = error instanceof StorageError || error instanceof StartError
    if (!isKnown && !isTimeout) throw error
    const reason = isTimeout ? 'it does not answer' : error.message
    throw new ApiError('OPERATION_FAILED', {
      message: { en: `the storage can't be used: ${reason}`, zh: `后端存储不可用：${reason}` },
      cause: error,
    })
  }
}
