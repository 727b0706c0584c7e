// Own action: what ends with a user.

import { describeUserDeletion } from '@entrepot/contract/entrepot/deletions.ts'
import { type Handler, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import { countPullsOf, recentMs } from '../audit/recent-pulls.ts'
import type { Queryable } from '../db/database.ts'
import { askForSubAccount } from './asked-person.ts'

export const userDeletionHandlers: readonly Handler[] = [
  read(describeUserDeletion, async (call) => {
    const { ground, db, input, nowMs } = call
    const { permission } = describeUserDeletion
    const user = await askForSubAccount(db, call, permission, input.TargetUin)
    const within = { ownerUin: user.ownerUin, since: nowMs - recentMs }
    return {
      Name: user.name,
      ...(await countBelongings(db, user.uin)),
      RecentPulls: await countPullsOf(ground.db.heavy, String(user.uin), within),
      LastLoginTime: user.lastLoginAt === null ? null : isoUtc(user.lastLoginAt),
    }
  }),
]

async function countBelongings(db: Queryable, uin: number) {
  const row = await db
    .selectFrom('accounts as a')
    .where('a.uin', '=', uin)
    .select((eb) => [
      ...(['api_keys', 'user_credentials', 'console_sessions', 'group_members'] as const).map(
        (table) =>
          eb
            .selectFrom(table)
            .select((inner) => inner.fn.countAll<number>().as('count'))
            .whereRef(`${table}.uin`, '=', 'a.uin')
            .as(table),
      ),
      eb
        .selectFrom('policy_attachments as p')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .where('p.target_kind', '=', 'user')
        .whereRef('p.target_id', '=', 'a.uin')
        .as('policies'),
    ])
    .executeTakeFirstOrThrow()
  return {
    ApiKeyCount: Number(row.api_keys),
    CredentialCount: Number(row.user_credentials),
    SessionCount: Number(row.console_sessions),
    GroupCount: Number(row.group_members),
    PolicyCount: Number(row.policies),
  }
}
