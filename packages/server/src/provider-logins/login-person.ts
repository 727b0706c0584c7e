// From claims that are proven to a session: of a user, who may be made now, or of a role. Groups that mappings name are
// filled at each login.

import { nameRules } from '@entrepot/contract/cam/parameters.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { parseUin } from '../accounts/accounts.ts'
import { createUser, findUser, findUserByName, type User } from '../accounts/users.ts'
import { recordAudit } from '../audit/audit.ts'
import type { Origin } from '../audit/origin.ts'
import { isSuspended, selectPeople } from '../credentials/people.ts'
import type { Tx } from '../db/database.ts'
import { addMembers, listGroups, listGroupsOf, removeMembers } from '../groups/groups.ts'
import { type Claims, claimOf, textOf } from '../identity-providers/claims.ts'
import type { Provider } from '../identity-providers/providers.ts'
import { findLoginAddresses, isAllowedFrom, mayLogInFrom } from '../logins/login-addresses.ts'
import { beginSession } from '../logins/sessions.ts'
import { findRole } from '../roles/roles.ts'
import { selectGroups, selectTarget, sessionNameOf } from './mappings.ts'

export interface Arrival {
  readonly provider: Provider
  readonly claims: Claims
  readonly address: string | null
  readonly agent: string | null
  readonly requestId: string | null
  readonly at: number
}

export interface BegunSession {
  readonly uin: number
  readonly id: string
  readonly token: string
}

/** Throws UNAUTHORIZED, USER_LIMIT, USER_EXISTS. */
export async function beginLogin(tx: Tx, arrival: Arrival): Promise<BegunSession> {
  const { provider, claims } = arrival
  const target = selectTarget(provider.settings, claims)
  if (!target) throw nobodyHere()
  if (target.kind === 'role') return beginInRole(tx, arrival, target.id)
  const user =
    target.kind === 'user'
      ? await findUser(tx, provider.ownerUin, target.uin)
      : await userOfClaim(tx, arrival, target.value)
  if (!user) throw nobodyHere()
  return beginAs(tx, arrival, user)
}

/** Never the main account: only a mapping that names it, made by itself, does that. */
async function userOfClaim(tx: Tx, arrival: Arrival, value: string): Promise<User | undefined> {
  const { ownerUin, settings } = arrival.provider
  if (settings.userMatch === 'uin') {
    const uin = parseUin(value)
    return uin === undefined || uin === ownerUin ? undefined : findUser(tx, ownerUin, uin)
  }
  const user = await findUserByName(tx, ownerUin, value)
  if (user) return user.uin === ownerUin ? undefined : user
  return settings.createsUsers ? makeUser(tx, arrival, value) : undefined
}

async function makeUser(tx: Tx, arrival: Arrival, name: string): Promise<User | undefined> {
  const { provider, at } = arrival
  const { ownerUin } = provider
  if (name.length > nameRules.maxChars || !nameRules.rule.pattern.test(name)) throw unfitName()
  const uin = await createUser(tx, ownerUin, {
    name,
    remark: `from ${provider.name}`,
    mayLogIn: true,
    createdBy: ownerUin,
    at,
  })
  await audit(tx, arrival, String(uin), { event: 'AddUser', resource: `uin/${uin}` })
  return findUser(tx, ownerUin, uin)
}

async function beginAs(tx: Tx, arrival: Arrival, { uin }: User): Promise<BegunSession> {
  const { provider, claims, address, agent, at } = arrival
  const person = await selectPeople(tx)
    .select('a.console_login')
    .where('a.uin', '=', uin)
    .executeTakeFirst()
  if (person?.console_login !== 1 || isSuspended(person)) throw nobodyHere()
  if (!(await mayLogInFrom(tx, person, address))) throw wrongPlace()
  if (uin !== provider.ownerUin) await fillGroups(tx, arrival, uin)
  await tx
    .updateTable('accounts')
    .set({ last_login_at: at, last_login_address: address })
    .where('uin', '=', uin)
    .execute()
  const session = await beginSession(tx, {
    uin,
    provider: provider.name,
    version: person.person_version,
    hasFactor: saysFactor(claims),
    address,
    agent,
    at,
  })
  await audit(tx, arrival, String(uin), { event: loginEvent, resource: `uin/${uin}` })
  return { uin, ...session }
}

async function beginInRole(tx: Tx, arrival: Arrival, id: number): Promise<BegunSession> {
  const { provider, claims, address, agent, at } = arrival
  const { ownerUin } = provider
  const role = await findRole(tx, ownerUin, { id })
  const owner = await selectPeople(tx).where('a.uin', '=', ownerUin).executeTakeFirst()
  if (!role?.mayLogIn || !owner || isSuspended(owner)) throw nobodyHere()
  // It is no session of the main account, which alone may come from everywhere.
  if (!isAllowedFrom(await findLoginAddresses(tx, ownerUin), address)) throw wrongPlace()
  const sessionName = sessionNameOf(provider.settings, claims)
  const session = await beginSession(tx, {
    uin: ownerUin,
    role: { id: role.id, sessionName },
    provider: provider.name,
    version: role.version,
    hasFactor: saysFactor(claims),
    address,
    agent,
    at,
    ...(role.sessionSeconds > 0 && { lifetimeMs: role.sessionSeconds * 1000 }),
  })
  const actor = `${role.id}:${sessionName}`
  await audit(tx, arrival, actor, { event: loginEvent, resource: `role/${role.id}` })
  return { uin: ownerUin, ...session }
}

async function fillGroups(tx: Tx, arrival: Arrival, uin: number): Promise<void> {
  const { provider, claims, at } = arrival
  const { ownerUin, settings } = provider
  const { inside, outside } = selectGroups(settings, claims)
  if (inside.length + outside.length === 0) return
  const present = new Set((await listGroups(tx, ownerUin)).map(({ id }) => id))
  const own = new Set((await listGroupsOf(tx, ownerUin, uin)).map(({ id }) => id))
  const toMembership = (groupId: number) => ({ groupId, uin })
  const joins = inside.filter((id) => present.has(id) && !own.has(id)).map(toMembership)
  const leaves = outside.filter((id) => own.has(id)).map(toMembership)
  if (joins.length > 0) await addMembers(tx, ownerUin, joins, at)
  if (leaves.length > 0) await removeMembers(tx, ownerUin, leaves)
  for (const [event, changed] of [
    ['AddUserToGroup', joins],
    ['RemoveUserFromGroup', leaves],
  ] as const) {
    for (const { groupId } of changed) {
      await audit(tx, arrival, String(uin), { event, resource: `groupid/${groupId}` })
    }
  }
}

/** RFC 8176: the provider says that it asked for more than one factor. */
function saysFactor(claims: Claims): boolean {
  const methods = claims.amr
  return Array.isArray(methods) && methods.includes('mfa')
}

const loginEvent = 'ConsoleLogin'

/** Somebody whom the provider proved, but nobody here. */
export async function auditRefusal(tx: Tx, arrival: Arrival, reason: string): Promise<void> {
  const resource = `oidc-provider/${arrival.provider.name}`
  await audit(tx, arrival, 'anonymous', { event: loginEvent, resource, reason })
}

async function audit(
  tx: Tx,
  { provider, claims, address, agent, requestId, at }: Arrival,
  actor: string,
  what: { readonly event: string; readonly resource: string; readonly reason?: string },
): Promise<void> {
  const subject = textOf(claimOf(claims, 'sub')) ?? ''
  const credential = `oidc:${provider.name}:${subject}`
  const origin: Origin = { actor, credential, address, agent, requestId }
  await recordAudit(tx, {
    at,
    instanceId: null,
    origin,
    action: `cam:${what.event}`,
    event: what.event,
    ownerUin: provider.ownerUin,
    resource: what.resource,
    result: what.reason === undefined ? 'ok' : 'UNAUTHORIZED',
    reason: what.reason ?? null,
  })
}

function nobodyHere(): ApiError {
  return new ApiError('UNAUTHORIZED', {
    message: {
      en: 'the identity provider knows you, but no user here is yours, or it may not log in to the console; ask an administrator',
      zh: '身份提供商已确认您的身份，但此处没有对应的用户，或该用户不允许登录控制台，请联系管理员',
    },
  })
}

function wrongPlace(): ApiError {
  return new ApiError('UNAUTHORIZED', {
    message: {
      en: 'you may not log in to the console from this address; ask an administrator',
      zh: '不允许从此地址登录控制台，请联系管理员',
    },
  })
}

function unfitName(): ApiError {
  return new ApiError('UNAUTHORIZED', {
    message: {
      en: `the identity provider gives a name that no user here can have: ${nameRules.rule.words.en}`,
      zh: `身份提供商给出的名称不能作为用户名：${nameRules.rule.words.zh}`,
    },
  })
}
