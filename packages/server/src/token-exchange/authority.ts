// Whoever makes a rule hands out what its target may do: he must be allowed to do so in the ordinary way.

import { assertMayDo } from '../actions/authority.ts'
import type { ExchangeTarget } from './rules.ts'

/** Throws UNAUTHORIZED_OPERATION. */
export async function assertMayExchange(
  call: Parameters<typeof assertMayDo>[0],
  target: ExchangeTarget,
): Promise<void> {
  await (target.kind === 'role'
    ? assertMayDo(call, 'cam:UpdateAssumeRolePolicy', [`role/${target.id}`])
    : assertMayDo(call, 'tcr:ModifyServiceAccountPassword', [`instance/${target.instanceId}`]))
}
