// Own action: users as a list shows them.

import { describeUsers } from '@entrepot/contract/entrepot/users.ts'
import { reachFor } from '../actions/authority.ts'
import { type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { mayReach } from '../policies/reach.ts'
import { findBelongings } from './user-list.ts'
import { listUsers, type User } from './users.ts'

export const userListHandlers: readonly Handler[] = [
  read(describeUsers, async (call) => {
    const { db, actor, input } = call
    const { permission, paging } = describeUsers
    const reach = await reachFor(call, permission, 'uin/')
    const uins = new Set(input.Uins ?? [])
    const search = (input.Search ?? '').toLowerCase()
    // An account has at most some thousand of them.
    const users = (await listUsers(db, actor.ownerUin)).filter(
      (user) =>
        mayReach(reach, String(user.uin)) &&
        (uins.size === 0 || uins.has(user.uin)) &&
        matches(user, search),
    )
    users.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    const { offset, limit } = pageRange(paging, input)
    const shown = users.slice(offset, offset + limit)
    const belongings = await findBelongings(
      db,
      shown.map(({ uin }) => uin),
    )
    return {
      Users: shown.map((user) => {
        const own = belongings.get(user.uin)
        return {
          Uin: user.uin,
          Name: user.name,
          Remark: user.remark,
          Email: user.email,
          State: user.isSuspended ? ('Suspended' as const) : ('Active' as const),
          ConsoleLogin: user.mayLogIn,
          MustChangePassword: own?.mustChangePassword ?? false,
          HasMfaDevice: own?.hasDevice ?? false,
          GroupNames: own?.groups ?? [],
          PolicyCount: own?.policies ?? 0,
          ApiKeyCount: own?.keys ?? 0,
          CredentialCount: own?.credentials ?? 0,
          CreateTime: isoUtc(user.createdAt),
          LastLoginTime: user.lastLoginAt === null ? null : isoUtc(user.lastLoginAt),
          LastLoginAddress: user.lastLoginAddress,
        }
      }),
      TotalCount: users.length,
    }
  }),
]

function matches({ uin, name, remark }: User, search: string): boolean {
  if (search === '') return true
  const texts = [name.toLowerCase(), remark.toLowerCase()]
  return String(uin) === search || texts.some((text) => text.includes(search))
}
