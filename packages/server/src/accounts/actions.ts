// The API's actions on users, the sub-accounts of a main account.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  addUser,
  deleteUser as deleteAction,
  describeSubAccounts,
  getAccountSummary,
  getUser,
  getUserAppId,
  listAccounts as listAccountsAction,
  listCollaborators,
  listUsers as listUsersAction,
  updateUser as updateAction,
} from '@entrepot/contract/cam/users.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { chinaTime } from '../actions/times.ts'
import { countGroups } from '../groups/groups.ts'
import { countProviders } from '../identity-providers/queries.ts'
import { createKey } from '../keys/keys.ts'
import {
  hashPassword,
  makePassword,
  requireNewPassword,
  storePassword,
} from '../logins/passwords.ts'
import { countPolicies } from '../policies/queries.ts'
import { mayReach } from '../policies/reach.ts'
import { countRoles } from '../roles/roles.ts'
import { askForPerson, askForSubAccount } from './asked-person.ts'
import { deleteUser } from './removal.ts'
import {
  countUsers,
  createUser,
  listAccounts,
  listUsers,
  type User,
  type UserFields,
  updateUser,
} from './users.ts'

interface PreparedPassword {
  /** To be shown: one that was made here. */
  readonly made: string
  /** Undefined: none was asked for. */
  readonly hash: string | undefined
}

export const userHandlers: readonly Handler[] = [
  change<typeof addUser, PreparedPassword>(
    addUser,
    async ({ tx, at, actor, input, ground, prepared }) => {
      const { ownerUin } = actor
      const fields = fieldsOf(input)
      const uin = await createUser(tx, ownerUin, {
        ...fields,
        name: input.Name,
        createdBy: actor.uin,
        at,
      })
      const { hash, made } = prepared
      const mustChange = input.NeedResetPassword === 1
      if (hash !== undefined) await storePassword(tx, { uin, hash, mustChange, at })
      const key =
        input.UseApi === 1
          ? await createKey(tx, ground.vault, { ownerUin, uin, description: '', at })
          : { secretId: '', secretKey: '' }
      return {
        Uin: uin,
        Name: input.Name,
        Password: made,
        SecretId: key.secretId,
        SecretKey: key.secretKey,
        Uid: uin,
      }
    },
    async ({ input, ground, actor }) => {
      const { Password: given = '', ConsoleLogin } = input
      if (given === '' && ConsoleLogin !== 1) return { made: '', hash: undefined }
      const made = given === '' ? makePassword() : ''
      const whose = { ownerUin: actor.ownerUin, uin: undefined }
      return { made, hash: await hashPassword(ground.db.read, whose, given || made) }
    },
  ),

  read(getUser, async (call) => {
    const user = await askForPerson(call.db, call, getUser.permission, call.input.Name)
    const { lastLoginAt, lastLoginAddress } = user
    return {
      ...contactOf(user),
      RecentlyLoginIP: lastLoginAddress,
      RecentlyLoginTime: lastLoginAt === null ? null : chinaTime(lastLoginAt),
    }
  }),

  change<typeof updateAction, string | undefined>(
    updateAction,
    async (call) => {
      const { tx, at, input, prepared } = call
      const { uin } = await askForSubAccount(tx, call, updateAction.permission, input.Name)
      await updateUser(tx, uin, fieldsOf(input))
      const { NeedResetPassword } = input
      const mustChange = NeedResetPassword === 1
      if (prepared !== undefined) await storePassword(tx, { uin, hash: prepared, mustChange, at })
      else if (NeedResetPassword !== undefined) await requireNewPassword(tx, uin, mustChange)
      return {}
    },
    async (call) => {
      const { input, ground } = call
      if (!input.Password) return undefined
      const { read: db } = ground.db
      const user = await askForSubAccount(db, call, updateAction.permission, input.Name)
      return hashPassword(db, user, input.Password)
    },
  ),

  change(deleteAction, async (call) => {
    const { tx, at, origin, input } = call
    const user = await askForSubAccount(tx, call, deleteAction.permission, input.Name)
    if (user.uin === call.actor.uin) {
      throw invalidValue('Name', { en: 'must be somebody else', zh: '不能是调用者自己' })
    }
    const { uin, ownerUin } = user
    await deleteUser(tx, { ownerUin, uin, withKeys: input.Force === 1, at, origin })
    return {}
  }),

  read(listUsersAction, async (call) => {
    const seen = await seenBy(call, listUsersAction.permission)
    const users = (await listUsers(call.db, call.actor.ownerUin)).filter(seen)
    return { Data: users.map(toSubAccount) }
  }),

  read(listAccountsAction, async (call) => {
    const { db, actor, input } = call
    const seen = await seenBy(call, listAccountsAction.permission)
    const { UserType: type, MaxItems: limit, Marker = '' } = input
    const found: User[] = []
    let afterUin = markerOf(Marker)
    let isOver = false
    // Filtered here: pages go on until one is full or the list ends.
    while (!isOver && found.length <= limit) {
      const rows = await listAccounts(db, actor.ownerUin, { afterUin, limit: rowsAtOnce })
      found.push(...rows.filter((user) => seen(user) && (!type || typeOf(user) === type)))
      isOver = rows.length < rowsAtOnce
      afterUin = rows.at(-1)?.uin ?? afterUin
    }
    const shown = found.slice(0, limit)
    const isTruncated = found.length > limit
    return {
      Users: shown.map((user) => ({
        ...contactOf(user),
        CreateTime: chinaTime(user.createdAt),
        UserType: typeOf(user),
      })),
      Marker: isTruncated ? String(shown.at(-1)?.uin ?? '') : '',
      IsTruncated: isTruncated,
    }
  }),

  // Another main account never works in this one: whoever needs to takes on a role.
  read(listCollaborators, () => ({ TotalNum: 0, Data: [] })),

  read(describeSubAccounts, async (call) => {
    const wanted = new Set(call.input.FilterSubAccountUin)
    const seen = await seenBy(call, describeSubAccounts.permission)
    const users = await listUsers(call.db, call.actor.ownerUin)
    return {
      SubAccounts: users
        .filter((user) => wanted.has(user.uin) && seen(user))
        .map((user) => ({
          Uin: user.uin,
          Name: user.name,
          Uid: user.uin,
          Remark: user.remark,
          CreateTime: chinaTime(user.createdAt),
          UserType: subAccountType,
          LastLoginIp: user.lastLoginAddress,
          LastLoginTime: user.lastLoginAt === null ? null : chinaTime(user.lastLoginAt),
        })),
    }
  }),

  read(getUserAppId, ({ actor }) => ({
    Uin: String(actor.uin),
    OwnerUin: String(actor.ownerUin),
    AppId: actor.appId,
  })),

  read(getAccountSummary, async ({ db, actor: { ownerUin } }) => ({
    Policies: await countPolicies(db, ownerUin),
    Roles: await countRoles(db, ownerUin),
    Idps: await countProviders(db, ownerUin, 'role'),
    User: await countUsers(db, ownerUin),
    Group: await countGroups(db, ownerUin),
    Member: 0,
    IdentityProviders:
      (await countProviders(db, ownerUin, 'role')) + (await countProviders(db, ownerUin, 'user')),
  })),
]

const rowsAtOnce = 500
/** 2: a sub-account. */
const subAccountType = 2

/** Rows that the caller may know of. */
async function seenBy(
  call: Parameters<typeof reachFor>[0],
  permission: string,
): Promise<(user: User) => boolean> {
  const reach = await reachFor(call, permission, 'uin/')
  return ({ uin }) => mayReach(reach, String(uin))
}

function markerOf(text: string): number {
  if (text === '') return 0
  if (/^[1-9][0-9]{0,15}$/.test(text)) return Number(text)
  throw invalidValue('Marker', { en: 'must be that of the page before', zh: '应为上一页返回的值' })
}

function typeOf({ uin, ownerUin }: User): 'Owner' | 'SubUser' {
  return uin === ownerUin ? 'Owner' : 'SubUser'
}

interface UserInput {
  readonly Remark?: string | undefined
  readonly Email?: string | undefined
  readonly PhoneNum?: string | undefined
  readonly CountryCode?: string | undefined
  readonly ConsoleLogin?: number | undefined
}

function fieldsOf({ Remark, Email, PhoneNum, CountryCode, ConsoleLogin }: UserInput): UserFields {
  return {
    remark: Remark,
    email: Email,
    phone: PhoneNum,
    countryCode: CountryCode,
    mayLogIn: ConsoleLogin === undefined ? undefined : ConsoleLogin === 1,
  }
}

/** `Uid` is the uin: here nobody receives messages who is no user. */
function contactOf(user: User) {
  return {
    Uin: user.uin,
    Name: user.name,
    Uid: user.uin,
    Remark: user.remark,
    ConsoleLogin: user.mayLogIn ? 1 : 0,
    PhoneNum: user.phone,
    CountryCode: user.countryCode,
    Email: user.email,
  }
}

function toSubAccount(user: User): ActionReply<typeof listUsersAction>['Data'][number] {
  return {
    ...contactOf(user),
    CreateTime: chinaTime(user.createdAt),
    NickName: user.displayName || null,
  }
}
