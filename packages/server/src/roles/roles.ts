// Roles: rights that people, services or other accounts take on for a while. The trust policy says who may; its
// sessions end when the role is deleted, or when its version is raised.

import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { assertBelow, lockMainAccount, raiseRights } from '../accounts/accounts.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { nextNumber } from '../db/numbering.ts'
import { assertTrustPolicy } from '../policies/documents.ts'
import { deleteRoleTags } from './tags.ts'

export const maxRoles = 1000
/** The reference's: SessionDuration 0–43200. */
export const maxSessionSeconds = 43_200

export interface Role {
  readonly id: number
  readonly ownerUin: number
  readonly name: string
  readonly kind: 'user' | 'system' | 'service_linked'
  readonly description: string
  readonly trustPolicy: string
  /** The longest session; 0: as long as any. */
  readonly sessionSeconds: number
  readonly mayLogIn: boolean
  readonly boundaryPolicyId: number | null
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
}

export interface NewRole {
  readonly name: string
  /** Left out: made by a person. */
  readonly kind?: Role['kind']
  readonly description: string
  readonly trustPolicy: string
  readonly sessionSeconds: number
  readonly mayLogIn: boolean
  readonly at: number
}

/** `qcs::cam::uin/<main account>:roleName/<name>`, which AssumeRole takes. */
export function roleArn({ ownerUin, name }: Pick<Role, 'ownerUin' | 'name'>): string {
  return `qcs::cam::uin/${ownerUin}:roleName/${name}`
}

/** Throws ROLE_EXISTS, ROLE_LIMIT, POLICY_DOCUMENT_INVALID. */
export async function createRole(tx: Tx, ownerUin: number, input: NewRole): Promise<number> {
  assertTrustPolicy(input.trustPolicy)
  await lockMainAccount(tx, ownerUin)
  assertBelow(await countRoles(tx, ownerUin), maxRoles, 'ROLE_LIMIT')
  if (await findRole(tx, ownerUin, { name: input.name })) {
    throw new ApiError('ROLE_EXISTS', {
      message: {
        en: `the account has a role named ${input.name}`,
        zh: `该账号下已有角色 ${input.name}`,
      },
    })
  }
  const id = await nextNumber(tx, 'role')
  await tx
    .insertInto('roles')
    .values({
      id,
      owner_uin: ownerUin,
      name: input.name,
      kind: input.kind ?? 'user',
      description: input.description,
      trust_policy: input.trustPolicy,
      session_seconds: input.sessionSeconds,
      console_login: input.mayLogIn ? 1 : 0,
      boundary_policy_id: null,
      version: 1,
      created_at: input.at,
      updated_at: input.at,
    })
    .execute()
  return id
}

export interface RoleChange {
  readonly description?: string
  readonly trustPolicy?: string
  readonly sessionSeconds?: number
  readonly mayLogIn?: boolean
  readonly at: number
}

export async function updateRole(tx: Tx, role: Role, change: RoleChange): Promise<void> {
  const { description, trustPolicy, sessionSeconds, mayLogIn, at } = change
  if (trustPolicy !== undefined) assertTrustPolicy(trustPolicy)
  await tx
    .updateTable('roles')
    .set({
      updated_at: at,
      ...(description !== undefined && { description }),
      ...(trustPolicy !== undefined && { trust_policy: trustPolicy }),
      ...(sessionSeconds !== undefined && { session_seconds: sessionSeconds }),
      ...(mayLogIn !== undefined && { console_login: mayLogIn ? 1 : 0 }),
    })
    .where('id', '=', role.id)
    .execute()
}

/** Its sessions end within a second. */
export async function deleteRole(tx: Tx, role: Role): Promise<void> {
  await raiseRights(tx, role.ownerUin)
  await tx.deleteFrom('console_sessions').where('role_id', '=', role.id).execute()
  await deleteRoleTags(tx, role.id)
  await tx
    .deleteFrom('policy_attachments')
    .where('target_kind', '=', 'role')
    .where('target_id', '=', role.id)
    .execute()
  await tx.deleteFrom('roles').where('id', '=', role.id).execute()
}

function selectRoles(db: Queryable, ownerUin: number) {
  return db.selectFrom('roles').selectAll().where('owner_uin', '=', ownerUin)
}

type RoleRow = Awaited<ReturnType<ReturnType<typeof selectRoles>['executeTakeFirstOrThrow']>>

function fromRow(row: RoleRow): Role {
  return {
    id: row.id,
    ownerUin: row.owner_uin,
    name: row.name,
    kind: row.kind,
    description: row.description,
    trustPolicy: row.trust_policy,
    sessionSeconds: row.session_seconds,
    mayLogIn: row.console_login === 1,
    boundaryPolicyId: row.boundary_policy_id,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** By its id, as a number or as text, or by its name. */
export interface RoleKey {
  readonly id?: number | string | undefined
  readonly name?: string | undefined
}

export async function findRole(
  db: Queryable,
  ownerUin: number,
  { id, name }: RoleKey,
): Promise<Role | undefined> {
  const query = selectRoles(db, ownerUin)
  const number = Number(id)
  if (id !== undefined && !(Number.isSafeInteger(number) && number > 0)) return undefined
  const byId = id === undefined ? query : query.where('id', '=', number)
  const row = await (name === undefined ? byId : byId.where('name', '=', name)).executeTakeFirst()
  return row && fromRow(row)
}

/** Throws INVALID_PARAMETER_VALUE where neither names it. */
export function assertNamesRole({ id, name }: RoleKey): void {
  if (id !== undefined || name !== undefined) return
  throw invalidValue('RoleId', {
    en: 'RoleId or RoleName must name the role',
    zh: 'RoleId 与 RoleName 须至少传入一个',
  })
}

export function unknownRole({ id, name }: RoleKey): ApiError {
  const key = name ?? id ?? ''
  return new ApiError('ROLE_NOT_FOUND', {
    message: { en: `there is no role ${key} in this account`, zh: `该账号下没有角色 ${key}` },
  })
}

export async function countRoles(db: Queryable, ownerUin: number): Promise<number> {
  const { count } = await db
    .selectFrom('roles')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** All of an account, by number. */
export async function listRoles(db: Queryable, ownerUin: number): Promise<Role[]> {
  const rows = await selectRoles(db, ownerUin).orderBy('id').limit(maxRoles).execute()
  return rows.map(fromRow)
}
