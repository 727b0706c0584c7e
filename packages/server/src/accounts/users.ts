// Sub-accounts: the people below a main account. Their names are unique in it and final.

import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import type { Queryable, Tx } from '../db/database.ts'
import type { AccountsTable } from '../db/schema-accounts.ts'
import { assertBelow, lockMainAccount, nextUin } from './accounts.ts'

/** All of them stand in one answer of ListUsers. */
export const maxUsers = 5000

export interface User {
  readonly uin: number
  readonly ownerUin: number
  readonly name: string
  readonly displayName: string
  readonly remark: string
  readonly email: string
  readonly phone: string
  readonly countryCode: string
  readonly isSuspended: boolean
  readonly mayLogIn: boolean
  readonly hasPassword: boolean
  readonly createdAt: number
  readonly lastLoginAt: number | null
  readonly lastLoginAddress: string | null
}

export interface UserFields {
  readonly remark?: string | undefined
  readonly email?: string | undefined
  readonly phone?: string | undefined
  readonly countryCode?: string | undefined
  readonly mayLogIn?: boolean | undefined
}

export interface NewUser extends UserFields {
  readonly name: string
  readonly createdBy: number
  readonly at: number
}

/** Returns the uin. */
export async function createUser(tx: Tx, ownerUin: number, input: NewUser): Promise<number> {
  checkContact(input)
  await lockMainAccount(tx, ownerUin)
  assertBelow(await countUsers(tx, ownerUin), maxUsers, 'USER_LIMIT')
  if (await findUserByName(tx, ownerUin, input.name)) throw nameTaken(input.name)
  const uin = await nextUin(tx)
  await tx
    .insertInto('accounts')
    .values({
      uin,
      owner_uin: ownerUin,
      name: input.name,
      password_hash: null,
      state: 'active',
      version: 1,
      created_at: input.at,
      created_by: input.createdBy,
      ...toColumns(input),
    })
    .execute()
  return uin
}

export async function updateUser(tx: Tx, uin: number, fields: UserFields): Promise<void> {
  checkContact(fields)
  const columns = toColumns(fields)
  if (Object.keys(columns).length === 0) return
  await tx.updateTable('accounts').set(columns).where('uin', '=', uin).execute()
  if (fields.mayLogIn !== false) return
  await tx.deleteFrom('console_sessions').where('uin', '=', uin).execute()
}

function toColumns(fields: UserFields) {
  const { remark, email, phone, countryCode, mayLogIn } = fields
  return {
    ...(remark !== undefined && { remark }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(countryCode !== undefined && { country_code: countryCode }),
    ...(mayLogIn !== undefined && { console_login: mayLogIn ? 1 : 0 }),
  }
}

/** What names no mailbox and no telephone; whether there is one, nobody here can tell. */
function checkContact({ email = '', phone = '', countryCode = '' }: UserFields): void {
  if (email !== '' && !/^[^\s@]{1,64}@[^\s@]{1,189}$/.test(email)) {
    throw invalidValue('Email', { en: 'must be an e-mail address', zh: '应为邮箱地址' })
  }
  if (phone !== '' && !/^[0-9][0-9 -]{2,31}$/.test(phone)) {
    throw invalidValue('PhoneNum', { en: 'must be a phone number', zh: '应为手机号' })
  }
  if (countryCode !== '' && !/^\+?[0-9]{1,6}$/.test(countryCode)) {
    throw invalidValue('CountryCode', { en: 'must be a country code', zh: '应为国家或地区码' })
  }
}

const columns = [
  'uin',
  'owner_uin',
  'name',
  'display_name',
  'remark',
  'email',
  'phone',
  'country_code',
  'state',
  'console_login',
  'password_hash',
  'created_at',
  'last_login_at',
  'last_login_address',
] as const satisfies readonly (keyof AccountsTable)[]

function selectAccounts(db: Queryable, ownerUin: number) {
  return db.selectFrom('accounts').select(columns).where('owner_uin', '=', ownerUin)
}

function selectUsers(db: Queryable, ownerUin: number) {
  return selectAccounts(db, ownerUin).where('uin', '!=', ownerUin)
}

type UserRow = Awaited<ReturnType<ReturnType<typeof selectUsers>['executeTakeFirstOrThrow']>>

function fromRow(row: UserRow): User {
  return {
    uin: row.uin,
    ownerUin: row.owner_uin,
    name: row.name,
    displayName: row.display_name,
    remark: row.remark,
    email: row.email,
    phone: row.phone,
    countryCode: row.country_code,
    isSuspended: row.state === 'suspended',
    mayLogIn: row.console_login === 1,
    hasPassword: row.password_hash !== null,
    createdAt: row.created_at,
    lastLoginAt: row.last_login_at,
    lastLoginAddress: row.last_login_address,
  }
}

export async function findUserByName(
  db: Queryable,
  ownerUin: number,
  name: string,
): Promise<User | undefined> {
  const row = await selectAccounts(db, ownerUin).where('name', '=', name).executeTakeFirst()
  return row && fromRow(row)
}

export async function findUser(
  db: Queryable,
  ownerUin: number,
  uin: number,
): Promise<User | undefined> {
  const row = await selectAccounts(db, ownerUin).where('uin', '=', uin).executeTakeFirst()
  return row && fromRow(row)
}

/** A sub-account: throws USER_NOT_FOUND also for the main account, whose rights nobody changes. */
export async function getSubAccount(db: Queryable, ownerUin: number, uin: number): Promise<User> {
  const user = uin === ownerUin ? undefined : await findUser(db, ownerUin, uin)
  if (!user) throw unknownUser(uin)
  return user
}

export function unknownUser(who: number | string): ApiError {
  return new ApiError('USER_NOT_FOUND', {
    message: { en: `there is no user ${who} in this account`, zh: `该账号下没有用户 ${who}` },
  })
}

function nameTaken(name: string): ApiError {
  return new ApiError('USER_EXISTS', {
    message: { en: `the account has a user named ${name}`, zh: `该账号下已有用户 ${name}` },
  })
}

export async function countUsers(db: Queryable, ownerUin: number): Promise<number> {
  const { count } = await db
    .selectFrom('accounts')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .where('uin', '!=', ownerUin)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** All of an account, by uin. */
export async function listUsers(db: Queryable, ownerUin: number): Promise<User[]> {
  const rows = await selectUsers(db, ownerUin).orderBy('uin').limit(maxUsers).execute()
  return rows.map(fromRow)
}

/** The main account too, those after `afterUin`. */
export async function listAccounts(
  db: Queryable,
  ownerUin: number,
  page: { readonly afterUin: number; readonly limit: number },
): Promise<User[]> {
  const rows = await selectAccounts(db, ownerUin)
    .where('uin', '>', page.afterUin)
    .orderBy('uin')
    .limit(page.limit)
    .execute()
  return rows.map(fromRow)
}
