// Own actions on the deployment itself.

import type { ActionReply } from '@entrepot/contract/action.ts'
import { describeDeployment } from '@entrepot/contract/entrepot/deployment.ts'
import { describeSystem } from '@entrepot/contract/entrepot/system.ts'
import { type Handler, type ReadCall, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import { findDatabaseFacts } from '../db/facts.ts'
import { findSchemaVersion } from '../db/migrate.ts'
import { eventsBehind } from '../events/trim.ts'
import { hostName } from '../http/client-address.ts'
import { findDefaultInstance } from '../instances/instances.ts'
import { regionOf } from '../instances/regions.ts'
import { jobCounts } from '../jobs/jobs.ts'
import { getPersonalInstance, personalHost } from '../personal/instance.ts'
import { aliveWithinMs, listProcesses } from './processes.ts'
import { lookAtStores } from './storage-health.ts'

export const systemHandlers: readonly Handler[] = [
  read(describeDeployment, async ({ ground, db, actor, client }) => {
    const { baseDomain, program } = ground
    const region = regionOf(ground.region)
    const ownDefault = await findDefaultInstance(db)
    const personal = await getPersonalInstance(db, ground.region)
    const host = client.host ?? ''
    return {
      Version: program.version,
      RegionName: region.name,
      RegionId: region.id,
      Scheme: client.scheme,
      Host: hostName(host),
      Port: portOf(host),
      BaseDomain: baseDomain ?? null,
      // Without a base domain no host leads to it.
      PersonalHost: baseDomain === undefined ? null : personalHost(personal, baseDomain),
      DefaultRegistryId: ownDefault?.ownerUin === actor.ownerUin ? ownDefault.id : null,
      MaxBlobBytes: program.maxBlobBytes,
    }
  }),

  read(describeSystem, async (call) => {
    const { ground } = call
    const { heavy } = ground.db
    const now = await ground.clock.deployment(heavy)
    const latencyMs = await ground.db.ping()
    const facts = await findDatabaseFacts(heavy)
    const storages = await lookAtStores(ground)
    return {
      ...(await countAll(call)),
      Version: ground.program.version,
      DatabaseKind: databaseKinds[ground.db.dialect],
      DatabaseVersion: facts.version,
      SchemaVersion: await findSchemaVersion(heavy),
      DatabaseLatencyMs: latencyMs,
      DatabaseBytes: facts.sizeBytes,
      Processes: (await listProcesses(heavy)).map((one) => ({
        ProcessId: one.id,
        Host: one.host,
        Pid: one.pid,
        Version: one.version,
        NodeVersion: one.node_version,
        StartTime: isoUtc(one.started_at),
        SeenTime: isoUtc(one.seen_at),
        IsAlive: one.seen_at > now - aliveWithinMs,
        MemoryBytes: one.memory_bytes,
      })),
      Storages: storages.map((one) => ({
        Name: one.name,
        Kind: storageKinds[one.kind],
        IsReachable: one.reason === null,
        LatencyMs: one.latencyMs,
        Reason: one.reason,
        FreeBytes: one.freeBytes,
      })),
      Queues: (await jobCounts(heavy)).flatMap(({ state, count, oldestAt }) => {
        const name = jobStates[state]
        return name ? [{ State: name, Count: Number(count), OldestTime: isoUtc(oldestAt) }] : []
      }),
      ClockTime: isoUtc(now),
      ClockPausedUntil: await pausedUntil(call, now),
      Settings: ground.program.settings.map((one) => ({
        Name: one.name,
        Value: one.text,
        IsGiven: one.isGiven,
        IsSecret: one.isSecret,
      })),
    }
  }),
]

type System = ActionReply<typeof describeSystem>
type SystemCall = ReadCall<typeof describeSystem>

const databaseKinds = { sqlite: 'Sqlite', postgres: 'Postgres' } as const
const storageKinds = { folder: 'Folder', s3: 'S3', memory: 'Memory' } as const

const jobStates: Readonly<Record<string, System['Queues'][number]['State']>> = {
  waiting: 'Waiting',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

async function countAll({
  ground,
}: SystemCall): Promise<
  Pick<System, 'OpenUploads' | 'EventsBehind' | 'AccountCount' | 'InstanceCount'>
> {
  const { heavy } = ground.db
  const row = await heavy
    .selectNoFrom((eb) => [
      eb
        .selectFrom('uploads')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('uploads'),
      eb
        .selectFrom('accounts')
        .whereRef('uin', '=', 'owner_uin')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('accounts'),
      eb
        .selectFrom('instances')
        .where('kind', '=', 'enterprise')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('instances'),
    ])
    .executeTakeFirstOrThrow()
  const behind = await eventsBehind(heavy)
  return {
    OpenUploads: Number(row.uploads),
    EventsBehind: behind.reduce((most, { events }) => Math.max(most, Number(events)), 0),
    AccountCount: Number(row.accounts),
    InstanceCount: Number(row.instances),
  }
}

async function pausedUntil({ ground }: SystemCall, now: number): Promise<string | null> {
  const row = await ground.db.heavy
    .selectFrom('clock_state')
    .select('paused_until')
    .executeTakeFirst()
  return row && row.paused_until > now ? isoUtc(row.paused_until) : null
}

/** Null where the host says none: that of the scheme. */
function portOf(host: string): number | null {
  const port = host.slice(hostName(host).length + 1)
  return port === '' ? null : Number(port)
}
