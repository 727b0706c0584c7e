// Whose sessions, factors and passwords a call is about: the caller's own, or with a uin another person's, for which
// policies are asked. A role has none of these, and temporary keys that are narrowed touch none.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Account } from '../access/actor.ts'
import { askForPersonOrSelf } from '../accounts/asked-person.ts'
import type { mayDo } from '../actions/authority.ts'
import type { Queryable } from '../db/database.ts'

/** Throws OPERATION_DENIED. */
export function assertPerson({ session }: Account): void {
  if (!session || session.kind === 'own') return
  throw new ApiError('OPERATION_DENIED', {
    message: {
      en: 'a role or narrowed temporary keys have no login of their own: call this as the person',
      zh: '角色或受限的临时密钥没有自己的登录信息，请以用户身份调用',
    },
  })
}

/** The uin. Throws OPERATION_DENIED, UNAUTHORIZED_OPERATION, USER_NOT_FOUND. */
export async function ownOrAsked(
  db: Queryable,
  call: Parameters<typeof mayDo>[0],
  permission: string,
  uin: number | undefined,
): Promise<number> {
  const { actor } = call
  if (uin !== undefined && uin !== actor.uin) {
    return (await askForPersonOrSelf(db, call, permission, uin)).uin
  }
  assertPerson(actor)
  return actor.uin
}
