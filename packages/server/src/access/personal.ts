// The Personal edition has actions and resources of its own in policies. All accounts share its instance, so a
// repository lies in the account that has its namespace.

import {
  type Action,
  createRepository,
  deleteImage,
  describeRepositories,
  pullRepository,
  pushRepository,
} from './actions.ts'
import type { Account } from './actor.ts'
import { type Circumstances, decideByPolicy } from './policy-request.ts'

/** What the registry asks for there, instead. */
const twins: Partial<Record<Action, string>> = {
  [pullRepository]: 'tcr:PullRepositoryPersonal',
  [pushRepository]: 'tcr:PushRepositoryPersonal',
  [createRepository]: 'tcr:CreateRepositoryPersonal',
  [deleteImage]: 'tcr:DeleteImagePersonal',
  [describeRepositories]: 'tcr:DescribeRepositoryPersonal',
}

interface PersonalRequest extends Circumstances {
  readonly actor: Account
  readonly action: Action
  readonly region: string
  /** Of the namespace; undefined where none of that name exists. */
  readonly ownerUin: number | undefined
  /** `<namespace>/<name>`. */
  readonly path: string
}

/**
 * A namespace that isn't there is asked about as if it were the caller's: what his policies say of the name is no
 * secret to him, and he may be told to make it.
 */
export function decidePersonal(request: PersonalRequest): 'allow' | 'deny' | 'none' {
  const { actor, action, region, path } = request
  const permission = twins[action]
  if (permission === undefined) return 'none'
  const place = { service: 'tcr', region, ownerUin: request.ownerUin ?? actor.ownerUin }
  return decideByPolicy({ ...request, permission }, [{ ...place, path: `repo/${path}` }]).effect
}
