// Providers of OIDC that a main account trusts, as they are kept: Tencent's two forms (many for roles, one for the
// console) and ours, which does both.

import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { z } from 'zod'
import { assertBelow, lockMainAccount } from '../accounts/accounts.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import type { IdentityProvidersTable } from '../db/schema-accounts.ts'
import type { ClaimCondition } from './claims.ts'
import { type Metadata, maxKeys, publicKey } from './metadata.ts'
import { countProviders } from './queries.ts'

export const maxProviders = 50

export type ProviderKind = IdentityProvidersTable['kind']

export interface ClaimMapping {
  readonly conditions: readonly ClaimCondition[]
  readonly target: 'user' | 'group' | 'role'
  /** A uin, or the number of a group or role. */
  readonly id: number
}

/** How people log in there, and whom their claims make. */
export interface LoginSettings {
  /** Given, instead of what discovery says. */
  readonly authorizationEndpoint?: string | undefined
  readonly tokenEndpoint?: string | undefined
  readonly userinfoEndpoint?: string | undefined
  readonly scopes: readonly string[]
  readonly userClaim: string
  /** What that claim holds. */
  readonly userMatch: 'name' | 'uin'
  readonly createsUsers: boolean
  readonly mappings: readonly ClaimMapping[]
  /** Of Tencent's form, to be shown again. */
  readonly responseType?: string | undefined
  readonly responseMode?: string | undefined
}

export const defaultSettings: LoginSettings = {
  scopes: ['openid'],
  userClaim: 'sub',
  userMatch: 'name',
  createsUsers: false,
  mappings: [],
}

export interface ProviderFields {
  readonly displayName: string
  readonly issuer: string
  readonly clientIds: readonly string[]
  readonly secretWrapped: Uint8Array | null
  /** JSON Web Key Set, as text. */
  readonly keys: string
  readonly rotatesKeys: boolean
  readonly description: string
  readonly settings: LoginSettings
  readonly isForConsole: boolean
  readonly isOn: boolean
  /** Undefined: the issuer was not asked yet. */
  readonly metadata: Metadata | undefined
  /** Since when the keys are known to be the present ones. */
  readonly keysFetchedAt: number | null
}

export interface Provider extends ProviderFields {
  readonly id: string
  readonly ownerUin: number
  readonly kind: ProviderKind
  readonly name: string
  readonly keysError: string | null
  readonly createdAt: number
  readonly updatedAt: number
}

interface ProviderKey {
  readonly kind: ProviderKind
  readonly name: string
}

/** Trust policies name those for roles and ours, sessions those for the console and ours. */
const sharesNames: Readonly<Record<ProviderKind, readonly ProviderKind[]>> = {
  own: ['role', 'user'],
  role: ['role'],
  user: ['user'],
}

/** The id. Throws IDENTITY_PROVIDER_EXISTS, IDENTITY_PROVIDER_LIMIT, INVALID_PARAMETER_VALUE. */
export async function createProvider(
  tx: Tx,
  ownerUin: number,
  { kind, name }: ProviderKey,
  input: ProviderFields & { readonly at: number },
): Promise<string> {
  const columns = toColumns(input)
  await lockMainAccount(tx, ownerUin)
  assertBelow(await countProviders(tx, ownerUin, kind), maxProviders, 'IDENTITY_PROVIDER_LIMIT')
  if (await findProvider(tx, ownerUin, { kind: ['own', ...sharesNames[kind]], name })) {
    throw new ApiError('IDENTITY_PROVIDER_EXISTS')
  }
  const { at } = input
  const id = newId()
  await tx
    .insertInto('identity_providers')
    .values({ id, owner_uin: ownerUin, name, kind, ...columns, created_at: at })
    .execute()
  return id
}

/** All of it anew. Throws IDENTITY_PROVIDER_NOT_FOUND, INVALID_PARAMETER_VALUE. */
export async function updateProvider(
  tx: Tx,
  ownerUin: number,
  { kind, name }: ProviderKey,
  input: ProviderFields & { readonly at: number },
): Promise<void> {
  const columns = toColumns(input)
  const provider = await getProvider(tx, ownerUin, { kind: [kind], name })
  await tx.updateTable('identity_providers').set(columns).where('id', '=', provider.id).execute()
  await endExchanged(tx, provider)
  if (!input.isOn || !input.isForConsole) await endSessions(tx, provider)
}

/** With its rules; the sessions and logins that it brought end. Throws IDENTITY_PROVIDER_NOT_FOUND. */
export async function deleteProvider(
  tx: Tx,
  ownerUin: number,
  { kind, name }: ProviderKey,
): Promise<void> {
  const provider = await getProvider(tx, ownerUin, { kind: [kind], name })
  await endSessions(tx, provider)
  await tx.deleteFrom('identity_providers').where('id', '=', provider.id).execute()
}

/** Tencent's one for the console is not used until it is set anew. */
export async function turnOffLogin(tx: Tx, ownerUin: number, name: string): Promise<void> {
  const provider = await findProvider(tx, ownerUin, { kind: ['user'], name })
  if (!provider) return
  await tx
    .updateTable('identity_providers')
    .set({ state: 'off' })
    .where('id', '=', provider.id)
    .execute()
  await endSessions(tx, provider)
}

/** What a provider said before it changed counts no more: its rules give logins anew. */
async function endExchanged(tx: Tx, { id }: Provider): Promise<void> {
  await tx
    .updateTable('token_exchange_rules')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('provider_id', '=', id)
    .execute()
}

async function endSessions(tx: Tx, { ownerUin, name }: Provider): Promise<void> {
  await tx
    .deleteFrom('console_sessions')
    .where('provider_name', '=', name)
    .where('uin', 'in', (eb) =>
      eb.selectFrom('accounts').select('uin').where('owner_uin', '=', ownerUin),
    )
    .execute()
}

function toColumns(input: ProviderFields & { readonly at: number }) {
  assertIssuer(input.issuer)
  return {
    display_name: input.displayName,
    issuer: input.issuer,
    client_ids: JSON.stringify(input.clientIds),
    client_secret_wrapped: input.secretWrapped,
    keys: input.keys,
    rotates_keys: input.rotatesKeys ? 1 : 0,
    description: input.description,
    settings: JSON.stringify(input.settings),
    console_login: input.isForConsole ? 1 : 0,
    state: input.isOn ? ('on' as const) : ('off' as const),
    metadata: input.metadata ? JSON.stringify(input.metadata) : null,
    keys_fetched_at: input.keysFetchedAt,
    keys_error: null,
    updated_at: input.at,
  }
}

/** OpenID Connect Core, 2: a URL without query and fragment. */
export function assertIssuer(text: string, field = 'IdentityUrl'): void {
  const url = URL.parse(text)
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  const hasLogin = url !== null && (url.username !== '' || url.password !== '')
  if (isWeb && url.search === '' && url.hash === '' && !hasLogin) return
  throw invalidValue(field, {
    en: 'must be a URL without query and fragment',
    zh: '应为不含查询参数和片段的 URL',
  })
}

const keySet = z.object({ keys: z.array(publicKey).min(1).max(maxKeys) })

/** JWKS (RFC 7517), public keys only; undefined for anything else. */
export function parseKeys(text: string): string | undefined {
  try {
    return JSON.stringify(keySet.parse(JSON.parse(text)))
  } catch {
    // What exactly is wrong with somebody's keys is said by no parser in words of ours.
    return undefined
  }
}

type ProviderRow = Awaited<
  ReturnType<ReturnType<typeof selectProviders>['executeTakeFirstOrThrow']>
>

function selectProviders(db: Queryable) {
  return db.selectFrom('identity_providers').selectAll()
}

function fromRow(row: ProviderRow): Provider {
  return {
    id: row.id,
    ownerUin: row.owner_uin,
    kind: row.kind,
    name: row.name,
    displayName: row.display_name,
    issuer: row.issuer,
    // JSON is written by `toColumns` and by `keepFetched` only.
    clientIds: JSON.parse(row.client_ids) as string[],
    secretWrapped: row.client_secret_wrapped,
    keys: row.keys,
    rotatesKeys: row.rotates_keys === 1,
    description: row.description,
    // An earlier release wrote fewer of them.
    settings: { ...defaultSettings, ...(JSON.parse(row.settings) as LoginSettings | null) },
    isForConsole: row.kind === 'user' || row.console_login === 1,
    isOn: row.state === 'on',
    metadata: row.metadata === null ? undefined : (JSON.parse(row.metadata) as Metadata),
    keysFetchedAt: row.keys_fetched_at,
    keysError: row.keys_error,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export async function findProvider(
  db: Queryable,
  ownerUin: number,
  { kind, name }: { readonly kind: readonly ProviderKind[]; readonly name: string },
): Promise<Provider | undefined> {
  const row = await selectProviders(db)
    .where('owner_uin', '=', ownerUin)
    .where('kind', 'in', kind)
    .where('name', '=', name)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** Throws IDENTITY_PROVIDER_NOT_FOUND. */
export async function getProvider(...asked: Parameters<typeof findProvider>): Promise<Provider> {
  const provider = await findProvider(...asked)
  if (!provider) throw new ApiError('IDENTITY_PROVIDER_NOT_FOUND')
  return provider
}

export async function findProviderById(db: Queryable, id: string): Promise<Provider | undefined> {
  const row = await selectProviders(db).where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

/** All of the account of these kinds, by name. */
export async function listProviders(
  db: Queryable,
  ownerUin: number,
  kinds: readonly ProviderKind[],
): Promise<Provider[]> {
  const rows = await selectProviders(db)
    .where('owner_uin', '=', ownerUin)
    .where('kind', 'in', kinds)
    .orderBy('name')
    .limit(2 * maxProviders)
    .execute()
  return rows.map(fromRow)
}

export interface Fetched {
  readonly metadata: Metadata
  readonly keys: string
  readonly at: number
}

/** Where the provider is set anew in between, it has what was set. */
export async function keepFetched(tx: Tx, { id, updatedAt }: Provider, fetched: Fetched) {
  await tx
    .updateTable('identity_providers')
    .set({
      metadata: JSON.stringify(fetched.metadata),
      keys_fetched_at: fetched.at,
      keys_error: null,
      // Keys that were given stay.
      keys: fetched.keys,
    })
    .where('id', '=', id)
    .where('updated_at', '=', updatedAt)
    .execute()
}

export async function keepFailure(tx: Tx, { id }: Provider, message: string): Promise<void> {
  await tx
    .updateTable('identity_providers')
    .set({ keys_error: message.slice(0, maxErrorChars) })
    .where('id', '=', id)
    .execute()
}

const maxErrorChars = 512
