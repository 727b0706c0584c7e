// May this actor do this action of the management API on these resources? The same rules as `decide.ts`, asked by
// names: a resource is the last of six segments, as policies write it, and need not exist.

import type { Reach } from '../policies/reach.ts'
import type { Account } from './actor.ts'

interface Asked {
  readonly actor: Account
  /** `tcr:CreateNamespace` */
  readonly permission: string
  readonly region: string
  readonly address: string | null
}

export interface ActionRequest extends Asked {
  /** `repository/tcr-a/team`; each must be allowed. `*`: only a statement on everything allows it. */
  readonly resources: readonly string[]
}

export interface ListRequest extends Asked {
  /** What the resource of each row begins with: `repository/tcr-a/`. */
  readonly root: string
}

/** A list is allowed where anything in it is, and then filtered by `reachOf`. */
export function mayList(request: ActionRequest): boolean {
  return mayAct(request)
}

export function mayAct({ actor }: ActionRequest): boolean {
  return actor.uin === actor.ownerUin
}

/** What of a list the actor may see. */
export function reachOf({ actor }: ListRequest): Reach {
  return actor.uin === actor.ownerUin ? { kind: 'all' } : { kind: 'none' }
}
