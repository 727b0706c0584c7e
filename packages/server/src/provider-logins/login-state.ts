// What is remembered of a login while the person is at the provider. It is a sealed cookie and no row: whoever is not
// yet known writes nothing here, however often he begins. A row is written when the browser comes back, so that none
// comes back twice; it goes when the cookie's time is over.

import { z } from 'zod'
import { newSecret, sha256Hex } from '../crypto/secrets.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Tx } from '../db/database.ts'

const purpose = 'oidc-login'
/** From the start of a login to its end. */
export const loginMs = 10 * 60_000
const maxCookieChars = 4096
const maxNextChars = 1024
/** RFC 7636, 4.1: 43 to 128. */
const verifierChars = 64

const content = z.object({
  provider: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  callbackUrl: z.string(),
  next: z.string(),
  expiresAt: z.int(),
})

export type LoginState = z.infer<typeof content>

export function newLoginState(
  login: Pick<LoginState, 'provider' | 'callbackUrl' | 'next'>,
  nowMs: number,
): LoginState {
  return {
    provider: login.provider,
    callbackUrl: login.callbackUrl,
    next: ownPath(login.next),
    state: newSecret(),
    nonce: newSecret(),
    verifier: newSecret(verifierChars),
    expiresAt: nowMs + loginMs,
  }
}

export function sealState(vault: Vault, state: LoginState): string {
  const sealed = vault.seal(purpose, Buffer.from(JSON.stringify(state)))
  return Buffer.from(sealed).toString('base64url')
}

/** Undefined for whatever is not ours, or too old. */
export async function openState(
  vault: Vault,
  cookie: string | undefined,
  nowMs: number,
): Promise<LoginState | undefined> {
  if (cookie === undefined || cookie.length > maxCookieChars) return undefined
  const opened = await vault.tryOpen(purpose, Buffer.from(cookie, 'base64url'))
  if (!opened) return undefined
  const { data } = content.safeParse(JSON.parse(Buffer.from(opened).toString('utf8')))
  return data && nowMs < data.expiresAt ? data : undefined
}

/** False: it was used before. */
export async function useState(tx: Tx, { state, expiresAt }: LoginState): Promise<boolean> {
  const inserted = await tx
    .insertInto('used_logins')
    .values({ id: sha256Hex(state), expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Removes what is over, at most `limit` rows; returns how many. */
export async function forgetUsed(tx: Tx, at: number, limit: number): Promise<number> {
  const rows = await tx
    .selectFrom('used_logins')
    .select('id')
    .where('expires_at', '<=', at)
    .limit(limit)
    .execute()
  if (rows.length === 0) return 0
  const ids = rows.map(({ id }) => id)
  await tx.deleteFrom('used_logins').where('id', 'in', ids).execute()
  return rows.length
}

/** Of this origin, or `/`: nobody is sent elsewhere by a link to our login page. */
export function ownPath(next: string): string {
  const here = 'http://here.invalid'
  // Backslashes and blanks are what browsers read otherwise than they look.
  if (!/^\/[\x21-\x5b\x5d-\x7e]*$/.test(next) || next.length > maxNextChars) return '/'
  const url = URL.parse(next, here)
  return url?.origin === here ? `${url.pathname}${url.search}${url.hash}` : '/'
}
