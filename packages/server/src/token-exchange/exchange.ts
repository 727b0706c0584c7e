// From a token of an identity provider to a login of minutes. Whoever brings it is nobody until the token is proven;
// every refusal is one answer, also where the instance is not there.

import { ApiError } from '@entrepot/contract/errors.ts'
import { decodeJwt, errors } from 'jose'
import { recordAudit } from '../audit/audit.ts'
import type { Origin } from '../audit/origin.ts'
import type { Clock } from '../clock.ts'
import { exchangedUsername } from '../credentials/exchanged.ts'
import { servicePrefix } from '../credentials/service-account-name.ts'
import { LoginThrottle } from '../credentials/throttle.ts'
import type { Tokens } from '../credentials/tokens.ts'
import { sha256Hex } from '../crypto/secrets.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { allHold } from '../identity-providers/claims.ts'
import type { ProviderKeys } from '../identity-providers/provider-keys.ts'
import { findProviderById } from '../identity-providers/providers.ts'
import { type VerifiedIdentity, verifyIdentity } from '../identity-providers/verify-token.ts'
import { findRole } from '../roles/roles.ts'
import { findRule, listRulesFor, type Rule } from './rules.ts'

export interface ExchangeGround {
  readonly db: Database
  readonly clock: Clock
  readonly tokens: Tokens
  readonly providerKeys: ProviderKeys
}

export interface Exchange {
  readonly instanceId: string
  readonly token: string
  readonly ruleId: string | undefined
  readonly origin: Origin
}

export interface ExchangedLogin {
  readonly username: string
  readonly password: string
  readonly expiresAt: number
}

/** Throws UNAUTHORIZED_OPERATION, TOO_MANY_REQUESTS. */
export async function exchangeToken(
  ground: ExchangeGround,
  exchange: Exchange,
): Promise<ExchangedLogin> {
  const { db, clock, tokens } = ground
  const throttle = new LoginThrottle(db, clock)
  const { address } = exchange.origin
  // By the token, since it has no name that a stranger could not write: one address is counted over all of them.
  const name = `exchange:${sha256Hex(exchange.token)}`
  await throttle.check(address, name)
  const found = await findProven(ground, exchange)
  if (!found) {
    await throttle.countFailure(address, name)
    throw notLetIn()
  }
  const { rule, identity } = found
  const used = await db.write((tx) => useRule(tx, ground, exchange, found))
  const { token: password, expiresAt } = await tokens.issueExchanged({
    id: rule.id,
    version: rule.version,
    subject: identity.subject,
    instanceId: exchange.instanceId,
    ...used,
  })
  return { username: exchangedUsername(rule.id), password, expiresAt }
}

interface Proven {
  readonly rule: Rule
  readonly identity: VerifiedIdentity
}

/** The first rule whose provider has signed the token and whose conditions its claims meet. */
async function findProven(
  { db, clock, providerKeys }: ExchangeGround,
  { instanceId, token, ruleId }: Exchange,
): Promise<Proven | undefined> {
  const issuer = issuerOf(token)
  const ownerUin = await ownerOfInstance(db.read, instanceId)
  if (issuer === undefined || ownerUin === undefined) return undefined
  const rules = await listRulesFor(db.read, { ownerUin, instanceId, issuer, ruleId })
  const identities = new Map<string, VerifiedIdentity | undefined>()
  for (const rule of rules) {
    const { providerId } = rule
    if (!identities.has(providerId)) {
      const provider = await findProviderById(db.read, providerId)
      const expected = { audiences: provider?.clientIds ?? [], nowMs: clock.now() }
      identities.set(
        providerId,
        provider && (await verifyIdentity(providerKeys, provider, token, expected)),
      )
    }
    const identity = identities.get(providerId)
    if (identity && allHold(rule.conditions, identity.claims)) return { rule, identity }
  }
  return undefined
}

/** Which providers to ask; it proves nothing. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

async function ownerOfInstance(db: Queryable, id: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('instances')
    .select('owner_uin')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.owner_uin
}

/** What the login is bound to. Throws UNAUTHORIZED_OPERATION where the rule or its target changed in between. */
async function useRule(
  tx: Tx,
  { clock }: ExchangeGround,
  { instanceId, origin }: Exchange,
  { rule, identity }: Proven,
): Promise<{ readonly personVersion: number; readonly seconds: number }> {
  const at = await clock.deployment(tx)
  const present = await findRule(tx, rule.ownerUin, rule.id)
  const target = await findTarget(tx, rule, at)
  if (present?.version !== rule.version || !target) throw notLetIn()
  await tx
    .updateTable('token_exchange_rules')
    .set({ last_used_at: at })
    .where('id', '=', rule.id)
    .execute()
  const credential = `exchanged:${rule.id}:${identity.subject}`
  await recordAudit(tx, {
    at,
    instanceId,
    origin: { ...origin, actor: target.name, credential },
    action: 'cam:ExchangeToken',
    event: 'ExchangeToken',
    ownerUin: rule.ownerUin,
    resource: `oidc-provider/${rule.providerName}`,
    reference: identity.subject,
    result: 'ok',
  })
  const { version: personVersion, maxSeconds } = target
  return { personVersion, seconds: Math.min(rule.durationSeconds, maxSeconds) }
}

interface Target {
  readonly version: number
  /** As the log calls it. */
  readonly name: string
  readonly maxSeconds: number
}

async function findTarget(db: Queryable, rule: Rule, at: number): Promise<Target | undefined> {
  const { target, ownerUin, durationSeconds } = rule
  if (target.kind === 'role') {
    const role = await findRole(db, ownerUin, { id: target.id })
    return (
      role && {
        version: role.version,
        name: String(role.id),
        maxSeconds: role.sessionSeconds || durationSeconds,
      }
    )
  }
  const row = await db
    .selectFrom('service_accounts')
    .select(['version', 'disabled_at', 'expires_at', 'name'])
    .where('id', '=', target.id)
    .executeTakeFirst()
  if (row?.disabled_at !== null || (row.expires_at !== null && row.expires_at <= at)) {
    return undefined
  }
  return { version: row.version, name: `${servicePrefix}${row.name}`, maxSeconds: durationSeconds }
}

function notLetIn(): ApiError {
  return new ApiError('UNAUTHORIZED_OPERATION', {
    message: {
      en: 'no rule of this instance lets this token in: look at its issuer, audience, time and claims',
      zh: '该实例没有规则允许此令牌登录，请检查令牌的 issuer、受众、有效期和声明',
    },
  })
}
