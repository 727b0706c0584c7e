// The rule by which old tags of an account's repositories go: one for the account and region. It runs with retention.

import type { Selectable } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import type { PersonalLifecycleRulesTable } from '../db/schema-personal.ts'

export type LifecycleRule = Selectable<PersonalLifecycleRulesTable>

export function findLifecycleRule(
  db: Queryable,
  ownerUin: number,
): Promise<LifecycleRule | undefined> {
  return db
    .selectFrom('personal_lifecycle_rules')
    .selectAll()
    .where('owner_uin', '=', ownerUin)
    .executeTakeFirst()
}

/** Whose time has come, or was not yet decided. */
export function listDueLifecycleRules(
  db: Queryable,
  now: number,
): Promise<readonly LifecycleRule[]> {
  return db
    .selectFrom('personal_lifecycle_rules')
    .selectAll()
    .where((eb) => eb.or([eb('next_run_at', 'is', null), eb('next_run_at', '<=', now)]))
    .orderBy('owner_uin')
    .limit(dueAtOnce)
    .execute()
}

/** The rest a minute later. */
const dueAtOnce = 500

export async function setNextLifecycleRun(
  tx: Tx,
  ownerUin: number,
  nextRunAt: number | null,
): Promise<void> {
  await tx
    .updateTable('personal_lifecycle_rules')
    .set({ next_run_at: nextRunAt })
    .where('owner_uin', '=', ownerUin)
    .execute()
}

/** Rises with each change of the rule. */
export function lifecycleRevision({ created_at: changedAt }: LifecycleRule): number {
  return changedAt
}

/** Whether the rule of the namespace's account is still the one of that revision; held so until the transaction ends. */
export async function isLifecycleRule(
  tx: Tx,
  { namespaceId, revision }: { readonly namespaceId: string; readonly revision: number },
): Promise<boolean> {
  const row = await tx
    .selectFrom('personal_lifecycle_rules as l')
    .innerJoin('namespaces as n', 'n.owner_uin', 'l.owner_uin')
    .select('l.owner_uin')
    .where('n.id', '=', namespaceId)
    .where('l.created_at', '=', revision)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  return row !== undefined
}

/** Of the Personal edition. */
export async function listOwnNamespaces(
  db: Queryable,
  instanceId: string,
  ownerUin: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('namespaces')
    .select('id')
    .where('instance_id', '=', instanceId)
    .where('owner_uin', '=', ownerUin)
    .where('deleted_at', 'is', null)
    .orderBy('name')
    .execute()
  return rows.map(({ id }) => id)
}
