// Own actions: users as a list shows them, holding one out, and names.

import {
  describePersonNames,
  describeUsers,
  modifyUserState,
} from '@entrepot/contract/entrepot/users.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { mayReach } from '../policies/reach.ts'
import { resumeAccount, suspendAccount } from './accounts.ts'
import { askForSubAccount } from './asked-person.ts'
import { findBelongings } from './user-list.ts'
import { listUsers, type User } from './users.ts'

export const userListHandlers: readonly Handler[] = [
  read(describeUsers, async (call) => {
    const { db, actor, input } = call
    const { permission, paging } = describeUsers
    const reach = await reachFor(call, permission, 'uin/')
    const { State, ConsoleLogin } = input
    const uins = new Set(input.Uins ?? [])
    const search = (input.Search ?? '').toLowerCase()
    // An account has at most some thousand of them.
    const users = (await listUsers(db, actor.ownerUin)).filter(
      (user) =>
        mayReach(reach, String(user.uin)) &&
        (uins.size === 0 || uins.has(user.uin)) &&
        (State === undefined || user.isSuspended === (State === 'Suspended')) &&
        (ConsoleLogin === undefined || user.mayLogIn === ConsoleLogin) &&
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

  read(describePersonNames, async ({ db, actor, input }) => {
    const rows = await db
      .selectFrom('accounts')
      .select(['uin', 'name'])
      .where('owner_uin', '=', actor.ownerUin)
      .where('uin', 'in', input.Uins)
      .orderBy('uin')
      .execute()
    return { People: rows.map(({ uin, name }) => ({ Uin: uin, Name: name })) }
  }),

  change(
    modifyUserState,
    async (call) => {
      const { tx, actor, input } = call
      const { permission } = modifyUserState
      const { uin } = await askForSubAccount(tx, call, permission, input.TargetUin)
      if (uin === actor.uin) throw ownState()
      if (input.State === 'Suspended') await suspendAccount(tx, uin)
      else await resumeAccount(tx, uin)
      return {}
    },
    undefined,
    ({ TargetUin, State }) => ({ resource: `uin/${TargetUin}`, reference: State }),
  ),
]

function ownState(): ApiError {
  return new ApiError('OPERATION_DENIED', {
    message: {
      en: 'nobody suspends himself: somebody else has to do it',
      zh: '不能停用自己，须由其他人操作',
    },
  })
}

function matches({ uin, name, remark }: User, search: string): boolean {
  if (search === '') return true
  const texts = [name.toLowerCase(), remark.toLowerCase()]
  return String(uin) === search || texts.some((text) => text.includes(search))
}
