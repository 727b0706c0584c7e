// What a handler asks beside the declared access of its action: the other end of a copy, each of several things, what
// of a list the caller may see.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Account } from '../access/actor.ts'
import { mayAct, reachOf } from '../access/decide-action.ts'
import { settledReach } from '../access/known-values.ts'
import { asksForFacts, findFacts } from '../access/resource-facts.ts'
import type { Database, Tx } from '../db/database.ts'
import type { Client } from '../http/client-address.ts'
import type { Reach } from '../policies/reach.ts'

interface Asking {
  readonly actor: Account
  readonly region: string
  readonly nowMs: number
  readonly client: Client
  readonly ground: { readonly db: Database }
  /** Of a change: read in it. */
  readonly tx?: Tx
}

/** `resources`: the last of six segments, such as `repository/tcr-a/team/app`. */
export async function mayDo(
  call: Asking,
  permission: string,
  resources: readonly string[],
): Promise<boolean> {
  const { actor, ground, tx } = call
  const facts = asksForFacts(actor)
    ? await findFacts(tx ?? ground.db, actor.ownerUin, resources)
    : undefined
  return mayAct({ ...questionOf(call), permission, resources, facts })
}

/** Throws UNAUTHORIZED_OPERATION. */
export async function assertMayDo(
  call: Asking,
  permission: string,
  resources: readonly string[],
): Promise<void> {
  if (!(await mayDo(call, permission, resources))) throw notAllowed(permission, resources)
}

/** For SQL (`reachCondition`); `root`: what the resource of each row begins with, such as `repository/tcr-a/`. */
export function reachFor(call: Asking, permission: string, root: string): Promise<Reach> {
  const { ground, actor } = call
  const question = { ...questionOf(call), permission, root }
  return settledReach(ground.db, actor.ownerUin, (known) => reachOf({ ...question, known }))
}

function questionOf({ actor, region, nowMs, client }: Asking) {
  return { actor, region, nowMs, address: client.address }
}

/** How many resources a refusal names. */
const namedResources = 3

export function notAllowed(permission: string, resources: readonly string[]): ApiError {
  const on = resources.slice(0, namedResources)
  return new ApiError('UNAUTHORIZED_OPERATION', {
    message: {
      en: `no policy allows ${permission} on ${on.join(', ')}`,
      zh: `没有策略允许在 ${on.join('、')} 上执行 ${permission}`,
    },
    detail: { action: permission, resources: on },
  })
}
