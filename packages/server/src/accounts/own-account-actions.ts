// Own action: who the caller is.

import type { ActionReply } from '@entrepot/contract/action.ts'
import { describeOwnAccount } from '@entrepot/contract/entrepot/deployment.ts'
import { type Account, actorName } from '../access/actor.ts'
import { type Handler, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import { hasDevice } from '../logins/mfa.ts'
import { findOwnPerson, listAdministrators } from './own-account.ts'

export const ownAccountHandlers: readonly Handler[] = [
  read(describeOwnAccount, async ({ ground, db, actor }) => {
    const { uin, ownerUin } = actor
    const person = await findOwnPerson(db, actor)
    const administrators = await listAdministrators(db, ownerUin)
    return {
      Uin: uin,
      Name: person?.name ?? actorName(actor),
      Kind: kindOf(actor),
      OwnerUin: ownerUin,
      OwnerName: administrators[0]?.name ?? '',
      AppId: actor.appId,
      IsOperator: ownerUin === ground.operatorUin,
      Email: person?.email ?? '',
      HasMfaDevice: person !== undefined && (await hasDevice(db, uin)),
      MfaUsed: actor.hasFactor,
      MustChangePassword: person?.mustChangePassword ?? false,
      CreateTime: timeOrNull(person?.createdAt),
      LastLoginTime: timeOrNull(person?.lastLoginAt),
      LastLoginAddress: person?.lastLoginAddress ?? null,
      Administrators: administrators.map((one) => ({
        Uin: one.uin,
        Name: one.name,
        IsMain: one.uin === ownerUin,
      })),
    }
  }),
]

function kindOf({
  uin,
  ownerUin,
  session,
}: Account): ActionReply<typeof describeOwnAccount>['Kind'] {
  if (session?.kind === 'role') return 'Role'
  if (session?.kind === 'federated') return 'Federated'
  return uin === ownerUin ? 'Main' : 'User'
}

function timeOrNull(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : isoUtc(ms)
}
