// The audit log: what was done, by whom, from where, with which result. A change writes its row in its own
// transaction, so that neither is without the other; pulls and refusals change nothing and are gathered
// (`batch.ts`).

import { type Selectable, sql } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import { columns, prepare, run } from '../db/prepared.ts'
import type { AuditTable } from '../db/schema-audit.ts'
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
  /** Of a call of the management API: the action's own name; `resource` is then as policies write it. */
  readonly event?: string
  /** Whose log it stands in, where no instance says it; left out: the deployment's. */
  readonly ownerUin?: number | undefined
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
  'event',
  'resource_name',
] as const

type ChangeRow = Pick<Selectable<AuditTable>, (typeof changeColumns)[number] | 'owner_uin'>

const insertChange = prepare<ChangeRow>()((db, p) =>
  db.insertInto('audit').values({
    ...columns(p, changeColumns),
    owner_uin: ownerOf(db, p('instance_id'), p('owner_uin')),
  }),
)

/** Of the instance, so that no writer has to know; as told where there is none, or it is nobody's (owner 0). */
export function ownerOf(db: Queryable, instanceId: unknown, ownerUin: unknown) {
  const owner = db
    .selectFrom('instances')
    .select('owner_uin')
    .where(sql<boolean>`instances.id = ${instanceId}`)
  return sql<number>`coalesce(nullif((${owner}), 0), ${ownerUin})`
}

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
    ...lookedUpBy(change),
    owner_uin: change.ownerUin ?? deploymentLog,
  })
}

/** The owner of rows that are nobody's but the deployment's. */
export const deploymentLog = 0

/** What rows are looked up by, beside what is written as it comes. */
export function lookedUpBy(
  change: Pick<AuditedChange, 'action' | 'event' | 'resource'>,
): Pick<ChangeRow, 'event' | 'resource_name'> {
  const { action, event, resource } = change
  if (event === undefined) {
    return { event: action.slice(action.indexOf(':') + 1), resource_name: resource }
  }
  const [kind, ...rest] = resource.split('/')
  // `repository/tcr-a/team/app` is what the registry calls `team/app`.
  const name = kind === 'repository' ? rest.slice(1) : rest
  return { event, resource_name: name.length === 0 ? resource : name.join('/') }
}

export function cutAgent(agent: string | null): string | null {
  return agent !== null && agent.length > maxAgentChars ? agent.slice(0, maxAgentChars) : agent
}
