// Rows whose object is gone, as a listing of the store finds them on its way: reported, and left as they are.
// `verify` reads the bytes and says what that means for whom.

import type { Queryable } from '../db/database.ts'
import type { Log } from '../log.ts'
import type { Driver, ObjectStat } from '../storage/driver.ts'

export interface Page {
  readonly objects: readonly ObjectStat[]
  /** The page covers the keys after this one … */
  readonly after: string
  /** … up to this one; undefined: all. */
  readonly until: string | undefined
}

/** Told by name; further ones are only counted. */
const maxNamed = 5
/** Of a page; the wrong store in the place of the right one has none of them. */
const maxAsked = 1000

interface Looker {
  readonly db: { readonly heavy: Queryable; readonly read: Queryable }
  readonly log: Log
}

/** Returns how many rows of the page's keys have no object. */
export async function reportMissing(
  { db, log }: Looker,
  { driver, backendId }: { readonly driver: Driver; readonly backendId: string },
  { objects, after, until }: Page,
  signal: AbortSignal,
): Promise<number> {
  const there = new Set(objects.map(({ key }) => key))
  const rows = await db.heavy
    .selectFrom('blob_copies')
    .select('key')
    .where('backend_id', '=', backendId)
    .where('key', '>', after)
    .$if(until !== undefined, (query) => query.where('key', '<=', until ?? ''))
    .orderBy('key')
    .limit(objects.length + maxAsked)
    .execute()
  const missing: string[] = []
  for (const { key } of rows) {
    if (there.has(key)) continue
    // A listing may lag behind, and the row may have gone since.
    if (await driver.stat(key, signal)) continue
    if (await isStillNamed(db.read, backendId, key)) missing.push(key)
  }
  if (missing.length > 0) {
    log.error('objects that rows name are not in the store: run `entrepot verify`', {
      backend: backendId,
      objects: missing.length,
      keys: missing.slice(0, maxNamed),
    })
  }
  return missing.length
}

async function isStillNamed(db: Queryable, backendId: string, key: string): Promise<boolean> {
  const row = await db
    .selectFrom('blob_copies')
    .select('key')
    .where('backend_id', '=', backendId)
    .where('key', '=', key)
    .where('state', '=', 'present')
    .executeTakeFirst()
  return row !== undefined
}
