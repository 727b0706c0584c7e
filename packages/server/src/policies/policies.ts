// Policies that people write: a name, and versions of a document, one of which is in force. Versions never change,
// so what was compiled from one holds for as long as it exists. Presets have no rows: `presets.ts`.

import { ApiError } from '@entrepot/contract/errors.ts'
import { assertBelow, lockMainAccount, raiseRights } from '../accounts/accounts.ts'
import type { Tx } from '../db/database.ts'
import { nextNumber } from '../db/numbering.ts'
import { assertPolicy } from './documents.ts'
import { findPreset } from './presets.ts'
import { countPolicies, findPolicy, type PolicyRecord } from './queries.ts'

export const maxPolicies = 20_000
/** The reference's. */
export const maxVersions = 5

export interface NewPolicy {
  readonly name: string
  readonly description: string
  readonly document: string
  readonly createdBy: number
  readonly at: number
}

/** Throws POLICY_EXISTS, POLICY_LIMIT, POLICY_DOCUMENT_INVALID. */
export async function createPolicy(tx: Tx, ownerUin: number, input: NewPolicy): Promise<number> {
  const { name, description, document, at } = input
  assertPolicy(document)
  await lockMainAccount(tx, ownerUin)
  assertBelow(await countPolicies(tx, ownerUin), maxPolicies, 'POLICY_LIMIT')
  await assertNameFree(tx, ownerUin, name)
  const id = await nextNumber(tx, 'policy')
  await tx
    .insertInto('policies')
    .values({
      id,
      owner_uin: ownerUin,
      name,
      description,
      default_version: 1,
      last_version: 1,
      created_by: input.createdBy,
      created_at: at,
      updated_at: at,
    })
    .execute()
  await insertVersion(tx, { policyId: id, version: 1, document, at })
  return id
}

export interface PolicyChange {
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly document?: string | undefined
  readonly at: number
}

/** A document takes the place of the version in force: a new version, and the former one goes. */
export async function updatePolicy(
  tx: Tx,
  ownerUin: number,
  id: number,
  change: PolicyChange,
): Promise<void> {
  const { name, description, document, at } = change
  if (document !== undefined) assertPolicy(document)
  await raiseRights(tx, ownerUin)
  const policy = await getOwnPolicy(tx, ownerUin, id)
  if (name !== undefined && name !== policy.name) await assertNameFree(tx, ownerUin, name)
  await tx
    .updateTable('policies')
    .set({
      updated_at: at,
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
    })
    .where('id', '=', id)
    .execute()
  if (document === undefined) return
  const version = await appendVersion(tx, policy, document, at)
  await putInForce(tx, id, version, at)
  await deleteVersion(tx, id, policy.defaultVersion)
}

/** With all that it is attached to; throws OPERATION_DENIED while it bounds somebody. */
export async function deletePolicy(tx: Tx, ownerUin: number, id: number): Promise<void> {
  await raiseRights(tx, ownerUin)
  await getOwnPolicy(tx, ownerUin, id)
  await refuseBoundary(tx, ownerUin, id)
  await tx.deleteFrom('policy_attachments').where('policy_id', '=', id).execute()
  await tx.deleteFrom('policy_tags').where('policy_id', '=', id).execute()
  await tx.deleteFrom('policy_versions').where('policy_id', '=', id).execute()
  await tx.deleteFrom('policies').where('id', '=', id).execute()
}

/** Without it, whoever it bounds could do more than before. */
async function refuseBoundary(tx: Tx, ownerUin: number, id: number): Promise<void> {
  const person = await tx
    .selectFrom('accounts')
    .select('uin')
    .where('owner_uin', '=', ownerUin)
    .where('boundary_policy_id', '=', id)
    .executeTakeFirst()
  const role = await tx
    .selectFrom('roles')
    .select('name')
    .where('owner_uin', '=', ownerUin)
    .where('boundary_policy_id', '=', id)
    .executeTakeFirst()
  if (!person && !role) return
  const who = person ? `user ${person.uin}` : `role ${role?.name}`
  throw new ApiError('OPERATION_DENIED', {
    message: {
      en: `policy ${id} is the boundary of ${who}; take it away there first`,
      zh: `策略 ${id} 是 ${who} 的权限边界，请先移除该边界`,
    },
  })
}

/** Returns the version's number. Throws POLICY_VERSION_LIMIT. */
export async function createVersion(
  tx: Tx,
  ownerUin: number,
  id: number,
  input: { readonly document: string; readonly isInForce: boolean; readonly at: number },
): Promise<number> {
  assertPolicy(input.document)
  await raiseRights(tx, ownerUin)
  const policy = await getOwnPolicy(tx, ownerUin, id)
  const { count } = await tx
    .selectFrom('policy_versions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('policy_id', '=', id)
    .executeTakeFirstOrThrow()
  if (Number(count) >= maxVersions) {
    throw new ApiError('POLICY_VERSION_LIMIT', {
      message: {
        en: `a policy has at most ${maxVersions} versions; delete one first`,
        zh: `一个策略最多 ${maxVersions} 个版本，请先删除一个`,
      },
      detail: { quota: maxVersions, used: Number(count), asked: 1 },
    })
  }
  const version = await appendVersion(tx, policy, input.document, input.at)
  if (input.isInForce) await putInForce(tx, id, version, input.at)
  return version
}

export async function setDefaultVersion(
  tx: Tx,
  ownerUin: number,
  id: number,
  change: { readonly version: number; readonly at: number },
): Promise<void> {
  await raiseRights(tx, ownerUin)
  await getOwnPolicy(tx, ownerUin, id)
  await assertVersion(tx, id, change.version)
  await putInForce(tx, id, change.version, change.at)
}

/** All or none; the one in force stays. */
export async function deleteVersions(
  tx: Tx,
  ownerUin: number,
  id: number,
  versions: readonly number[],
): Promise<void> {
  await lockMainAccount(tx, ownerUin)
  const policy = await getOwnPolicy(tx, ownerUin, id)
  for (const version of new Set(versions)) {
    if (version === policy.defaultVersion) {
      throw new ApiError('OPERATION_DENIED', {
        message: {
          en: `version ${version} is in force; put another one in force first`,
          zh: `版本 ${version} 正在生效，请先将其他版本设为生效`,
        },
      })
    }
    await assertVersion(tx, id, version)
    await deleteVersion(tx, id, version)
  }
}

interface NewVersion {
  readonly policyId: number
  readonly version: number
  readonly document: string
  readonly at: number
}

async function insertVersion(tx: Tx, { policyId, version, document, at }: NewVersion) {
  await tx
    .insertInto('policy_versions')
    .values({ policy_id: policyId, version, document, created_at: at })
    .execute()
}

async function appendVersion(tx: Tx, { id }: PolicyRecord, document: string, at: number) {
  const { last_version: version } = await tx
    .updateTable('policies')
    .set((eb) => ({ last_version: eb('last_version', '+', 1) }))
    .where('id', '=', id)
    .returning('last_version')
    .executeTakeFirstOrThrow()
  await insertVersion(tx, { policyId: id, version, document, at })
  return version
}

async function putInForce(tx: Tx, id: number, version: number, at: number): Promise<void> {
  await tx
    .updateTable('policies')
    .set({ default_version: version, updated_at: at })
    .where('id', '=', id)
    .execute()
}

async function deleteVersion(tx: Tx, id: number, version: number): Promise<void> {
  await tx
    .deleteFrom('policy_versions')
    .where('policy_id', '=', id)
    .where('version', '=', version)
    .execute()
}

async function assertVersion(tx: Tx, id: number, version: number): Promise<void> {
  const row = await tx
    .selectFrom('policy_versions')
    .select('version')
    .where('policy_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  if (!row) throw new ApiError('POLICY_VERSION_NOT_FOUND')
}

async function assertNameFree(tx: Tx, ownerUin: number, name: string): Promise<void> {
  const taken =
    findPreset(name) ??
    (await tx
      .selectFrom('policies')
      .select('id')
      .where('owner_uin', '=', ownerUin)
      .where('name', '=', name)
      .executeTakeFirst())
  if (!taken) return
  throw new ApiError('POLICY_EXISTS', {
    message: { en: `the account has a policy named ${name}`, zh: `该账号下已有策略 ${name}` },
  })
}

/** Throws OPERATION_DENIED for presets, which nobody changes. */
async function getOwnPolicy(tx: Tx, ownerUin: number, id: number): Promise<PolicyRecord> {
  if (findPreset(id)) {
    throw new ApiError('OPERATION_DENIED', {
      message: {
        en: `policy ${id} is a preset, which nobody changes`,
        zh: `策略 ${id} 是预设策略，不能修改`,
      },
    })
  }
  const policy = await findPolicy(tx, ownerUin, id)
  if (!policy) throw unknownPolicy(id)
  return policy
}

export function unknownPolicy(key: number | string): ApiError {
  return new ApiError('POLICY_NOT_FOUND', {
    message: { en: `there is no policy ${key} in this account`, zh: `该账号下没有策略 ${key}` },
  })
}
