// The person that a call names, by name or by uin: found, and asked for by the uin. Whoever may not know which people
// there are is told the same for those that are not there.

import { mayDo, notAllowed } from '../actions/authority.ts'
import type { Queryable } from '../db/database.ts'
import { findUser, findUserByName, type User, unknownUser } from './users.ts'

type Asking = Parameters<typeof mayDo>[0]

/** By name or uin. Throws UNAUTHORIZED_OPERATION, USER_NOT_FOUND. */
export async function askForPerson(
  db: Queryable,
  call: Asking,
  permission: string,
  who: string | number,
): Promise<User> {
  const { ownerUin } = call.actor
  const user = await (typeof who === 'string'
    ? findUserByName(db, ownerUin, who)
    : findUser(db, ownerUin, who))
  if (user) {
    if (await mayDo(call, permission, [`uin/${user.uin}`])) return user
    throw notAllowed(permission, [`user ${who}`])
  }
  if (!(await mayDo(call, permission, ['uin/*']))) throw notAllowed(permission, [`user ${who}`])
  throw unknownUser(who)
}

/** A sub-account: nobody changes the main account by these actions. */
export async function askForSubAccount(
  db: Queryable,
  call: Asking,
  permission: string,
  who: string | number,
): Promise<User> {
  const user = await askForPerson(db, call, permission, who)
  if (user.uin === user.ownerUin) throw unknownUser(who)
  return user
}

/**
 * Whose keys and factors a call is about: the caller's where no uin is given (a role is no person). Those of the main
 * account, which may do everything, are its own business.
 */
export async function askForPersonOrSelf(
  db: Queryable,
  call: Asking,
  permission: string,
  uin: number | undefined,
): Promise<User> {
  const { actor } = call
  const user = await askForPerson(db, call, permission, uin ?? actor.uin)
  const isOthersMain = user.uin === user.ownerUin && actor.uin !== user.uin
  if (isOthersMain) throw notAllowed(permission, [`user ${user.uin}`])
  return user
}
