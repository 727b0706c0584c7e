// The rule by which old tags of an account's repositories go: one for the account and region. This room keeps it;
// it runs with retention.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  deleteImageLifecycleGlobalPersonal,
  describeImageLifecycleGlobalPersonal,
  describeImageLifecyclePersonal,
  manageImageLifecycleGlobalPersonal,
} from '@entrepot/contract/tcr/personal-lifecycle.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { chinaTime } from '../actions/times.ts'
import type { Queryable } from '../db/database.ts'
import { getPersonalInstance } from './instance.ts'
import { findLifecycleRule, type LifecycleRule } from './lifecycle-rules.ts'
import { getOwnRepository } from './own.ts'
import { findQuota } from './quotas.ts'

export const lifecycleHandlers: readonly Handler[] = [
  change(manageImageLifecycleGlobalPersonal, async ({ tx, at, actor, input }) => {
    const { ownerUin, uin: createdBy } = actor
    const kind = input.Type === 'global_keep_last_nums' ? 'keep-tags' : 'keep-days'
    if (kind === 'keep-tags') await assertWithinQuota(tx, ownerUin, input.Val)
    const rule = { kind, value: input.Val, created_by: createdBy, created_at: at } as const
    await tx
      .insertInto('personal_lifecycle_rules')
      .values({ owner_uin: ownerUin, ...rule })
      .onConflict((oc) => oc.column('owner_uin').doUpdateSet(rule))
      .execute()
    return {}
  }),

  read(describeImageLifecycleGlobalPersonal, async ({ db, actor }) => {
    return { Data: toWire(await findLifecycleRule(db, actor.ownerUin), '') }
  }),

  change(deleteImageLifecycleGlobalPersonal, async ({ tx, actor }) => {
    await tx
      .deleteFrom('personal_lifecycle_rules')
      .where('owner_uin', '=', actor.ownerUin)
      .execute()
    return {}
  }),

  // No repository has a rule of its own: the account's holds.
  read(describeImageLifecyclePersonal, async ({ db, ground, actor, input }) => {
    const instance = await getPersonalInstance(db, ground.region)
    const { path } = await getOwnRepository(db, instance, actor.ownerUin, input.RepoName)
    return { Data: toWire(await findLifecycleRule(db, actor.ownerUin), path) }
  }),
]

/** To keep more than there may be means nothing (seeds, "Image clean-up"). */
async function assertWithinQuota(db: Queryable, ownerUin: number, value: number): Promise<void> {
  const quota = await findQuota(db, ownerUin, 'tags')
  if (quota === null || value <= quota) return
  throw invalidValue('Val', {
    en: `must be at most ${quota}, the quota of tags in a repository`,
    zh: `不能大于单个仓库的版本配额 ${quota}`,
  })
}

function toWire(
  rule: LifecycleRule | undefined,
  path: string,
): ActionReply<typeof describeImageLifecyclePersonal>['Data'] {
  if (!rule) return { TotalCount: 0, StrategyInfo: [] }
  return {
    TotalCount: 1,
    StrategyInfo: [
      {
        Username: String(rule.owner_uin),
        RepoName: path,
        Type: rule.kind === 'keep-tags' ? 'global_keep_last_nums' : 'global_keep_last_days',
        Value: rule.value,
        Valid: 1,
        CreationTime: chinaTime(rule.created_at),
      },
    ],
  }
}
