// Signing keys in the database.

import type { Queryable, Tx } from '../db/database.ts'
import { type SigningKey, tooManyKeys } from './signing-keys.ts'

/** Who signs charts of one namespace. */
const maxKeys = 20

/** The caller holds the namespace's row alone, so that two together don't go over the limit. */
export async function saveKey(
  tx: Tx,
  namespaceId: string,
  key: SigningKey,
  made: { readonly at: number; readonly by: string },
): Promise<void> {
  const { count } = await tx
    .selectFrom('chart_keys')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('namespace_id', '=', namespaceId)
    .where('fingerprint', '!=', key.fingerprint)
    .executeTakeFirstOrThrow()
  if (count >= maxKeys) throw tooManyKeys(maxKeys)
  const columns = {
    key_ids: JSON.stringify(key.keyIds),
    user_ids: JSON.stringify(key.userIds),
    armored: key.armored,
    created_at: made.at,
    created_by: made.by,
  }
  await tx
    .insertInto('chart_keys')
    .values({ namespace_id: namespaceId, fingerprint: key.fingerprint, ...columns })
    .onConflict((oc) => oc.columns(['namespace_id', 'fingerprint']).doUpdateSet(columns))
    .execute()
}

/** Tells whether it was there. */
export async function deleteKey(
  tx: Tx,
  namespaceId: string,
  fingerprint: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('chart_keys')
    .where('namespace_id', '=', namespaceId)
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export interface KeptKey extends SigningKey {
  readonly createdAt: number
  readonly createdBy: string
}

/** At most `maxKeys`, the oldest first. */
export async function listKeys(db: Queryable, namespaceId: string): Promise<readonly KeptKey[]> {
  const rows = await db
    .selectFrom('chart_keys')
    .selectAll()
    .where('namespace_id', '=', namespaceId)
    .orderBy('created_at')
    .orderBy('fingerprint')
    .execute()
  return rows.map((row) => ({
    fingerprint: row.fingerprint,
    keyIds: JSON.parse(row.key_ids) as string[],
    userIds: JSON.parse(row.user_ids) as string[],
    armored: row.armored,
    createdAt: row.created_at,
    createdBy: row.created_by,
  }))
}

/** Of the namespace that a repository lies in. */
export async function listKeysFor(
  db: Queryable,
  repositoryId: string,
): Promise<readonly SigningKey[]> {
  const row = await db
    .selectFrom('repositories')
    .select('namespace_id')
    .where('id', '=', repositoryId)
    .executeTakeFirst()
  return row ? listKeys(db, row.namespace_id) : []
}
