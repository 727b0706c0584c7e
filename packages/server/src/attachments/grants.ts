// By which policies somebody may use which product: what each policy allows on anything, before refusals, boundaries
// and conditions.

import { actions } from '@entrepot/contract/catalog.ts'
import { getSubAccount } from '../accounts/users.ts'
import type { Queryable } from '../db/database.ts'
import { getGroup, listGroupsOf } from '../groups/groups.ts'
import { compilePolicy } from '../policies/compiled.ts'
import { findPolicies, findVersion, type PolicyRecord } from '../policies/queries.ts'
import { listAttachments, type Target } from './attachments.ts'

export interface Grant {
  /** `tcr` */
  readonly service: string
  readonly actions: readonly string[]
  readonly policies: readonly PolicyRecord[]
}

/** Of a user with those of the groups. Throws USER_NOT_FOUND, GROUP_NOT_FOUND. */
export async function listGrants(
  db: Queryable,
  target: Target,
  service: string | undefined,
): Promise<Grant[]> {
  const asked = actions.filter(({ product }) => service === undefined || product === service)
  const byService = new Map<string, { actions: Set<string>; policies: PolicyRecord[] }>()
  for (const policy of await policiesOf(db, target)) {
    const version = await findVersion(db, policy, policy.defaultVersion)
    if (!version) continue
    const { ownerUin } = target
    const compiled = compilePolicy(version.document, {
      id: policy.id,
      authorUin: policy.isPreset ? undefined : ownerUin,
    })
    for (const { product, name, permission } of asked) {
      if (!compiled.rulesFor(permission.toLowerCase()).allow) continue
      const grant = byService.get(product) ?? { actions: new Set(), policies: [] }
      grant.actions.add(name)
      if (grant.policies.at(-1) !== policy) grant.policies.push(policy)
      byService.set(product, grant)
    }
  }
  return [...byService].map(([product, grant]) => ({
    service: product,
    actions: [...grant.actions].sort(),
    policies: grant.policies,
  }))
}

async function policiesOf(db: Queryable, target: Target): Promise<PolicyRecord[]> {
  const { kind, id, ownerUin } = target
  const targets: Pick<Target, 'kind' | 'id'>[] = [target]
  if (kind === 'user') {
    await getSubAccount(db, ownerUin, id)
    const groups = await listGroupsOf(db, ownerUin, id)
    targets.push(...groups.map((group) => ({ kind: 'group', id: group.id }) as const))
  }
  if (kind === 'group') await getGroup(db, ownerUin, id)
  const ids = new Set<number>()
  for (const one of targets) {
    for (const { policyId } of await listAttachments(db, one)) ids.add(policyId)
  }
  return [...(await findPolicies(db, ownerUin, [...ids])).values()]
}
