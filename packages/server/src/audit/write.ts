import { sql } from 'kysely'
import type { Tx } from '../db/database.ts'
import { cutAgent, deploymentLog, lookedUpBy, ownerOf } from './audit.ts'
import type { Origin } from './origin.ts'

export interface BatchedEntry {
  /** By this machine's clock, to the second. */
  readonly at: number
  readonly instanceId: string | null
  readonly origin: Origin
  readonly action: string
  readonly resource: string
  readonly reference: string | null
  readonly result: 'ok' | 'refused'
  readonly reason: string | null
  readonly event?: string | undefined
  readonly ownerUin?: number | undefined
  /** Null: no pull. */
  readonly repositoryId: string | null
  readonly tagId: string | null
  /** Of what was pulled. */
  readonly digest?: string
  count: number
}

/** Audit rows, and the counts of the tags and repositories that were pulled. */
export async function writeEntries(
  tx: Tx,
  entries: readonly BatchedEntry[],
  offsetMs: number,
): Promise<void> {
  await tx
    .insertInto('audit')
    .values(
      entries.map(({ origin, ...entry }) => ({
        at: entry.at + offsetMs,
        instance_id: entry.instanceId,
        actor: origin.actor,
        credential: origin.credential,
        address: origin.address,
        agent: cutAgent(origin.agent),
        action: entry.action,
        resource: entry.resource,
        reference: entry.reference,
        result: entry.result,
        reason: entry.reason,
        // Of the first one, where the row stands for many.
        request_id: origin.requestId,
        count: entry.count,
        ...lookedUpBy(entry),
        owner_uin: ownerOf(tx, entry.instanceId, entry.ownerUin ?? deploymentLog),
      })),
    )
    .execute()
  await addPulls(tx, 'tags', countBy(entries, 'tagId', offsetMs))
  await addPulls(tx, 'repositories', countBy(entries, 'repositoryId', offsetMs))
}

interface Pulled {
  count: number
  lastAt: number
}

function countBy(
  entries: readonly BatchedEntry[],
  id: 'tagId' | 'repositoryId',
  offsetMs: number,
): ReadonlyMap<string, Pulled> {
  const counts = new Map<string, Pulled>()
  for (const entry of entries) {
    const key = entry[id]
    if (key === null) continue
    const pulled = counts.get(key) ?? { count: 0, lastAt: 0 }
    pulled.count += entry.count
    pulled.lastAt = Math.max(pulled.lastAt, entry.at + offsetMs)
    counts.set(key, pulled)
  }
  return counts
}

async function addPulls(
  tx: Tx,
  table: 'tags' | 'repositories',
  counts: ReadonlyMap<string, Pulled>,
): Promise<void> {
  if (counts.size === 0) return
  // In one order, so that two processes that count pulls of the same tags don't wait for each other.
  const rows = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([id, { count, lastAt }]) =>
        sql`(cast(${id} as text), cast(${count} as bigint), cast(${lastAt} as bigint))`,
    )
  await sql`
    update ${sql.table(table)} set pull_count = pull_count + pulled.column2,
      last_pulled_at = case when last_pulled_at > pulled.column3 then last_pulled_at
        else pulled.column3 end
    from (values ${sql.join(rows)}) as pulled where id = pulled.column1`.execute(tx)
}
