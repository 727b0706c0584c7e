// Own actions: what happened last at registries, and what was refused there.

import type { ActionReply } from '@entrepot/contract/action.ts'
import { describeActivity, describeRefusals } from '@entrepot/contract/entrepot/activity.ts'
import { actorName } from '../access/actor.ts'
import { askedTime } from '../actions/asked-time.ts'
import { assertMayDo, mayDo, reachFor } from '../actions/authority.ts'
import { type ActionCall, type Handler, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import { deploymentLog } from '../audit/audit.ts'
import {
  type ActivityFilter,
  findPushedTags,
  listLogins,
  listPushes,
  listUploads,
  type PushedTag,
  type PushRow,
  tagsOf,
} from './activity.ts'
import { listRefusals, type Refusal, type RefusalFilter } from './refusals.ts'

const dayMs = 86_400_000
const refusalsBackMs = 7 * dayMs
/** A row is written up to a second after what it tells of, and to the second. */
const overlapMs = 5000

/** Who may read the account's audit log sees what others did. */
const auditPermission = 'cloudaudit:DescribeEvents'

export const activityHandlers: readonly Handler[] = [
  read(describeActivity, async (call) => {
    const { ground, input, nowMs } = call
    const { heavy } = ground.db
    const seesAll = await mayDo(call, auditPermission, ['*'])
    const since = askedTime('Since', input.Since) ?? nowMs - dayMs
    const filter: ActivityFilter = {
      ownerUin: call.actor.ownerUin,
      reach: await reachFor(call, 'tcr:DescribeRepositories', 'repository/'),
      actor: actorName(call.actor),
      seesAllLogins: seesAll,
      instanceId: input.RegistryId || undefined,
      namespace: input.NamespaceName || undefined,
      since,
      limit: input.Limit,
    }
    const pushes = await listPushes(heavy, filter)
    const pushed = await findPushedTags(heavy, pushes)
    // Logins and refusals of an instance are no namespace's.
    const logins = filter.namespace === undefined ? await listLogins(heavy, filter) : []
    const refusals = await listRefusals(heavy, refusalFilter(call, filter, seesAll))
    const uploads = await listUploads(heavy, filter)
    const activities = [
      ...pushes.map((row) => pushToWire(row, pushed.get(row.id))),
      ...logins.map(loginToWire),
      ...refusals.flatMap(refusalToActivity),
      ...uploads.map(uploadToWire),
    ]
    activities.sort((a, b) => (a.Time < b.Time ? 1 : a.Time > b.Time ? -1 : 0))
    return { Activities: activities.slice(0, input.Limit), Next: isoUtc(nowMs - overlapMs) }
  }),

  read(describeRefusals, async (call) => {
    const { ground, input, nowMs } = call
    const seesAll = input.Scope === 'All'
    if (seesAll) await assertMayDo(call, auditPermission, ['*'])
    const filter = {
      instanceId: input.RegistryId || undefined,
      namespace: undefined,
      since: askedTime('Since', input.Since) ?? nowMs - refusalsBackMs,
      limit: input.Limit,
    }
    const found = await listRefusals(ground.db.heavy, refusalFilter(call, filter, seesAll))
    return { Refusals: found.map(refusalToWire) }
  }),
]

type Asking = Pick<ActionCall<typeof describeRefusals>, 'actor' | 'ground'>

function refusalFilter(
  { actor, ground }: Asking,
  filter: Pick<RefusalFilter, 'instanceId' | 'namespace' | 'since' | 'limit'>,
  seesAll: boolean,
): RefusalFilter {
  const { instanceId, namespace, since, limit } = filter
  // Hosts of no instance, and the Personal edition, which all accounts share, stand in the deployment's log.
  const isOperator = actor.ownerUin === ground.operatorUin
  const owners = !seesAll || isOperator ? [actor.ownerUin, deploymentLog] : [actor.ownerUin]
  const of = { actor: actorName(actor), loginName: String(actor.uin) }
  return { owners, of: seesAll ? undefined : of, instanceId, namespace, since, limit }
}

type WireActivity = ActionReply<typeof describeActivity>['Activities'][number]
type WireRefusal = ActionReply<typeof describeRefusals>['Refusals'][number]

const nothing = {
  NamespaceName: null,
  RepositoryName: null,
  Tags: '',
  Digest: null,
  Size: null,
  Agent: null,
  Address: null,
  Reason: null,
  Count: 1,
} as const

function namesOf(path: string) {
  const slash = path.indexOf('/')
  return { NamespaceName: path.slice(0, slash), RepositoryName: path.slice(slash + 1) }
}

function pushToWire(row: PushRow, pushed: PushedTag | undefined): WireActivity {
  return {
    ...nothing,
    ...namesOf(row.resource),
    ActivityId: `push:${row.id}`,
    Kind: 'Push',
    Time: isoUtc(row.at),
    RegistryId: row.instance_id ?? '',
    Tags: tagsOf(row),
    Digest: pushed?.digest ?? (tagsOf(row) === '' ? row.reference : null),
    Size: pushed?.contentBytes ?? null,
    Actor: row.actor,
    Address: row.address,
    Agent: row.agent,
  }
}

function loginToWire(row: Awaited<ReturnType<typeof listLogins>>[number]): WireActivity {
  return {
    ...nothing,
    ActivityId: `login:${row.id}`,
    Kind: 'Login',
    Time: isoUtc(row.at),
    RegistryId: row.instance_id ?? '',
    Actor: row.actor,
    Address: row.address,
    Agent: row.agent,
    Count: row.count,
  }
}

function uploadToWire(row: Awaited<ReturnType<typeof listUploads>>[number]): WireActivity {
  return {
    ...nothing,
    ...namesOf(row.path),
    ActivityId: `upload:${row.id}`,
    Kind: 'Upload',
    Time: isoUtc(row.created_at),
    RegistryId: row.instance_id,
    Size: row.offset_bytes,
    Actor: row.actor,
  }
}

/** One at a host of no instance is nothing that happened at a registry. */
function refusalToActivity(refusal: Refusal): readonly WireActivity[] {
  if (refusal.instanceId === null) return []
  const activity = {
    ...nothing,
    ...(refusal.path !== null && namesOf(refusal.path)),
    ActivityId: `refusal:${refusal.id}`,
    Kind: 'Refusal',
    Time: isoUtc(refusal.at),
    RegistryId: refusal.instanceId,
    Actor: refusal.loginName ?? refusal.actor,
    Address: refusal.address,
    Agent: refusal.agent,
    Reason: refusal.reason,
    Count: refusal.count,
  } as const
  return [activity]
}

function refusalToWire(refusal: Refusal): WireRefusal {
  return {
    RefusalId: String(refusal.id),
    Time: isoUtc(refusal.at),
    RegistryId: refusal.instanceId,
    Address: refusal.address,
    Agent: refusal.agent,
    LoginName: refusal.loginName,
    Reason: refusal.reason,
    Permission: refusal.permission,
    Resource: refusal.resource,
    Count: refusal.count,
  }
}
