// The API's actions on a person's password and on an account's quotas.

import { describeQuotaPersonal, modifyQuotaPersonal } from '@entrepot/contract/entrepot/personal.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import {
  createUserPersonal,
  describeUserQuotaPersonal,
  modifyUserPasswordPersonal,
} from '@entrepot/contract/tcr/personal-accounts.ts'
import type { Account } from '../access/actor.ts'
import { findAccount } from '../accounts/accounts.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { hashHumanSecret } from '../crypto/secrets.ts'
import { changeQuota, describeQuotas, ensureQuotas, findQuota } from './quotas.ts'
import { hasBegun, insertUser, updatePassword } from './users.ts'

export const userHandlers: readonly Handler[] = [
  change(
    createUserPersonal,
    async ({ tx, at, actor, prepared: passwordHash }) => {
      await insertUser(tx, actor, { passwordHash, at })
      await ensureQuotas(tx, actor.ownerUin)
      return {}
    },
    hashPassword,
    (_input, _reply) => ({ resource: 'personal' }),
  ),

  change(
    modifyUserPasswordPersonal,
    async ({ tx, at, actor, prepared: passwordHash }) => {
      await updatePassword(tx, actor.uin, { passwordHash, at })
      return {}
    },
    hashPassword,
    (_input, _reply) => ({ resource: 'personal' }),
  ),

  read(describeUserQuotaPersonal, async ({ db, actor }) => {
    const { ownerUin } = actor
    const limit = async (metric: 'namespaces' | 'repositories' | 'tags') =>
      (await findQuota(db, ownerUin, metric)) ?? unlimited
    const Username = String(ownerUin)
    return {
      Data: {
        LimitInfo: [
          { Username, Type: 'namespace' as const, Value: await limit('namespaces') },
          { Username, Type: 'repo' as const, Value: await limit('repositories') },
          { Username, Type: 'tag' as const, Value: await limit('tags') },
        ],
      },
    }
  }),

  read(describeQuotaPersonal, async ({ ground, db, actor }) => {
    const at = await ground.clock.deployment(db)
    return {
      HasBegun: await hasBegun(db, actor.uin),
      Quotas: await describeQuotas(db, actor.ownerUin, at),
    }
  }),

  change(modifyQuotaPersonal, async ({ tx, input }) => {
    const account = await findAccount(tx, input.Uin)
    if (account?.ownerUin !== input.Uin) throw accountUnknown(input.Uin)
    for (const { Name, Limit } of input.Quotas) await changeQuota(tx, input.Uin, Name, Limit)
    return {}
  }),
]

/** On the wire a number has to stand there. */
const unlimited = -1

async function hashPassword(call: {
  readonly actor: Account
  readonly input: { readonly Password: string }
}): Promise<string> {
  // Its keys end, and nobody could log in with its number.
  if (call.actor.session?.kind === 'role') {
    throw new ApiError('OPERATION_DENIED', {
      message: {
        en: 'a role has no password of the Personal edition: let a person begin with it',
        zh: '角色没有个人版登录密码，请由用户初始化',
      },
    })
  }
  return hashHumanSecret(call.input.Password)
}

function accountUnknown(uin: number): ApiError {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: { en: `there is no main account ${uin}`, zh: `没有主账号 ${uin}` },
    detail: { uin },
  })
}
