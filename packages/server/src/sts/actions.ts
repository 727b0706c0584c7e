// The API's actions on temporary keys.

import { ApiError } from '@entrepot/contract/errors.ts'
import {
  assumeRole,
  assumeRoleWithWebIdentity,
  getCallerIdentity,
  getFederationToken,
  getSessionToken,
} from '@entrepot/contract/sts/sts.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import type { Account } from '../access/actor.ts'
import { findAccount } from '../accounts/accounts.ts'
import { type ActionGround, change, type Handler, read } from '../actions/define.ts'
import type { Queryable } from '../db/database.ts'
import { findProvider } from '../identity-providers/providers.ts'
import { verifyIdentity } from '../identity-providers/verify-token.ts'
import { askForFactor, serialNumberOf } from '../logins/asked-factor.ts'
import { type ShownFactor, useFactor } from '../logins/mfa.ts'
import { assertPolicy } from '../policies/documents.ts'
import { maxSessionSeconds } from '../roles/roles.ts'
import {
  assertAtMost,
  assertDuration,
  getAssumableRole,
  getRoleForIdentity,
  notAssumable,
  parseRoleArn,
  type WebIdentity,
} from './assume-role.ts'
import { type Grant, makeTemporaryKey } from './temporary-keys.ts'

/** The reference's, of GetFederationToken and GetSessionToken. */
const maxMainSeconds = 7200
const maxSubAccountSeconds = 129_600

export const stsHandlers: readonly Handler[] = [
  change<typeof assumeRole, ShownFactor | undefined>(
    assumeRole,
    async (call) => {
      const { tx, at, actor, input, client, nowMs, ground, prepared } = call
      const asked = { actor, address: client.address, nowMs, externalId: input.ExternalId }
      const role = await getAssumableRole(tx, { ...asked, role: parseRoleArn(input.RoleArn) })
      assertDuration(input.DurationSeconds, role, actor)
      if (prepared) await useFactor(tx, prepared)
      return granted(ground, {
        kind: 'role',
        id: role.id,
        ownerUin: role.ownerUin,
        version: role.version,
        name: `${role.id}:${input.RoleSessionName}`,
        principal: principalOf(actor),
        hasFactor: prepared !== undefined,
        policies: sessionPolicies(input.Policy),
        expiresAt: at + input.DurationSeconds * 1000,
      })
    },
    async ({ input, actor, ground, nowMs, client: { address } }) => {
      const { SerialNumber, TokenCode: code } = input
      if (code === undefined) return undefined
      return shownFactor(ground, { actor, address, serial: SerialNumber ?? '', code, nowMs })
    },
  ),

  change<typeof assumeRoleWithWebIdentity, WebIdentity>(
    assumeRoleWithWebIdentity,
    async ({ tx, at, input, client, nowMs, ground, prepared }) => {
      const circumstances = { address: client.address, nowMs }
      const named = parseRoleArn(input.RoleArn)
      const role = await getRoleForIdentity(tx, named, prepared, circumstances)
      assertAtMost(input.DurationSeconds, role.sessionSeconds || maxSessionSeconds)
      return granted(ground, {
        kind: 'role',
        id: role.id,
        ownerUin: role.ownerUin,
        version: role.version,
        name: `${role.id}:${input.RoleSessionName}`,
        principal: `${prepared.provider}:${prepared.identity.subject}`,
        hasFactor: false,
        policies: [],
        expiresAt: at + input.DurationSeconds * 1000,
      })
    },
    async ({ input, ground, nowMs }) => {
      const { ownerUin } = parseRoleArn(input.RoleArn)
      const key = { kind: ['role', 'own'], name: input.ProviderId } as const
      const provider = await findProvider(ground.db.read, ownerUin, key)
      const isUsable = provider?.isOn === true
      const { clientIds: audiences = [] } = provider ?? {}
      const expected = { audiences, nowMs }
      const identity =
        isUsable &&
        (await verifyIdentity(ground.providerKeys, provider, input.WebIdentityToken, expected))
      if (!identity) throw notAssumable()
      return { provider: input.ProviderId, identity }
    },
  ),

  change(getFederationToken, async ({ tx, at, actor, input, ground }) => {
    assertLasting(actor)
    assertOwnDuration(input.DurationSeconds, actor)
    return granted(ground, {
      ...(await ownGrant(tx, actor)),
      kind: 'federated',
      name: `${actor.uin}:${input.Name}`,
      hasFactor: false,
      policies: sessionPolicies(input.Policy),
      expiresAt: at + input.DurationSeconds * 1000,
    })
  }),

  change<typeof getSessionToken, ShownFactor>(
    getSessionToken,
    async ({ tx, at, actor, input, ground, prepared }) => {
      assertLasting(actor)
      assertOwnDuration(input.DurationSeconds, actor)
      await useFactor(tx, prepared)
      return granted(ground, {
        ...(await ownGrant(tx, actor)),
        kind: 'own',
        name: String(actor.uin),
        hasFactor: true,
        policies: [],
        expiresAt: at + input.DurationSeconds * 1000,
      })
    },
    async ({ input, actor, ground, nowMs, client: { address } }) => {
      const { SerialNumber: serial, TokenCode: code } = input
      return shownFactor(ground, { actor, address, serial, code, nowMs })
    },
  ),

  read(getCallerIdentity, ({ actor }) => ({
    Arn: arnOf(actor),
    AccountId: String(actor.ownerUin),
    UserId: actor.session?.name ?? String(actor.uin),
    PrincipalId: principalOf(actor),
    Type: typeOf(actor),
  })),
]

function granted(ground: ActionGround, grant: Grant) {
  const { secretId, secretKey, token } = makeTemporaryKey(ground.vault, grant)
  const seconds = Math.floor(grant.expiresAt / 1000)
  return {
    Credentials: { Token: token, TmpSecretId: secretId, TmpSecretKey: secretKey },
    ExpiredTime: seconds,
    Expiration: `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`,
  }
}

/** Throws UNAUTHORIZED_OPERATION where the account went in between. */
async function ownGrant(db: Queryable, actor: Account) {
  const account = await findAccount(db, actor.uin)
  if (!account) throw new ApiError('UNAUTHORIZED_OPERATION')
  const { uin: id, ownerUin, version } = account
  return { id, ownerUin, version, principal: String(id) }
}

/** Keys that made keys would never end. */
function assertLasting({ session }: Account): void {
  if (!session) return
  throw new ApiError('OPERATION_DENIED', {
    message: {
      en: 'temporary keys make no keys of their person; use a lasting one, or AssumeRole',
      zh: '临时密钥不能再获取本身份的临时密钥，请使用永久密钥或 AssumeRole',
    },
  })
}

function assertOwnDuration(seconds: number, { uin, ownerUin }: Account): void {
  assertAtMost(seconds, uin === ownerUin ? maxMainSeconds : maxSubAccountSeconds)
}

/** URL-encoded JSON; plain JSON is understood too. Throws POLICY_DOCUMENT_INVALID. */
function sessionPolicies(encoded: string | undefined): string[] {
  if (!encoded) return []
  const document = encoded.trimStart().startsWith('{') ? encoded : decode(encoded)
  assertPolicy(document)
  return [document]
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch {
    // The only failure there is: a lone `%`.
    throw invalidValue('Policy', { en: 'must be URL-encoded JSON', zh: '应为 URL 编码的 JSON' })
  }
}

interface Factor {
  readonly actor: Account
  readonly address: string | null
  readonly serial: string
  readonly code: string
  readonly nowMs: number
}

/** Throws MFA_FAILED, TOO_MANY_REQUESTS, INVALID_PARAMETER_VALUE. */
function shownFactor(ground: ActionGround, factor: Factor): Promise<ShownFactor> {
  const { actor, address, serial, code, nowMs } = factor
  const own = serialNumberOf(actor.ownerUin)
  if (serial !== own) {
    throw invalidValue('SerialNumber', { en: `must be ${own}`, zh: `应为 ${own}` })
  }
  return askForFactor(ground, { uin: actor.uin, address, code, nowMs })
}

function principalOf({ uin, session }: Account): string {
  return session?.principal ?? String(uin)
}

function arnOf({ uin, ownerUin, session }: Account): string {
  switch (session?.kind) {
    case 'role':
      return `qcs::sts::uin/${ownerUin}:assumed-role/${uin}`
    case 'federated':
      return `qcs::sts::uin/${ownerUin}:federated-user/${uin}`
    default:
      return uin === ownerUin
        ? `qcs::cam::uin/${ownerUin}:root`
        : `qcs::cam::uin/${ownerUin}:uin/${uin}`
  }
}

function typeOf({ uin, ownerUin, session }: Account): string {
  if (session?.kind === 'role') return 'CAMRole'
  if (session?.kind === 'federated') return 'CAMFederatedUser'
  return uin === ownerUin ? 'RootAccount' : 'CAMUser'
}
