// The second factor of a person: a generator of one-time codes, and recovery codes for when it is lost. Each code
// counts once, over all processes: the row remembers the step of the last one.

import { randomBytes } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'
import { holdPerson } from '../accounts/accounts.ts'
import { hashMachineSecret, newSecret } from '../crypto/secrets.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { secretBytes, stepOfCode } from './totp.ts'

const purpose = 'mfa-device'
export const recoveryCodeCount = 10
const recoveryCodeChars = 16

/** What a code was found to prove; `useFactor` spends it. */
export type ShownFactor =
  | { readonly kind: 'code'; readonly uin: number; readonly step: number }
  | { readonly kind: 'recovery'; readonly uin: number; readonly hash: string }

/** Takes the place of one that was never confirmed. The secret is shown now or never. */
export async function beginDevice(tx: Tx, vault: Vault, uin: number, at: number) {
  await holdPerson(tx, uin)
  const secret = randomBytes(secretBytes)
  const columns = { secret_wrapped: vault.seal(purpose, secret), created_at: at }
  const begun = await tx
    .insertInto('mfa_devices')
    .values({ uin, last_step: 0, confirmed_at: null, ...columns })
    .onConflict((conflict) =>
      conflict.column('uin').doUpdateSet(columns).where('mfa_devices.confirmed_at', 'is', null),
    )
    .returning('uin')
    .executeTakeFirst()
  if (!begun) {
    throw new ApiError('OPERATION_DENIED', {
      message: {
        en: 'there is an MFA device; remove it first',
        zh: '已绑定 MFA 设备，请先解绑',
      },
    })
  }
  return secret
}

/** After the first code: from now on it is asked for. The recovery codes are shown now or never. */
export async function confirmDevice(tx: Tx, shown: ShownFactor, at: number): Promise<string[]> {
  await useFactor(tx, shown)
  await tx
    .updateTable('mfa_devices')
    .set({ confirmed_at: at })
    .where('uin', '=', shown.uin)
    .execute()
  return makeRecoveryCodes(tx, shown.uin)
}

/** The former ones end. */
export async function makeRecoveryCodes(tx: Tx, uin: number): Promise<string[]> {
  await tx.deleteFrom('mfa_recovery_codes').where('uin', '=', uin).execute()
  const codes = Array.from({ length: recoveryCodeCount }, () => newSecret(recoveryCodeChars))
  await tx
    .insertInto('mfa_recovery_codes')
    .values(codes.map((code) => ({ uin, code_hash: hashMachineSecret(code) })))
    .execute()
  return codes
}

export async function removeDevice(tx: Tx, uin: number): Promise<void> {
  await tx.deleteFrom('mfa_recovery_codes').where('uin', '=', uin).execute()
  await tx.deleteFrom('mfa_devices').where('uin', '=', uin).execute()
}

export interface Device {
  readonly createdAt: number
  readonly confirmedAt: number | null
  readonly recoveryCodesLeft: number
}

export async function findDevice(db: Queryable, uin: number): Promise<Device | undefined> {
  const row = await db
    .selectFrom('mfa_devices')
    .select(['created_at', 'confirmed_at'])
    .where('uin', '=', uin)
    .executeTakeFirst()
  if (!row) return undefined
  const { count } = await db
    .selectFrom('mfa_recovery_codes')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('uin', '=', uin)
    .executeTakeFirstOrThrow()
  return {
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at,
    recoveryCodesLeft: Number(count),
  }
}

/** Whether the person has one and has shown a code of it. */
export async function hasDevice(db: Queryable, uin: number): Promise<boolean> {
  const row = await db
    .selectFrom('mfa_devices')
    .select('uin')
    .where('uin', '=', uin)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Outside a transaction, since the vault may have to read. A recovery code is taken where a code is. Throws
 * MFA_FAILED, which does not say whether there is a device.
 */
export async function showFactor(
  db: Queryable,
  vault: Vault,
  { uin, code, nowMs }: { readonly uin: number; readonly code: string; readonly nowMs: number },
): Promise<ShownFactor> {
  if (code.length === recoveryCodeChars) {
    return { kind: 'recovery', uin, hash: hashMachineSecret(code) }
  }
  const row = await db
    .selectFrom('mfa_devices')
    .select('secret_wrapped')
    .where('uin', '=', uin)
    .executeTakeFirst()
  if (!row) throw new ApiError('MFA_FAILED')
  const step = stepOfCode(await vault.open(purpose, row.secret_wrapped), code, nowMs)
  if (step === undefined) throw new ApiError('MFA_FAILED')
  return { kind: 'code', uin, step }
}

/** Throws MFA_FAILED for a code that was used, or that is older than one that was. */
export async function useFactor(tx: Tx, shown: ShownFactor): Promise<void> {
  const used =
    shown.kind === 'code'
      ? await tx
          .updateTable('mfa_devices')
          .set({ last_step: shown.step })
          .where('uin', '=', shown.uin)
          .where('last_step', '<', shown.step)
          .returning('uin')
          .executeTakeFirst()
      : await tx
          .deleteFrom('mfa_recovery_codes')
          .where('uin', '=', shown.uin)
          .where('code_hash', '=', shown.hash)
          .returning('uin')
          .executeTakeFirst()
  if (!used) throw new ApiError('MFA_FAILED')
}
