// Own actions on console sessions, on passwords, and on who is held out.

import {
  describeUserLogin,
  modifyPassword,
  unlockUser,
} from '@entrepot/contract/entrepot/accounts.ts'
import {
  deleteSession,
  deleteUserSessions,
  describeSessions,
} from '@entrepot/contract/entrepot/sessions.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { askForPersonOrSelf } from '../accounts/asked-person.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { LoginThrottle } from '../credentials/throttle.ts'
import { verifySecret } from '../crypto/secrets.ts'
import type { Queryable } from '../db/database.ts'
import { listWrong, lockMs, unlock } from './lockout.ts'
import { hasDevice } from './mfa.ts'
import { assertPerson, ownOrAsked } from './own-person.ts'
import { findPasswordRules } from './password-rules.ts'
import { hashPassword, storePassword } from './passwords.ts'
import { endSession, endSessions, listSessions, sessionIdOf } from './sessions.ts'

export const sessionHandlers: readonly Handler[] = [
  read(describeSessions, async (call) => {
    const { db, nowMs, input } = call
    const uin = await ownOrAsked(db, call, describeSessions.permission, input.TargetUin)
    const sessions = await listSessions(db, uin, nowMs)
    const { offset, limit } = pageRange('record', input)
    return {
      Sessions: sessions.slice(offset, offset + limit).map((session) => ({
        SessionId: session.id,
        Uin: session.uin,
        RoleId: session.roleId === null ? null : String(session.roleId),
        SessionName: session.sessionName,
        LoginMethod: session.providerName === null ? ('Password' as const) : ('Oidc' as const),
        ProviderName: session.providerName,
        MfaUsed: session.hasFactor,
        Address: session.address,
        UserAgent: session.agent,
        CreateTime: isoUtc(session.createdAt),
        LastSeenTime: isoUtc(session.seenAt),
        ExpireTime: isoUtc(session.expiresAt),
        IsCurrent: session.id === sessionIdOf(call.caller.credentialLabel),
      })),
      TotalCount: sessions.length,
    }
  }),

  change(deleteSession, async (call) => {
    const { tx, input } = call
    const uin = await ownOrAsked(tx, call, deleteSession.permission, input.TargetUin)
    if (await endSession(tx, uin, input.SessionId)) return {}
    throw new ApiError('RESOURCE_NOT_FOUND', {
      message: { en: 'the person has no such session', zh: '该用户没有这个会话' },
    })
  }),

  change(deleteUserSessions, async (call) => {
    const { tx, input } = call
    const uin = await ownOrAsked(tx, call, deleteUserSessions.permission, input.TargetUin)
    return { EndedCount: await endSessions(tx, uin) }
  }),

  change<typeof modifyPassword, string>(
    modifyPassword,
    async ({ tx, at, actor: { uin }, caller, prepared: hash }) => {
      const keepsSession = sessionIdOf(caller.credentialLabel)
      await storePassword(tx, { uin, hash, mustChange: false, at, keepsSession })
      return {}
    },
    async ({ ground, actor, client, input }) => {
      assertPerson(actor)
      // A key that was found should not be good for trying passwords.
      const throttle = new LoginThrottle(ground.db, ground.clock)
      const name = `password:${actor.uin}`
      await throttle.check(client.address, name)
      const present = await findPassword(ground.db.read, actor.uin)
      const isRight =
        present && (await verifySecret(input.OldPassword, present.password_hash ?? ''))
      if (!isRight) {
        await throttle.countFailure(client.address, name)
        throw new ApiError('PASSWORD_REFUSED', {
          message: { en: 'OldPassword is not the present one', zh: '当前密码错误' },
        })
      }
      return hashPassword(ground.db.read, actor, input.NewPassword)
    },
  ),

  change(unlockUser, async (call) => {
    const { tx, input } = call
    const { uin } = await askForPersonOrSelf(tx, call, unlockUser.permission, input.TargetUin)
    await unlock(tx, uin)
    return {}
  }),

  read(describeUserLogin, async (call) => {
    const { db, nowMs, input } = call
    const person = await askForPersonOrSelf(db, call, describeUserLogin.permission, input.TargetUin)
    const { uin, ownerUin } = person
    const password = await findPassword(db, uin)
    const changedAt = password?.password_changed_at ?? null
    const { retryLimit } = await findPasswordRules(db, ownerUin)
    const locks = await listWrong(db, uin, nowMs)
    return {
      HasPassword: person.hasPassword,
      PasswordChangeTime: changedAt === null ? null : isoUtc(changedAt),
      NeedResetPassword: password?.need_reset_password === 1,
      HasMfaDevice: await hasDevice(db, uin),
      SessionCount: (await listSessions(db, uin, nowMs)).length,
      Locks: locks.map(({ address, failures, lastFailedAt }) => ({
        Address: address,
        Failures: failures,
        LastFailureTime: isoUtc(lastFailedAt),
        LockedUntil: failures < retryLimit ? null : isoUtc(lastFailedAt + lockMs),
      })),
    }
  }),
]

function findPassword(db: Queryable, uin: number) {
  return db
    .selectFrom('accounts')
    .select(['password_hash', 'password_changed_at', 'need_reset_password'])
    .where('uin', '=', uin)
    .executeTakeFirst()
}
