// The role that a call names, by id or name: found, and asked for by the id. Whoever may not know which roles there
// are is told the same for those that are not there.

import { mayDo, notAllowed } from '../actions/authority.ts'
import type { Queryable } from '../db/database.ts'
import { assertNamesRole, findRole, type Role, type RoleKey, unknownRole } from './roles.ts'

/** Throws UNAUTHORIZED_OPERATION, ROLE_NOT_FOUND. */
export async function askForRole(
  db: Queryable,
  call: Parameters<typeof mayDo>[0],
  permission: string,
  key: RoleKey,
): Promise<Role> {
  assertNamesRole(key)
  const role = await findRole(db, call.actor.ownerUin, key)
  const asked = role ? `role/${role.id}` : 'role/*'
  if (!(await mayDo(call, permission, [asked]))) {
    throw notAllowed(permission, [`role ${key.name ?? key.id}`])
  }
  if (!role) throw unknownRole(key)
  return role
}
