// Own actions of the operator on main accounts.

import {
  createAccount,
  deleteAccount,
  describeAccounts,
  modifyAccount,
  resetAccountPassword,
} from '@entrepot/contract/entrepot/accounts.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { createKey } from '../keys/keys.ts'
import { removeDevice } from '../logins/mfa.ts'
import { hashPassword, makePassword, storePassword } from '../logins/passwords.ts'
import { resumeAccount, suspendAccount } from './accounts.ts'
import {
  assertMainAccount,
  deleteMainAccount,
  instancesOf,
  listMainAccounts,
  makeMainAccount,
  personalNamespacesOf,
  updateMainAccount,
} from './main-accounts.ts'

interface PreparedPassword {
  /** To be shown: one that was made here. */
  readonly made: string
  readonly hash: string
}

export const operatorHandlers: readonly Handler[] = [
  change<typeof createAccount, PreparedPassword>(
    createAccount,
    async ({ tx, at, input, ground, prepared }) => {
      const { Name: name, Email: email = '', Remark: remark = '' } = input
      const uin = await makeMainAccount(tx, { name, email, remark, at })
      const { hash, made } = prepared
      await storePassword(tx, { uin, hash, mustChange: input.NeedResetPassword, at })
      const key = input.CreateApiKey
        ? await createKey(tx, ground.vault, { ownerUin: uin, uin, description: '', at })
        : undefined
      return {
        Uin: uin,
        Password: made,
        SecretId: key?.secretId ?? null,
        SecretKey: key?.secretKey ?? null,
      }
    },
    // Nobody's rules hold yet: the account has none of its own.
    ({ input, ground }) => preparePassword(ground.db.read, { ownerUin: 0 }, input.Password),
  ),

  read(describeAccounts, async ({ db, ground, input }) => {
    const { Uins: uins, Keyword: keyword = '', State } = input
    const isSuspended = State === undefined ? undefined : State === 'Suspended'
    const page = pageRange('record', input)
    const { total, accounts } = await listMainAccounts(db, { uins, keyword, isSuspended }, page)
    return {
      Accounts: accounts.map((account) => ({
        Uin: account.uin,
        Name: account.name,
        Email: account.email,
        Remark: account.remark,
        State: account.isSuspended ? ('Suspended' as const) : ('Active' as const),
        SuspendReason: account.suspendReason,
        IsOperator: account.uin === ground.operatorUin,
        SubAccountCount: account.subAccounts,
        InstanceCount: account.instances,
        CreateTime: isoUtc(account.createdAt),
        LastLoginTime: account.lastLoginAt === null ? null : isoUtc(account.lastLoginAt),
      })),
      TotalCount: total,
    }
  }),

  change(modifyAccount, async ({ tx, input, ground }) => {
    const { Uin: uin, Name: name, Email: email, Remark: remark, State, SuspendReason } = input
    await assertMainAccount(tx, uin)
    if (State === 'Suspended') assertNotOperator(uin, ground.operatorUin)
    const suspendReason = State === 'Active' ? null : SuspendReason
    await updateMainAccount(tx, uin, { name, email, remark, suspendReason })
    if (State === 'Suspended') await suspendAccount(tx, uin)
    if (State === 'Active') await resumeAccount(tx, uin)
    return {}
  }),

  change(deleteAccount, async ({ tx, at, origin, input, ground }) => {
    const { Uin: uin, DryRun: isDryRun = false } = input
    await assertMainAccount(tx, uin)
    assertNotOperator(uin, ground.operatorUin)
    const instances = await instancesOf(tx, uin)
    const namespaces = await personalNamespacesOf(tx, uin)
    const Remaining = [
      ...instances.map((id) => ({ ResourceType: 'instance', ResourceId: id })),
      ...namespaces.map((name) => ({ ResourceType: 'repo', ResourceId: name })),
    ]
    if (isDryRun) return { Remaining }
    if (instances.length > 0) {
      throw new ApiError('RESOURCE_IN_USE', {
        message: {
          en: `the account has instances; delete them first: ${instances.join(', ')}`,
          zh: `该账号仍有实例，请先删除：${instances.join('、')}`,
        },
        detail: { instances },
      })
    }
    if (namespaces.length > 0) {
      throw new ApiError('RESOURCE_IN_USE', {
        message: {
          en: `the account has namespaces in the Personal edition; delete them first: ${namespaces.join(', ')}`,
          zh: `该账号在个人版中仍有命名空间，请先删除：${namespaces.join('、')}`,
        },
        detail: { namespaces },
      })
    }
    await deleteMainAccount(tx, uin, { at, origin })
    return { Remaining }
  }),

  change<typeof resetAccountPassword, PreparedPassword>(
    resetAccountPassword,
    async ({ tx, at, input, prepared }) => {
      const { Uin: uin, DeleteMfaDevice } = input
      await assertMainAccount(tx, uin)
      const { hash, made } = prepared
      await storePassword(tx, { uin, hash, mustChange: true, at })
      if (DeleteMfaDevice) await removeDevice(tx, uin)
      return { Password: made }
    },
    ({ input, ground }) => preparePassword(ground.db.read, { ownerUin: input.Uin }, input.Password),
  ),
]

async function preparePassword(
  db: Parameters<typeof hashPassword>[0],
  { ownerUin }: { readonly ownerUin: number },
  given = '',
): Promise<PreparedPassword> {
  const made = given === '' ? makePassword() : ''
  return { made, hash: await hashPassword(db, { ownerUin, uin: undefined }, given || made) }
}

/** Nobody would be left to take it back. */
function assertNotOperator(uin: number, operatorUin: number): void {
  if (uin !== operatorUin) return
  throw invalidValue('Uin', {
    en: 'is the account that runs the deployment, which stays',
    zh: '是部署的运营账号，不能停用或删除',
  })
}
