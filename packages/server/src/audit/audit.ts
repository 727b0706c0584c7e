// The audit log: what was done, by whom, from where, with which result. A change writes its row in its own
// transaction, so that neither is without the other; pulls and refusals change nothing and are gathered
// (`batch.ts`).

import type { Selectable } from 'kysely'
import type { Tx } from '../db/database.ts'
import { columns, prepare, run } from '../db/prepared.ts'
import type { AuditTable } from '../db/schema.ts'
import type { Origin } from './origin.ts'

export interface AuditedChange {
  /** By the deployment's clock. */
  readonly at: number
  /** Null: it concerns the deployment, not one instance. */
  readonly instanceId: string | null
  readonly origin: Origin
  /** As policies name it: `tcr:PushRepository`. */
  readonly action: string
  /** The path of a repository, the name of a namespace, the id of a credential … */
  readonly resource: string
  /** A tag or digest. */
  readonly reference?: string | null
  /** `ok`, or the code of the error. */
  readonly result: string
  readonly reason?: string | null
}

/** Longer ones are cut: what a client sends here is its own choice. */
export const maxAgentChars = 256

const changeColumns = [
  'at',
  'instance_id',
  'actor',
  'credential',
  'address',
  'agent',
  'action',
  'resource',
  'reference',
  'result',
  'reason',
  'request_id',
  'count',
] as const

const insertChange = prepare<Pick<Selectable<AuditTable>, (typeof changeColumns)[number]>>()(
  (db, p) => db.insertInto('audit').values(columns(p, changeColumns)),
)

export async function recordAudit(tx: Tx, change: AuditedChange): Promise<void> {
  const { origin } = change
  await run(tx, insertChange, {
    at: change.at,
    instance_id: change.instanceId,
    actor: origin.actor,
    credential: origin.credential,
    address: origin.address,
    agent: cutAgent(origin.agent),
    action: change.action,
    resource: change.resource,
    reference: change.reference ?? null,
    result: change.result,
    reason: change.reason ?? null,
    request_id: origin.requestId,
    count: 1,
  })
}

export function cutAgent(agent: string | null): string | null {
  return agent !== null && agent.length > maxAgentChars ? agent.slice(0, maxAgentChars) : agent
}
