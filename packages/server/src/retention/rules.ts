// The rules of namespaces: one for each, which stays in it.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Selectable } from 'kysely'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import { nextNumber } from '../db/numbering.ts'
import type { RetentionRulesTable } from '../db/schema-retention.ts'
import type { RuleItem } from './retention.ts'
import { nextRunAt, type Schedule } from './schedule.ts'

export interface RuleText {
  readonly items: readonly RuleItem[]
  /** One item, for all repositories and tags. */
  readonly isSimple: boolean
  readonly schedule: Schedule
  readonly isOn: boolean
}

export interface Rule extends RuleText {
  /** What the API calls RetentionId. */
  readonly number: number
  readonly namespaceId: string
  readonly namespace: string
  readonly revision: number
  readonly nextRunAt: number | null
}

interface Times {
  readonly at: number
  readonly timeZone: string
}

function toColumns({ items, isSimple, schedule, isOn }: RuleText, { at, timeZone }: Times) {
  return {
    items: JSON.stringify(items),
    is_simple: isSimple ? 1 : 0,
    schedule,
    is_on: isOn ? 1 : 0,
    next_run_at: isOn ? nextRunAt(schedule, at, timeZone) : null,
    updated_at: at,
  }
}

function selectRules(db: Queryable) {
  return db
    .selectFrom('retention_rules as r')
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .where('n.deleted_at', 'is', null)
}

export function fromRow(row: Selectable<RetentionRulesTable> & { readonly name: string }): Rule {
  return {
    number: row.number,
    namespaceId: row.namespace_id,
    namespace: row.name,
    items: JSON.parse(row.items) as RuleItem[],
    isSimple: row.is_simple === 1,
    schedule: row.schedule,
    isOn: row.is_on === 1,
    revision: row.revision,
    nextRunAt: row.next_run_at,
  }
}

/** By the name of their namespace. */
export async function listRules(
  db: Queryable,
  instanceId: string,
  { namespace, page }: { readonly namespace: string | undefined; readonly page: PageRange },
): Promise<{ readonly total: number; readonly rules: readonly Rule[] }> {
  const matching = selectRules(db)
    .where('n.instance_id', '=', instanceId)
    .$if(namespace !== undefined, (query) => query.where('n.name', '=', namespace ?? ''))
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await matching
    .selectAll('r')
    .select('n.name')
    .orderBy('n.name')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), rules: rows.map(fromRow) }
}

/** Throws RESOURCE_NOT_FOUND. */
export async function getRule(db: Queryable, instanceId: string, number: number): Promise<Rule> {
  const row = await selectRules(db)
    .selectAll('r')
    .select('n.name')
    .where('n.instance_id', '=', instanceId)
    .where('r.number', '=', number)
    .executeTakeFirst()
  if (!row) throw ruleUnknown(number)
  return fromRow(row)
}

/** Throws RULE_EXISTS. */
export async function insertRule(
  tx: Tx,
  namespace: { readonly id: string; readonly name: string },
  rule: RuleText,
  times: Times,
): Promise<void> {
  const number = await nextNumber(tx, 'retention-rule')
  const inserted = await tx
    .insertInto('retention_rules')
    .values({
      namespace_id: namespace.id,
      number,
      revision: 1,
      created_at: times.at,
      ...toColumns(rule, times),
    })
    .onConflict((oc) => oc.column('namespace_id').doNothing())
    .returning('number')
    .executeTakeFirst()
  if (!inserted) throw ruleExists(namespace.name)
}

export async function updateRule(
  tx: Tx,
  { namespaceId, revision }: Rule,
  text: RuleText,
  times: Times,
): Promise<void> {
  await tx
    .updateTable('retention_rules')
    .set({ ...toColumns(text, times), revision: revision + 1 })
    .where('namespace_id', '=', namespaceId)
    .execute()
}

export async function deleteRule(tx: Tx, { namespaceId }: Rule): Promise<void> {
  await tx.deleteFrom('retention_rules').where('namespace_id', '=', namespaceId).execute()
}

/** Holds the rule against change until the transaction ends, and reads it as it is then. Throws RESOURCE_NOT_FOUND. */
export async function lockRule(tx: Tx, instanceId: string, number: number): Promise<Rule> {
  await tx
    .selectFrom('retention_rules')
    .select('number')
    .where('number', '=', number)
    .$call((query) => forUpdate(tx, query))
    .execute()
  return getRule(tx, instanceId, number)
}

/** Whether the rule is still the one that a run began with; held so until the transaction ends. */
export async function isUnchanged(
  tx: Tx,
  { namespaceId, revision }: { readonly namespaceId: string; readonly revision: number },
): Promise<boolean> {
  const row = await tx
    .selectFrom('retention_rules')
    .select('number')
    .where('namespace_id', '=', namespaceId)
    .where('revision', '=', revision)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  return row !== undefined
}

/** Whose time has come. */
export async function listDue(db: Queryable, now: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('retention_rules')
    .select('namespace_id')
    .where('next_run_at', '<=', now)
    .orderBy('next_run_at')
    .limit(dueAtOnce)
    .execute()
  return rows.map((row) => row.namespace_id)
}

/** The rest a minute later. */
const dueAtOnce = 500

export function ruleUnknown(number: number): ApiError {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: { en: `there is no retention rule ${number}`, zh: `没有版本保留规则 ${number}` },
    detail: { rule: number },
  })
}

function ruleExists(namespace: string): ApiError {
  return new ApiError('RULE_EXISTS', {
    message: {
      en: `namespace ${namespace} has a retention rule: change that one`,
      zh: `命名空间 ${namespace} 已有版本保留规则，请修改该规则`,
    },
    detail: { namespace },
  })
}
