// A second factor that a call brings. Codes are short, so wrong ones are counted like wrong passwords: by address, and
// never so that somebody else is held out.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import { LoginThrottle } from '../credentials/throttle.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database } from '../db/database.ts'
import { type ShownFactor, showFactor } from './mfa.ts'

interface FactorGround {
  readonly db: Database
  readonly clock: Clock
  readonly vault: Vault
}

interface AskedFactor {
  readonly uin: number
  readonly address: string | null
  readonly code: string
  readonly nowMs: number
}

/** How the API names the device. */
export function serialNumberOf(ownerUin: number): string {
  return `qcs::cam:uin/${ownerUin}::mfa/softToken`
}

/** Outside a transaction; `useFactor` spends it. Throws MFA_FAILED, TOO_MANY_REQUESTS. */
export async function askForFactor(ground: FactorGround, asked: AskedFactor): Promise<ShownFactor> {
  const { address, uin } = asked
  const throttle = new LoginThrottle(ground.db, ground.clock)
  const name = `mfa:${uin}`
  await throttle.check(address, name)
  try {
    return await showFactor(ground.db.read, ground.vault, asked)
  } catch (error) {
    const isWrong = error instanceof ApiError && error.code === 'MFA_FAILED'
    if (isWrong) await throttle.countFailure(address, name)
    throw error
  }
}
