// Sessions of the console: a random token, kept as a hash, that ends by time, by rest, by logging out, and with its
// person. A person sees and ends them one by one.

import type { ExpressionBuilder } from 'kysely'
import { holdPerson } from '../accounts/accounts.ts'
import { hashMachineSecret, newSecret } from '../crypto/secrets.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import type { Schema } from '../db/schema.ts'

export const sessionMs = 12 * 3_600_000
/** Without a request for so long a session ends. */
export const restMs = 2 * 3_600_000
/** The oldest gives way to the next. */
export const maxSessionsPerPerson = 20

export interface Session {
  readonly id: string
  readonly uin: number
  readonly roleId: number | null
  readonly sessionName: string | null
  /** Null: by password. */
  readonly providerName: string | null
  /** Of the person or role when it began. */
  readonly version: number
  readonly hasFactor: boolean
  readonly address: string | null
  readonly agent: string | null
  readonly createdAt: number
  readonly seenAt: number
  readonly expiresAt: number
}

export interface NewSession {
  readonly uin: number
  /** A session of a role, under this name. */
  readonly role?: { readonly id: number; readonly sessionName: string }
  /** The identity provider that spoke for the person. */
  readonly provider?: string
  readonly version: number
  readonly hasFactor: boolean
  readonly address: string | null
  readonly agent: string | null
  readonly at: number
  /** Where a role's sessions are shorter. */
  readonly lifetimeMs?: number
}

/** `token` goes into the cookie and nowhere else. */
export async function beginSession(
  tx: Tx,
  input: NewSession,
): Promise<{ readonly id: string; readonly token: string }> {
  await holdPerson(tx, input.uin)
  const [id, token] = [newId(), newSecret()]
  await tx
    .insertInto('console_sessions')
    .values({
      id,
      token_hash: hashMachineSecret(token),
      uin: input.uin,
      role_id: input.role?.id ?? null,
      session_name: input.role?.sessionName ?? null,
      provider_name: input.provider ?? null,
      version: input.version,
      with_factor: input.hasFactor ? 1 : 0,
      address: input.address,
      agent: input.agent?.slice(0, maxAgentChars) ?? null,
      created_at: input.at,
      seen_at: input.at,
      expires_at: input.at + Math.min(input.lifetimeMs ?? sessionMs, sessionMs),
    })
    .execute()
  await tx
    .deleteFrom('console_sessions')
    .where(isBearer(input))
    .where('id', 'not in', (eb) =>
      eb
        .selectFrom('console_sessions')
        .select('id')
        .where(isBearer(input))
        .orderBy('id', 'desc')
        .limit(maxSessionsPerPerson),
    )
    .execute()
  return { id, token }
}

/** Those in a role are of the main account too, but push out none of its own. */
function isBearer({ uin, role }: NewSession) {
  return (eb: ExpressionBuilder<Schema, 'console_sessions'>) =>
    role
      ? eb.and({ uin, role_id: role.id, session_name: role.sessionName })
      : eb.and([eb('uin', '=', uin), eb('role_id', 'is', null)])
}

const maxAgentChars = 256

function selectSessions(db: Queryable) {
  return db
    .selectFrom('console_sessions')
    .select(['id', 'uin', 'role_id', 'session_name', 'provider_name', 'version', 'with_factor'])
    .select(['address', 'agent', 'created_at', 'seen_at', 'expires_at'])
}

type SessionRow = Awaited<ReturnType<ReturnType<typeof selectSessions>['executeTakeFirstOrThrow']>>

function fromRow(row: SessionRow): Session {
  return {
    id: row.id,
    uin: row.uin,
    roleId: row.role_id,
    sessionName: row.session_name,
    providerName: row.provider_name,
    version: row.version,
    hasFactor: row.with_factor === 1,
    address: row.address,
    agent: row.agent,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
  }
}

/** Undefined: there is none, or it has ended by time or rest. Whether its person still stands is another question. */
export async function findSession(
  db: Queryable,
  token: string,
  at: number,
): Promise<Session | undefined> {
  const row = await selectSessions(db)
    .where('token_hash', '=', hashMachineSecret(token))
    .where('expires_at', '>', at)
    .where('seen_at', '>', at - restMs)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** How long a request postpones the end by rest: rows are written no oftener. */
export const seenEveryMs = 60_000

/** Somebody is there. */
export async function markSeen(tx: Tx, id: string, at: number): Promise<void> {
  await tx
    .updateTable('console_sessions')
    .set({ seen_at: at })
    .where('id', '=', id)
    .where('seen_at', '<=', at - seenEveryMs)
    .execute()
}

/** A code was shown in the session itself. */
export async function markFactor(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('console_sessions').set({ with_factor: 1 }).where('id', '=', id).execute()
}

const credentialPrefix = 'console:'

/** How audit rows name the session as a credential. */
export function sessionCredential(id: string): string {
  return `${credentialPrefix}${id}`
}

/** Undefined: the call came by another credential. */
export function sessionIdOf(credentialLabel: string | null): string | undefined {
  return credentialLabel?.startsWith(credentialPrefix)
    ? credentialLabel.slice(credentialPrefix.length)
    : undefined
}

/** The newest first. */
export async function listSessions(db: Queryable, uin: number, at: number): Promise<Session[]> {
  const rows = await selectSessions(db)
    .where('uin', '=', uin)
    .where('expires_at', '>', at)
    .where('seen_at', '>', at - restMs)
    .orderBy('id', 'desc')
    .limit(maxSessionsPerPerson)
    .execute()
  return rows.map(fromRow)
}

/** False: the person has no such session. */
export async function endSession(tx: Tx, uin: number, id: string): Promise<boolean> {
  const deleted = await tx
    .deleteFrom('console_sessions')
    .where('id', '=', id)
    .where('uin', '=', uin)
    .returning('id')
    .executeTakeFirst()
  return deleted !== undefined
}

/** All of the person; how many there were. */
export async function endSessions(tx: Tx, uin: number): Promise<number> {
  const deleted = await tx
    .deleteFrom('console_sessions')
    .where('uin', '=', uin)
    .where('role_id', 'is', null)
    .returning('id')
    .execute()
  return deleted.length
}

/** Removes what is over, at most `limit` rows; returns how many. */
export async function forgetSessions(tx: Tx, at: number, limit: number): Promise<number> {
  const rows = await tx
    .selectFrom('console_sessions')
    .select('id')
    .where('expires_at', '<=', at)
    .limit(limit)
    .execute()
  if (rows.length === 0) return 0
  await tx
    .deleteFrom('console_sessions')
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
  return rows.length
}
