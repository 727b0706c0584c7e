// The API's actions on the caller's own credentials, and on how credentials are used.

import type { ActionReply } from '@entrepot/contract/action.ts'
import { describeCredentialUse } from '@entrepot/contract/entrepot/credentials.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import {
  createInstanceToken,
  deleteInstanceToken,
  describeInstanceToken,
  describeServiceAccounts,
  modifyInstanceToken,
} from '@entrepot/contract/tcr/credentials.ts'
import type { Account } from '../access/actor.ts'
import { findAccount } from '../accounts/accounts.ts'
import { assertMayDo, mayDo } from '../actions/authority.ts'
import { change, type Handler, type ReadCall, read } from '../actions/define.ts'
import { type PageRange, pageRange } from '../actions/paging.ts'
import { isoUtc, rfc3339 } from '../actions/times.ts'
import { countPullsBy, recentMs } from '../audit/recent-pulls.ts'
import { toldCredentialHours } from '../instances/instances.ts'
import { type ListedServiceAccount, listServiceAccounts } from './queries.ts'
import { servicePrefix } from './service-account-name.ts'
import type { IssuedToken } from './tokens.ts'
import {
  assertOwnCredential,
  type CredentialMaker,
  createUserCredential,
  deleteUserCredential,
  describeUserCredential,
  listUserCredentials,
  setUserCredentialDisabled,
  type UserCredential,
} from './user-credentials.ts'

const toldLifetimeMs = toldCredentialHours * 3_600_000

export const credentialHandlers: readonly Handler[] = [
  change<typeof createInstanceToken, IssuedToken | undefined>(
    createInstanceToken,
    async ({ tx, at, actor, origin, instance, input, prepared: issued }) => {
      const Username = String(actor.uin)
      if (issued) return { Username, Token: issued.token, ExpTime: issued.expiresAt, TokenId: '' }
      const { id, secret } = await createUserCredential(tx, instance, {
        uin: actor.uin,
        description: input.Desc ?? '',
        at,
        origin,
      })
      // Undefined only where the caller chose it.
      return { Username, Token: secret ?? '', ExpTime: at + toldLifetimeMs, TokenId: id }
    },
    async ({ ground, actor, instance, input }) => {
      assertPerson(actor)
      if (input.TokenType !== 'temp') return undefined
      const person = await findAccount(ground.db.read, actor.uin)
      if (!person) throw new ApiError('UNAUTHORIZED')
      const { uin, ownerUin, version } = person
      return ground.tokens.issueTemporary({ instanceId: instance.id, uin, ownerUin, version })
    },
    (_, { TokenId: id }) => ({ reference: id === '' ? 'temporary' : `long-term:${id}` }),
  ),

  read(describeInstanceToken, async ({ db, actor, instance, input }) => {
    const credentials = await listUserCredentials(db, instance.id, actor.uin)
    const page = pageRange(describeInstanceToken.paging, input)
    return {
      TotalCount: credentials.length,
      Tokens: pageOf(credentials, page).map((one) => ({
        Id: one.id,
        Desc: one.description,
        RegistryId: instance.id,
        Enabled: !one.isDisabled,
        CreatedAt: rfc3339(one.createdAt),
        ExpiredAt: one.createdAt + toldLifetimeMs,
      })),
    }
  }),

  change(
    modifyInstanceToken,
    async ({ tx, at, actor, origin, instance, input }) => {
      const { TokenId: id, ModifyFlag: flag, Desc: description, Enable: isEnabled } = input
      const facts = { id, at, origin }
      await assertOwnCredential(tx, instance.id, { id, uin: actor.uin })
      if (flag === describing) {
        if (description === undefined) throw missing('Desc', flag)
        await describeUserCredential(tx, instance, { ...facts, description })
      } else {
        if (isEnabled === undefined) throw missing('Enable', flag)
        await setUserCredentialDisabled(tx, instance, { ...facts, isDisabled: !isEnabled })
      }
      return {}
    },
    undefined,
    ({ TokenId: id }) => ({ reference: `long-term:${id}` }),
  ),

  change(
    deleteInstanceToken,
    async ({ tx, at, actor, origin, instance, input: { TokenId: id } }) => {
      await assertOwnCredential(tx, instance.id, { id, uin: actor.uin })
      await deleteUserCredential(tx, instance, { id, at, origin })
      return {}
    },
    undefined,
    ({ TokenId: id }) => ({ reference: `long-term:${id}` }),
  ),

  read(describeCredentialUse, listUse),
]

/** Of `ModifyFlag`; the other one switches. */
const describing = 1

function missing(parameter: string, flag: number): ApiError {
  return new ApiError('MISSING_PARAMETER', {
    message: {
      en: `${parameter}: this parameter is required with ModifyFlag ${flag}`,
      zh: `${parameter}：ModifyFlag 为 ${flag} 时必填`,
    },
    detail: { parameter },
  })
}

/**
 * A role has no login of its own; and a credential of the person may do all that the person may, which narrowed keys
 * may not.
 */
function assertPerson({ session }: Account): void {
  if (!session || session.kind === 'own') return
  throw new ApiError('OPERATION_DENIED', {
    message: {
      en: 'a role or narrowed temporary keys can not make a login to a registry: call this as the person, or use a service account',
      zh: '角色或受限的临时密钥不能创建实例访问凭证，请以用户身份调用，或使用服务级账号',
    },
  })
}

function pageOf<T>(all: readonly T[], { offset, limit }: PageRange): readonly T[] {
  return all.slice(offset, offset + limit)
}

type UseReply = ActionReply<typeof describeCredentialUse>

/** The caller's own come first. */
async function listUse(call: ReadCall<typeof describeCredentialUse>): Promise<UseReply> {
  const { ground, db, nowMs, actor, instance, input } = call
  const page = pageRange(describeCredentialUse.paging, input)
  const listsAccounts = await asksForAccounts(call)
  const own =
    input.Kind === 'ServiceAccount' ? [] : await listUserCredentials(db, instance.id, actor.uin)
  const fromOwn = pageOf(own, page)
  const rest = {
    offset: Math.max(page.offset - own.length, 0),
    limit: page.limit - fromOwn.length,
  }
  const { total, accounts } = listsAccounts
    ? await listServiceAccounts(db, instance.id, { names: [] }, rest)
    : { total: 0, accounts: [] }
  const shown = [...fromOwn.map(toUse), ...accounts.map(toAccountUse)]
  const pulls = await countPullsBy(ground.db.heavy, {
    ownerUin: instance.ownerUin,
    credentials: shown.map(({ label }) => label),
    since: nowMs - recentMs,
  })
  return {
    Credentials: shown.map(({ label, ...use }) => ({ ...use, RecentPulls: pulls.get(label) ?? 0 })),
    TotalCount: own.length + total,
  }
}

/** Who asks for service accounts in particular is refused; else they are left out. */
async function asksForAccounts(call: ReadCall<typeof describeCredentialUse>): Promise<boolean> {
  const { input, instance } = call
  if (input.Kind === 'LongTerm') return false
  const resources = [`instance/${instance.id}`]
  const { permission } = describeServiceAccounts
  if (input.Kind === 'ServiceAccount') await assertMayDo(call, permission, resources)
  return mayDo(call, permission, resources)
}

const makers = {
  user: 'User',
  build: 'Build',
  sync: 'Sync',
  kubernetes: 'Kubernetes',
} as const satisfies Record<CredentialMaker, string>

type LabelledUse = Omit<UseReply['Credentials'][number], 'RecentPulls'> & {
  /** As audit rows name it. */
  readonly label: string
}

function toUse(credential: UserCredential): LabelledUse {
  return {
    label: `long-term:${credential.id}`,
    Kind: 'LongTerm',
    CredentialId: credential.id,
    MadeBy: makers[credential.madeBy],
    Enabled: !credential.isDisabled,
    ExpireTime: null,
    LastUsedTime: timeOrNull(credential.lastUsedAt),
    LastUsedAddress: credential.lastUsedAddress,
  }
}

function toAccountUse(account: ListedServiceAccount): LabelledUse {
  return {
    label: `service-account:${account.id}`,
    Kind: 'ServiceAccount',
    CredentialId: `${servicePrefix}${account.name}`,
    MadeBy: 'User',
    Enabled: !account.isDisabled,
    ExpireTime: timeOrNull(account.expiresAt),
    LastUsedTime: timeOrNull(account.lastUsedAt),
    LastUsedAddress: account.lastUsedAddress,
  }
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoUtc(ms)
}
