// Providers of OIDC that a main account trusts: for roles by name, as many as the limit says, and for the console. Their
// public keys are kept here, so that a token can be checked while the provider is away.

import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { z } from 'zod'
import { assertBelow, lockMainAccount } from '../accounts/accounts.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { countProviders, type ProviderKind } from './queries.ts'

export const maxProviders = 50
const maxKeys = 50

/** How the console sends people there, and which claim names the user. */
export interface LoginSettings {
  readonly authorizationEndpoint: string
  readonly scopes: readonly string[]
  readonly responseType: string
  readonly responseMode: string
  readonly userClaim: string
}

export interface ProviderFields {
  readonly issuer: string
  readonly clientIds: readonly string[]
  /** JSON Web Key Set, as text. */
  readonly keys: string
  readonly rotatesKeys: boolean
  readonly description: string
  readonly settings: LoginSettings | undefined
}

export interface Provider extends ProviderFields {
  readonly id: string
  readonly ownerUin: number
  readonly kind: ProviderKind
  readonly name: string
  readonly isOn: boolean
}

interface ProviderKey {
  readonly kind: ProviderKind
  readonly name: string
}

/** Throws IDENTITY_PROVIDER_EXISTS, IDENTITY_PROVIDER_LIMIT, INVALID_PARAMETER_VALUE. */
export async function createProvider(
  tx: Tx,
  ownerUin: number,
  { kind, name }: ProviderKey,
  input: ProviderFields & { readonly at: number },
): Promise<void> {
  const columns = toColumns(input)
  await lockMainAccount(tx, ownerUin)
  assertBelow(await countProviders(tx, ownerUin, kind), maxProviders, 'IDENTITY_PROVIDER_LIMIT')
  if (await findProvider(tx, ownerUin, { kind, name })) {
    throw new ApiError('IDENTITY_PROVIDER_EXISTS')
  }
  const { at } = input
  await tx
    .insertInto('identity_providers')
    .values({
      id: newId(),
      owner_uin: ownerUin,
      name,
      kind,
      ...columns,
      state: 'on',
      created_at: at,
    })
    .execute()
}

/** All of it anew; it is on again. Throws IDENTITY_PROVIDER_NOT_FOUND, INVALID_PARAMETER_VALUE. */
export async function updateProvider(
  tx: Tx,
  ownerUin: number,
  key: ProviderKey,
  input: ProviderFields & { readonly at: number },
): Promise<void> {
  const columns = toColumns(input)
  const { id } = await getProvider(tx, ownerUin, key)
  await tx
    .updateTable('identity_providers')
    .set({ ...columns, state: 'on' })
    .where('id', '=', id)
    .execute()
}

export async function deleteProvider(tx: Tx, ownerUin: number, key: ProviderKey): Promise<void> {
  const { id } = await getProvider(tx, ownerUin, key)
  await tx.deleteFrom('identity_providers').where('id', '=', id).execute()
}

/** None of those for the console is used until it is set anew. */
export async function turnOffLogin(tx: Tx, ownerUin: number): Promise<void> {
  await tx
    .updateTable('identity_providers')
    .set({ state: 'off' })
    .where('owner_uin', '=', ownerUin)
    .where('kind', '=', 'user')
    .execute()
}

function toColumns(input: ProviderFields & { readonly at: number }) {
  assertIssuer(input.issuer)
  return {
    issuer: input.issuer,
    client_ids: JSON.stringify(input.clientIds),
    keys: input.keys,
    rotates_keys: input.rotatesKeys ? 1 : 0,
    description: input.description,
    settings: JSON.stringify(input.settings ?? null),
    updated_at: input.at,
  }
}

/** OpenID Connect Core, 2: a URL without query and fragment. */
function assertIssuer(text: string): void {
  const url = URL.parse(text)
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (isWeb && url.search === '' && url.hash === '' && url.username === '') return
  throw invalidValue('IdentityUrl', {
    en: 'must be a URL without query and fragment',
    zh: '应为不含查询参数和片段的 URL',
  })
}

const keySet = z.object({
  keys: z
    .array(
      z.looseObject({
        kty: z.enum(['RSA', 'EC', 'OKP']),
        // Whose private half is sent about is no secret of the provider any more.
        d: z.undefined().optional(),
      }),
    )
    .min(1)
    .max(maxKeys),
})

/** JWKS (RFC 7517) in base64; public keys only. Throws INVALID_PARAMETER_VALUE. */
export function parseKeys(encoded: string): string {
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  try {
    return JSON.stringify(keySet.parse(JSON.parse(text)))
  } catch {
    // What exactly is wrong with somebody's keys is said by no parser in words of ours.
    throw invalidValue('IdentityKey', {
      en: 'must be a JWKS of public RSA, EC or OKP keys in base64',
      zh: '应为 base64 编码的 JWKS，仅含 RSA、EC 或 OKP 公钥',
    })
  }
}

export async function findProvider(
  db: Queryable,
  ownerUin: number,
  { kind, name }: ProviderKey,
): Promise<Provider | undefined> {
  const row = await db
    .selectFrom('identity_providers')
    .selectAll()
    .where('owner_uin', '=', ownerUin)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      ownerUin: row.owner_uin,
      kind: row.kind,
      name: row.name,
      issuer: row.issuer,
      // Written by `toColumns` only.
      clientIds: JSON.parse(row.client_ids) as string[],
      keys: row.keys,
      rotatesKeys: row.rotates_keys === 1,
      description: row.description,
      isOn: row.state === 'on',
      settings: (JSON.parse(row.settings) as LoginSettings | null) ?? undefined,
    }
  )
}

export async function getProvider(
  db: Queryable,
  ownerUin: number,
  key: ProviderKey,
): Promise<Provider> {
  const provider = await findProvider(db, ownerUin, key)
  if (!provider) throw new ApiError('IDENTITY_PROVIDER_NOT_FOUND')
  return provider
}
