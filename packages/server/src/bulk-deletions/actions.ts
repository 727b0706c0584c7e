// The API's actions that delete many things by a job.

import {
  createRepositoryDeletionJob,
  createTagDeletionJob,
} from '@entrepot/contract/entrepot/bulk-deletions.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Account } from '../access/actor.ts'
import { assertMayDo } from '../actions/authority.ts'
import { change, type Handler } from '../actions/define.ts'
import type { Origin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { getRepository } from '../images/reading.ts'
import { schedule } from '../jobs/jobs.ts'
import { type Asker, askerOf } from './askers.ts'
import { type BulkDeletion, repositoryDeletionJob, tagDeletionJob } from './jobs.ts'

/** Waiting or running, of one account. */
export const maxLiveJobs = 50
/** A job's row holds 64 KiB of JSON. */
const maxPathChars = 48_000

export const bulkDeletionHandlers: readonly Handler[] = [
  change(createTagDeletionJob, async ({ tx, at, actor, origin, instance, input }) => {
    const { NamespaceName: namespace, RepositoryName: name } = input
    const { path } = await getRepository(tx, instance, `${namespace}/${name}`)
    const rows = [...new Set(input.Tags)]
    const work = { instanceId: instance.id, path, rows, asker: getAsker(actor, origin) }
    return { JobId: await enqueue(tx, tagDeletionJob, work, at) }
  }),

  change(createRepositoryDeletionJob, async (call) => {
    const { tx, at, actor, origin, instance, input } = call
    const rows = [...new Set(input.RepositoryPaths)]
    assertShort(rows)
    const resources = rows.map((path) => `repository/${instance.id}/${path}`)
    for (const resource of resources) {
      await assertMayDo(call, createRepositoryDeletionJob.permission, [resource])
    }
    const work = { instanceId: instance.id, path: null, rows, asker: getAsker(actor, origin) }
    return { JobId: await enqueue(tx, repositoryDeletionJob, work, at) }
  }),
]

/** Those of an instance run one after the other. */
async function enqueue(tx: Tx, kind: string, work: BulkDeletion, at: number): Promise<string> {
  const { instanceId, asker } = work
  await assertFew(tx, asker.ownerUin)
  return schedule(tx, {
    kind,
    key: `${kind}:${newId()}`,
    lane: `bulk-deletion:${instanceId}`,
    payload: work,
    instanceId,
    at,
    by: asker.origin.actor,
  })
}

async function assertFew(db: Queryable, ownerUin: number): Promise<void> {
  const { count } = await db
    .selectFrom('jobs')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .where('kind', 'in', [tagDeletionJob, repositoryDeletionJob])
    .where('state', 'in', ['waiting', 'running'])
    .executeTakeFirstOrThrow()
  if (Number(count) < maxLiveJobs) return
  throw new ApiError('LIMIT_EXCEEDED', {
    message: {
      en: `${maxLiveJobs} deletions are waiting or running already: wait for them`,
      zh: `已有 ${maxLiveJobs} 个删除任务等待或执行中，请等待其完成`,
    },
  })
}

/** Throws UNSUPPORTED_OPERATION. */
function getAsker(actor: Account, origin: Origin): Asker {
  const asker = askerOf(actor, origin)
  if (asker) return asker
  throw new ApiError('UNSUPPORTED_OPERATION', {
    message: {
      en: 'temporary keys with a policy of their own start no work that outlives them: delete in several calls',
      zh: '带有自身策略的临时密钥不能发起后台任务，请分多次调用删除',
    },
  })
}

function assertShort(paths: readonly string[]): void {
  if (paths.reduce((sum, path) => sum + path.length, 0) <= maxPathChars) return
  throw new ApiError('INVALID_PARAMETER_VALUE', {
    message: {
      en: `RepositoryPaths: at most ${maxPathChars} characters together`,
      zh: `RepositoryPaths：总长不超过 ${maxPathChars} 个字符`,
    },
    detail: { parameter: 'RepositoryPaths' },
  })
}
