// The API's actions on API keys, which it calls access keys.

import {
  createAccessKey,
  deleteAccessKey,
  getSecurityLastUsed,
  listAccessKeys,
  updateAccessKey,
} from '@entrepot/contract/cam/access-keys.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { queryApiKey } from '@entrepot/contract/sts/sts.ts'
import type { Account } from '../access/actor.ts'
import { askForPersonOrSelf } from '../accounts/asked-person.ts'
import { reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { chinaDate, chinaTime } from '../actions/times.ts'
import { mayReach } from '../policies/reach.ts'
import {
  type ApiKeyRecord,
  createKey,
  deleteKey,
  findKeys,
  listKeys,
  setKeyDisabled,
} from './keys.ts'

export const keyHandlers: readonly Handler[] = [
  change(createAccessKey, async (call) => {
    const { tx, at, input, ground } = call
    const { Description: description = '', TargetUin } = input
    const person = await askForPersonOrSelf(tx, call, createAccessKey.permission, TargetUin)
    const { uin, ownerUin } = person
    assertOutlivable(call.actor, uin)
    const { secretId, secretKey } = await createKey(tx, ground.vault, {
      ownerUin,
      uin,
      description,
      at,
    })
    return {
      AccessKey: {
        AccessKeyId: secretId,
        SecretAccessKey: secretKey,
        Status: 'Active' as const,
        CreateTime: chinaTime(at),
        Description: description,
      },
    }
  }),

  read(listAccessKeys, async (call) => {
    const { db, input } = call
    const person = await askForPersonOrSelf(db, call, listAccessKeys.permission, input.TargetUin)
    return { AccessKeys: (await listKeys(db, person.uin)).map(toWire) }
  }),

  change(updateAccessKey, async (call) => {
    const { tx, input } = call
    const person = await askForPersonOrSelf(tx, call, updateAccessKey.permission, input.TargetUin)
    await setKeyDisabled(tx, person.uin, input.AccessKeyId, input.Status === 'Inactive')
    return {}
  }),

  change(deleteAccessKey, async (call) => {
    const { tx, input } = call
    const person = await askForPersonOrSelf(tx, call, deleteAccessKey.permission, input.TargetUin)
    await deleteKey(tx, person.uin, input.AccessKeyId)
    return {}
  }),

  read(getSecurityLastUsed, async (call) => {
    const { db, actor, input } = call
    const reach = await reachFor(call, getSecurityLastUsed.permission, 'uin/')
    const keys = await findKeys(db, actor.ownerUin, input.SecretIdList)
    return {
      SecretIdLastUsedRows: keys
        .filter(({ uin }) => mayReach(reach, String(uin)))
        .map(({ secretId, lastUsedAt }) => ({
          SecretId: secretId,
          LastUsedDate: lastUsedAt === null ? null : chinaDate(lastUsedAt),
          LastSecretUsedDate: lastUsedAt === null ? null : Math.floor(lastUsedAt / 1000),
        })),
    }
  }),

  read(queryApiKey, async (call) => {
    const { db, actor, input } = call
    const { TargetUin: target = actor.uin } = input
    const uin =
      target === actor.uin
        ? target
        : (await askForPersonOrSelf(db, call, queryApiKey.permission, target)).uin
    return {
      IdKeys: (await listKeys(db, uin)).map(({ secretId, isDisabled, createdAt }) => ({
        SecretId: secretId,
        CreateTime: Math.floor(createdAt / 1000),
        Status: isDisabled ? disabledStatus : validStatus,
      })),
    }
  }),
]

/** A lasting key would be free of the policy that narrows the keys which asked for it. */
function assertOutlivable({ session, uin }: Account, whose: number): void {
  if (session?.kind !== 'federated' || uin !== whose) return
  throw new ApiError('OPERATION_DENIED', {
    message: {
      en: 'keys of GetFederationToken make no lasting keys of their person',
      zh: 'GetFederationToken 的临时密钥不能创建本身份的永久密钥',
    },
  })
}

/** sts: 2 valid, 3 disabled. */
const validStatus = 2
const disabledStatus = 3

function toWire({ secretId, isDisabled, createdAt, description }: ApiKeyRecord) {
  return {
    AccessKeyId: secretId,
    Status: isDisabled ? 'Inactive' : 'Active',
    CreateTime: chinaTime(createdAt),
    Description: description,
  } as const
}
