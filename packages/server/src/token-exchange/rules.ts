// Rules by which a token of a provider stands for a service account or a role at a registry, so that CI needs no stored
// secret. What a rule gives ends when it changes: its version is raised.

import { ApiError } from '@entrepot/contract/errors.ts'
import { lockMainAccount } from '../accounts/accounts.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import type { ClaimCondition } from '../identity-providers/claims.ts'

/** Of one main account. */
export const maxRules = 500

export type ExchangeTarget =
  | {
      readonly kind: 'service-account'
      readonly id: string
      readonly instanceId: string
      /** Without its prefix. */
      readonly name: string
    }
  | { readonly kind: 'role'; readonly id: number }

export interface RuleFields {
  readonly name: string
  readonly description: string
  /** All must hold. */
  readonly conditions: readonly ClaimCondition[]
  readonly durationSeconds: number
  readonly isEnabled: boolean
}

export interface Rule extends RuleFields {
  readonly id: string
  readonly ownerUin: number
  readonly providerId: string
  readonly providerName: string
  readonly target: ExchangeTarget
  readonly version: number
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

export interface NewRule extends RuleFields {
  readonly providerId: string
  readonly target: ExchangeTarget
  readonly createdBy: number
  readonly at: number
}

/** The id. Throws LIMIT_EXCEEDED. */
export async function createRule(tx: Tx, ownerUin: number, input: NewRule): Promise<string> {
  await lockMainAccount(tx, ownerUin)
  const { count } = await tx
    .selectFrom('token_exchange_rules')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .executeTakeFirstOrThrow()
  if (Number(count) >= maxRules) {
    const detail = { quota: maxRules, used: Number(count), asked: 1 }
    throw new ApiError('LIMIT_EXCEEDED', { detail })
  }
  const { target, at } = input
  const id = newId()
  await tx
    .insertInto('token_exchange_rules')
    .values({
      id,
      owner_uin: ownerUin,
      provider_id: input.providerId,
      ...toColumns(input),
      target_kind: target.kind,
      instance_id: target.kind === 'role' ? null : target.instanceId,
      service_account_id: target.kind === 'role' ? null : target.id,
      role_id: target.kind === 'role' ? target.id : null,
      version: 1,
      created_by: input.createdBy,
      created_at: at,
      updated_at: at,
    })
    .execute()
  return id
}

/** The logins from before end. */
export async function updateRule(
  tx: Tx,
  id: string,
  fields: RuleFields & { readonly at: number },
): Promise<void> {
  await tx
    .updateTable('token_exchange_rules')
    .set((eb) => ({
      ...toColumns(fields),
      version: eb('version', '+', 1),
      updated_at: fields.at,
    }))
    .where('id', '=', id)
    .execute()
}

export async function deleteRule(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('token_exchange_rules').where('id', '=', id).execute()
}

function toColumns(fields: RuleFields) {
  return {
    name: fields.name,
    description: fields.description,
    conditions: JSON.stringify(fields.conditions),
    duration_seconds: fields.durationSeconds,
    enabled: fields.isEnabled ? 1 : 0,
  }
}

function selectRules(db: Queryable) {
  return db
    .selectFrom('token_exchange_rules as r')
    .innerJoin('identity_providers as p', 'p.id', 'r.provider_id')
    .leftJoin('service_accounts as s', 's.id', 'r.service_account_id')
    .selectAll('r')
    .select(['p.name as provider_name', 's.name as service_account_name'])
}

type RuleRow = Awaited<ReturnType<ReturnType<typeof selectRules>['executeTakeFirstOrThrow']>>

function fromRow(row: RuleRow): Rule {
  return {
    id: row.id,
    ownerUin: row.owner_uin,
    providerId: row.provider_id,
    providerName: row.provider_name,
    name: row.name,
    description: row.description,
    // Written by `toColumns` only.
    conditions: JSON.parse(row.conditions) as ClaimCondition[],
    target: targetOf(row),
    durationSeconds: row.duration_seconds,
    isEnabled: row.enabled === 1,
    version: row.version,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }
}

/** The columns of a kind are set, by `createRule`. */
function targetOf(row: RuleRow): ExchangeTarget {
  return row.target_kind === 'role'
    ? { kind: 'role', id: row.role_id ?? 0 }
    : {
        kind: 'service-account',
        id: row.service_account_id ?? '',
        instanceId: row.instance_id ?? '',
        name: row.service_account_name ?? '',
      }
}

export async function findRule(
  db: Queryable,
  ownerUin: number,
  id: string,
): Promise<Rule | undefined> {
  const row = await selectRules(db)
    .where('r.id', '=', id)
    .where('r.owner_uin', '=', ownerUin)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** The oldest first. */
export async function listRules(
  db: Queryable,
  ownerUin: number,
  { providerId }: { readonly providerId?: string } = {},
): Promise<Rule[]> {
  const all = selectRules(db).where('r.owner_uin', '=', ownerUin)
  const rows = await (providerId === undefined ? all : all.where('r.provider_id', '=', providerId))
    .orderBy('r.id')
    .limit(maxRules)
    .execute()
  return rows.map(fromRow)
}

/** Those that may let somebody in at this instance who names this issuer; the oldest first. */
export async function listRulesFor(
  db: Queryable,
  asked: {
    readonly ownerUin: number
    readonly instanceId: string
    readonly issuer: string
    readonly ruleId: string | undefined
  },
): Promise<Rule[]> {
  const all = selectRules(db)
    .where('r.owner_uin', '=', asked.ownerUin)
    .where('r.enabled', '=', 1)
    .where('p.state', '=', 'on')
    .where('p.issuer', '=', asked.issuer)
    .where((eb) =>
      eb.or([eb('r.instance_id', '=', asked.instanceId), eb('r.target_kind', '=', 'role')]),
    )
  const rows = await (asked.ruleId === undefined ? all : all.where('r.id', '=', asked.ruleId))
    .orderBy('r.id')
    .limit(maxRules)
    .execute()
  return rows.map(fromRow)
}
