// Who sees an instance: whoever may look at it, or at anything in it.

import type { Instance } from '../instances/instances.ts'
import { describeRepositories, pullRepository } from './actions.ts'
import { decideByPolicy, type Question, reachByPolicy } from './policy-request.ts'

export const describeInstances = 'tcr:DescribeInstances'

export type SeenInstance = Pick<Instance, 'id' | 'ownerUin' | 'region'>

export function maySeeInstance(
  asked: Omit<Question, 'permission'>,
  { id, region, ownerUin }: SeenInstance,
): boolean {
  const place = { service: 'tcr', region, ownerUin }
  const looking = { ...asked, permission: describeInstances }
  const look = decideByPolicy(looking, [{ ...place, path: `instance/${id}` }])
  if (look.effect !== 'none') return look.effect === 'allow'
  return [describeRepositories, pullRepository].some(
    (permission) =>
      reachByPolicy({ ...asked, permission }, place, `repository/${id}/`).kind !== 'none',
  )
}

/** Any instance of the account at all. */
export function maySeeSomeInstance(
  asked: Omit<Question, 'permission'>,
  { region, ownerUin }: Omit<SeenInstance, 'id'>,
): boolean {
  const place = { service: 'tcr', region, ownerUin }
  const within = (permission: string, root: string) =>
    reachByPolicy({ ...asked, permission }, place, root).kind !== 'none'
  return (
    within(describeInstances, 'instance/') ||
    within(describeRepositories, 'repository/') ||
    within(pullRepository, 'repository/')
  )
}
