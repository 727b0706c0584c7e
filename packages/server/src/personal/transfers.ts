// Quotas on the bytes that go into an account's repositories and out of them, by calendar month (of UTC). Off unless the
// operator sets one; then each transfer is counted before its first byte where its size is known, so that parallel ones
// hold the quota together. What breaks off stays counted.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { prepare } from '../db/prepared.ts'
import type { PersonalTransfersTable } from '../db/schema-personal.ts'

export type Direction = PersonalTransfersTable['direction']

function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}

const quotaOf = prepare<{ owner: number; direction: Direction }>()((db, p) =>
  db
    .selectFrom('personal_transfer_quotas')
    .select('max_bytes')
    .where('owner_uin', '=', p('owner'))
    .where('direction', '=', p('direction')),
)

export interface Transfer {
  readonly ownerUin: number
  readonly direction: Direction
}

/** Whether the account's transfers are counted. */
export async function isCounted(db: Database, transfer: Transfer): Promise<boolean> {
  const { ownerUin: owner, direction } = transfer
  return (await db.fetch(quotaOf, { owner, direction })).length > 0
}

/** Throws QUOTA_EXCEEDED. Without a quota nothing is counted. */
export async function countTransfer(
  tx: Tx,
  { ownerUin, direction }: Transfer,
  bytes: number,
  at: number,
): Promise<void> {
  const month = monthOf(at)
  const quota = await tx
    .selectFrom('personal_transfer_quotas')
    .select('max_bytes')
    .where('owner_uin', '=', ownerUin)
    .where('direction', '=', direction)
    .executeTakeFirst()
  if (!quota) return
  await tx
    .insertInto('personal_transfers')
    .values({ owner_uin: ownerUin, direction, month, bytes: 0 })
    .onConflict((oc) => oc.columns(['owner_uin', 'direction', 'month']).doNothing())
    .execute()
  const counted = await tx
    .updateTable('personal_transfers')
    .set((eb) => ({ bytes: eb('bytes', '+', bytes) }))
    .where('owner_uin', '=', ownerUin)
    .where('direction', '=', direction)
    .where('month', '=', month)
    .where((eb) => eb(eb('bytes', '+', bytes), '<=', quota.max_bytes))
    .executeTakeFirst()
  if (counted.numUpdatedRows > 0n) return
  const used = await findTransferred(tx, { ownerUin, direction }, month)
  throw transferExceeded(direction, { quota: quota.max_bytes, used, asked: bytes })
}

async function findTransferred(
  db: Queryable,
  { ownerUin, direction }: Transfer,
  month: string,
): Promise<number> {
  const row = await db
    .selectFrom('personal_transfers')
    .select('bytes')
    .where('owner_uin', '=', ownerUin)
    .where('direction', '=', direction)
    .where('month', '=', month)
    .executeTakeFirst()
  return row?.bytes ?? 0
}

function transferExceeded(
  direction: Direction,
  { quota, used, asked }: Record<'quota' | 'used' | 'asked', number>,
): ApiError {
  const zh = direction === 'upload' ? '上传' : '下载'
  return new ApiError('QUOTA_EXCEEDED', {
    message: {
      en: `the account's ${direction} quota of this month is exceeded: ${used} of ${quota} bytes used, ${asked} more asked; ask the operator to raise it, or wait for the next month`,
      zh: `账号本月的${zh}流量配额已超出：已用 ${used} / ${quota} 字节，本次需要 ${asked} 字节，请联系管理员提升配额或等到下月`,
    },
    detail: { quota: `${direction}-bytes`, value: quota, used, asked },
  })
}

/** Null lifts the quota, and forgets what was counted. */
export async function setTransferQuota(
  tx: Tx,
  ownerUin: number,
  direction: Direction,
  maxBytes: number | null,
): Promise<void> {
  if (maxBytes === null) {
    for (const table of ['personal_transfer_quotas', 'personal_transfers'] as const) {
      await tx
        .deleteFrom(table)
        .where('owner_uin', '=', ownerUin)
        .where('direction', '=', direction)
        .execute()
    }
    return
  }
  await tx
    .insertInto('personal_transfer_quotas')
    .values({ owner_uin: ownerUin, direction, max_bytes: maxBytes })
    .onConflict((oc) => oc.columns(['owner_uin', 'direction']).doUpdateSet({ max_bytes: maxBytes }))
    .execute()
}

/** Of the month that `at` lies in; what is used is null where nothing is counted. */
export async function describeTransfer(
  db: Queryable,
  ownerUin: number,
  direction: Direction,
  at: number,
): Promise<{ readonly Used: number | null; readonly Limit: number | null }> {
  const quota = await db
    .selectFrom('personal_transfer_quotas')
    .select('max_bytes')
    .where('owner_uin', '=', ownerUin)
    .where('direction', '=', direction)
    .executeTakeFirst()
  if (!quota) return { Used: null, Limit: null }
  const Used = await findTransferred(db, { ownerUin, direction }, monthOf(at))
  return { Used, Limit: quota.max_bytes }
}
