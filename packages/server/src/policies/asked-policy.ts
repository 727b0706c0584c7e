// The policy that a call names, by number or name: found, and asked for by the number. Whoever may not know which
// policies there are is told the same for those that are not there.

import { invalidValue } from '@entrepot/contract/validate.ts'
import { mayDo, notAllowed } from '../actions/authority.ts'
import type { Queryable } from '../db/database.ts'
import { unknownPolicy } from './policies.ts'
import { findPolicy, type PolicyRecord } from './queries.ts'

/** Throws UNAUTHORIZED_OPERATION, POLICY_NOT_FOUND. */
export async function askForPolicy(
  db: Queryable,
  call: Parameters<typeof mayDo>[0],
  permission: string,
  key: number | string | undefined,
): Promise<PolicyRecord> {
  if (key === undefined) {
    throw invalidValue('PolicyId', {
      en: 'PolicyId or PolicyName must name the policy',
      zh: 'PolicyId 与 PolicyName 须至少传入一个',
    })
  }
  const policy = await findPolicy(db, call.actor.ownerUin, key)
  const asked = policy ? `policyid/${policy.id}` : 'policyid/*'
  if (!(await mayDo(call, permission, [asked]))) throw notAllowed(permission, [`policy ${key}`])
  if (!policy) throw unknownPolicy(key)
  return policy
}
