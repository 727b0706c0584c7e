// From which addresses sub-accounts may log in to the console, by password or by an identity provider. The main account
// may from everywhere, so that nobody locks everybody out.

import { invalidValue } from '@entrepot/contract/validate.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { type AddressRange, addressSet, parseAddressRange } from '../http/addresses.ts'

export interface LoginAddresses {
  readonly isEnabled: boolean
  /** Addresses and CIDR ranges. Empty: from everywhere that is not denied. */
  readonly allowed: readonly string[]
  /** Goes before `allowed`. */
  readonly denied: readonly string[]
}

/** As they stand, with who set them; `changed` is undefined where nobody has. */
export interface SetLoginAddresses extends LoginAddresses {
  readonly changed?: { readonly uin: number; readonly at: number }
}

const everywhere: LoginAddresses = { isEnabled: false, allowed: [], denied: [] }

export async function findLoginAddresses(
  db: Queryable,
  ownerUin: number,
): Promise<SetLoginAddresses> {
  const row = await db
    .selectFrom('login_address_rules')
    .select(['enabled', 'allowed', 'denied', 'modified_by', 'updated_at'])
    .where('owner_uin', '=', ownerUin)
    .executeTakeFirst()
  if (!row) return everywhere
  return {
    isEnabled: row.enabled === 1,
    allowed: JSON.parse(row.allowed) as string[],
    denied: JSON.parse(row.denied) as string[],
    changed: { uin: row.modified_by, at: row.updated_at },
  }
}

/** Hold for logins from now on. Throws INVALID_PARAMETER_VALUE for what is no address. */
export async function setLoginAddresses(
  tx: Tx,
  ownerUin: number,
  rules: LoginAddresses,
  by: { readonly uin: number; readonly at: number },
): Promise<void> {
  assertRanges(rules)
  const { isEnabled, allowed, denied } = rules
  const columns = {
    enabled: isEnabled ? 1 : 0,
    allowed: JSON.stringify(allowed),
    denied: JSON.stringify(denied),
    modified_by: by.uin,
    updated_at: by.at,
  }
  await tx
    .insertInto('login_address_rules')
    .values({ owner_uin: ownerUin, ...columns })
    .onConflict((conflict) => conflict.column('owner_uin').doUpdateSet(columns))
    .execute()
}

/** Throws INVALID_PARAMETER_VALUE as setting them would. */
export function assertRanges(
  { allowed, denied }: Pick<LoginAddresses, 'allowed' | 'denied'>,
  parameter = 'IpPolicies',
): void {
  for (const text of [...allowed, ...denied]) assertRange(text, parameter)
}

function assertRange(text: string, parameter: string): void {
  if (parseAddressRange(text)) return
  throw invalidValue(parameter, {
    en: `${text} is no address and no CIDR range`,
    zh: `${text} 不是 IP 地址或网段`,
  })
}

export async function mayLogInFrom(
  db: Queryable,
  person: { readonly uin: number; readonly owner_uin: number },
  address: string | null,
): Promise<boolean> {
  if (person.uin === person.owner_uin) return true
  return isAllowedFrom(await findLoginAddresses(db, person.owner_uin), address)
}

/** Who comes from nowhere known is from no address that was allowed. */
export function isAllowedFrom(
  { isEnabled, allowed, denied }: LoginAddresses,
  address: string | null,
): boolean {
  if (!isEnabled) return true
  const isIn = (ranges: readonly string[]) =>
    address !== null && addressSet(ranges.flatMap(toRange)).has(address)
  return !isIn(denied) && (allowed.length === 0 || isIn(allowed))
}

function toRange(text: string): AddressRange[] {
  const range = parseAddressRange(text)
  return range ? [range] : []
}
