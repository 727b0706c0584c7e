// Hours of the edition and bytes stored, instance by instance, an hour at a time. An hour is metered once, whichever
// process does it and however late: what exists when nobody looks is metered when somebody does.

import { sql } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { dayMs, dayOf } from './days.ts'

const hourMs = 60 * 60_000
/** What was off for longer begins anew. */
const maxHoursBehind = 400 * 24
export const keptDays = 800
const batchRows = 500
const rowId = 1

export async function meterHours({ db, write, signal }: JobContext, now: number): Promise<void> {
  const until = await findMeteredUntil(db.read)
  const thisHour = Math.floor(now / hourMs) * hourMs
  if (until === undefined || thisHour - until > maxHoursBehind * hourMs) {
    await write((tx) => setMeteredUntil(tx, thisHour))
    return
  }
  for (let from = until; from < thisHour; from += hourMs) {
    signal.throwIfAborted()
    await write((tx) => meterHour(tx, from))
  }
}

async function findMeteredUntil(db: Queryable): Promise<number | undefined> {
  const row = await db.selectFrom('metering_state').select('metered_until').executeTakeFirst()
  return row?.metered_until
}

async function setMeteredUntil(tx: Tx, until: number): Promise<void> {
  await tx
    .insertInto('metering_state')
    .values({ id: rowId, metered_until: until })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ metered_until: until }))
    .execute()
}

async function meterHour(tx: Tx, from: number): Promise<void> {
  const until = from + hourMs
  const moved = await tx
    .updateTable('metering_state')
    .set({ metered_until: until })
    .where('metered_until', '=', from)
    .executeTakeFirst()
  if (moved.numUpdatedRows === 0n) return
  const day = dayOf(from)
  // An hour that was begun counts. The conflict's `where` keeps SQLite from reading `on` as part of a join.
  await sql`
    insert into usage_days (instance_id, day, namespace, owner_uin,
      basic_hours, standard_hours, premium_hours, stored_bytes, stored_samples)
    select i.id, cast(${day} as text), '', i.owner_uin,
      case when i.edition = 'basic' then 1 else 0 end,
      case when i.edition = 'standard' then 1 else 0 end,
      case when i.edition = 'premium' then 1 else 0 end,
      ${storedBytes('i.id')}, 1
    from instances i
    where i.created_at < ${until} and i.state in ('running', 'deleting', 'delete-failed')
    on conflict (instance_id, day, namespace) do update set
      basic_hours = usage_days.basic_hours + excluded.basic_hours,
      standard_hours = usage_days.standard_hours + excluded.standard_hours,
      premium_hours = usage_days.premium_hours + excluded.premium_hours,
      stored_bytes = usage_days.stored_bytes + excluded.stored_bytes,
      stored_samples = usage_days.stored_samples + 1`.execute(tx)
  await sql`
    insert into usage_days (instance_id, day, namespace, owner_uin, stored_bytes, stored_samples)
    select i.id, cast(${day} as text), n.name, coalesce(n.owner_uin, i.owner_uin),
      ${storedBytes('n.id')}, 1
    from namespaces n join instances i on i.id = n.instance_id
    where n.created_at < ${until} and n.deleted_at is null
    on conflict (instance_id, day, namespace) do update set
      stored_bytes = usage_days.stored_bytes + excluded.stored_bytes,
      stored_samples = usage_days.stored_samples + 1`.execute(tx)
}

/** Kept counters, and what is not folded into them yet. */
function storedBytes(scope: string) {
  const id = sql.ref(scope)
  return sql`cast(
    coalesce((select c.value from counters c where c.scope_id = ${id} and c.metric = 'bytes'), 0)
    + coalesce((select sum(d.delta) from counter_deltas d
        where d.scope_id = ${id} and d.metric = 'bytes'), 0) as bigint)`
}

export async function trimUsage({ write, signal }: JobContext, now: number): Promise<void> {
  const before = dayOf(now - keptDays * dayMs)
  for (;;) {
    signal.throwIfAborted()
    const { numAffectedRows } = await write((tx) =>
      sql`delete from usage_days where (instance_id, day, namespace) in (
        select old.instance_id, old.day, old.namespace from usage_days old
        where old.day < ${before} limit ${batchRows})`.execute(tx),
    )
    if ((numAffectedRows ?? 0n) < BigInt(batchRows)) return
  }
}
