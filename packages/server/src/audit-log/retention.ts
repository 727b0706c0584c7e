// How long rows of the audit log are kept: as the edition of their instance says, or longer where it was set; those of
// no instance (what happens to people and policies) and of instances that are gone for a time of their own.
//
// What a forwarding has not sent yet stays longer, within a limit: a receiver that never comes back must not fill the
// disk.

import { type Edition, editionAuditDays } from '@entrepot/contract/editions.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import type { Queryable, Tx } from '../db/database.ts'
import type { Instance } from '../instances/instances.ts'
import type { JobContext } from '../jobs/jobs.ts'

const dayMs = 24 * 60 * 60_000

/** As far back as look-up reaches. */
const accountDays = 90
/** Of instances that are gone: what ended them is asked about later. */
const goneDays = 30
const maxHeldDays = 30
/** Rows of a batch of pulls are written a little after what they tell of. */
const lateMs = 60 * 60_000
/** Each row goes from nine indexes too. */
const batchRows = 200

export async function setAuditDays(tx: Tx, instance: Instance, days: number): Promise<void> {
  const least = editionAuditDays[instance.edition]
  if (days < least) {
    throw invalidValue('Days', {
      en: `must be at least ${least}, as the edition says`,
      zh: `不能少于该规格的 ${least} 天`,
    })
  }
  await tx
    .updateTable('instances')
    .set({ audit_days: days })
    .where('id', '=', instance.id)
    .execute()
}

/** What was set for a lower edition counts only where it is longer. */
export function auditDaysOf(row: {
  readonly edition: Edition
  readonly audit_days: number | null
}) {
  return Math.max(editionAuditDays[row.edition], row.audit_days ?? 0)
}

export async function findAuditDays(db: Queryable, instance: Instance): Promise<number> {
  const row = await db
    .selectFrom('instances')
    .select(['edition', 'audit_days'])
    .where('id', '=', instance.id)
    .executeTakeFirst()
  return row ? auditDaysOf(row) : editionAuditDays[instance.edition]
}

export async function findOldestAt(db: Queryable, instanceId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('audit')
    .select('at')
    .where('instance_id', '=', instanceId)
    .orderBy('at')
    .limit(1)
    .executeTakeFirst()
  return row?.at
}

/** Takes away what is older than it is kept, instance by instance. */
export async function trimAudit(context: JobContext, now: number): Promise<void> {
  const { db } = context
  const held = await findHeldSince(db.heavy)
  const instances = await db.heavy
    .selectFrom('instances')
    .select(['id', 'edition', 'audit_days'])
    .execute()
  const days = new Map(instances.map((row) => [row.id, auditDaysOf(row)]))
  for await (const id of instancesWithRows(db.heavy)) {
    const kept = id === null ? accountDays : (days.get(id) ?? goneDays)
    const deleted = await trimInstance(context, id, cutoffOf(now - kept * dayMs, held))
    if (deleted > 0) context.log(`${deleted} rows of ${id ?? 'no instance'} were too old`)
  }
}

function cutoffOf(cutoff: number, held: number | undefined): number {
  if (held === undefined) return cutoff
  return Math.min(cutoff, Math.max(cutoff - maxHeldDays * dayMs, held - lateMs))
}

/** What the forwarding that is furthest behind has sent; undefined: nothing is forwarded. */
async function findHeldSince(db: Queryable): Promise<number | undefined> {
  const rows = await db
    .selectFrom('audit_forwardings')
    .select(['sent_until', 'created_at'])
    .where('enabled', '=', 1)
    .execute()
  if (rows.length === 0) return undefined
  return Math.min(...rows.map((row) => row.sent_until ?? row.created_at))
}

/** Read off the index, a step for each; null: rows of no instance. */
async function* instancesWithRows(db: Queryable): AsyncGenerator<string | null> {
  yield null
  let last = ''
  for (;;) {
    const row = await db
      .selectFrom('audit')
      .select('instance_id')
      .where('instance_id', '>', last)
      .orderBy('instance_id')
      .limit(1)
      .executeTakeFirst()
    if (!row?.instance_id) return
    last = row.instance_id
    yield last
  }
}

async function trimInstance(
  { write, signal }: JobContext,
  instanceId: string | null,
  before: number,
): Promise<number> {
  let all = 0
  for (;;) {
    signal.throwIfAborted()
    const { numDeletedRows } = await write((tx) =>
      tx
        .deleteFrom('audit')
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('audit as old')
            .select('old.id')
            .where('old.instance_id', instanceId === null ? 'is' : '=', instanceId)
            .where('old.at', '<', before)
            .orderBy('old.at')
            .limit(batchRows),
        )
        .executeTakeFirst(),
    )
    all += Number(numDeletedRows)
    if (numDeletedRows < BigInt(batchRows)) return all
  }
}
