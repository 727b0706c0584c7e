// The API's actions on the clean-up of storage.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  describeReclaimableSpace,
  describeStorageCleanupItems,
  describeStorageCleanups,
} from '@entrepot/contract/entrepot/storage-cleanup.ts'
import {
  createGCJob,
  describeGCJobs,
  maxListedGCJobs,
  terminateGCJob,
} from '@entrepot/contract/tcr/gc.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import type { Clock } from '../clock.ts'
import type { Queryable } from '../db/database.ts'
import { cancelJob } from '../jobs/jobs.ts'
import { getUsage } from '../quotas/quotas.ts'
import { findHold } from './objects.ts'
import { listQuestions } from './questions.ts'
import {
  findLiveRun,
  type Item,
  listItems,
  listRuns,
  type Run,
  type Stay,
  startRun,
} from './runs.ts'
import { Spaces } from './space.ts'
import type { Counts } from './tally.ts'

const hourMs = 3_600_000

export function gcHandlers(clock: Clock): readonly Handler[] {
  const spaces = new Spaces(clock)
  return [
    change(createGCJob, async ({ tx, at, instance, origin, input }) => {
      const isDry = input.GCParameters?.Dryrun ?? false
      await startRun(tx, { instanceId: instance.id, isDry, by: origin.actor, at })
      return {}
    }),

    read(describeGCJobs, async ({ db, instance }) => {
      const page = { offset: 0, limit: maxListedGCJobs }
      const { runs } = await listRuns(db, { instanceId: instance.id }, page)
      return { Jobs: runs.map(toJob) }
    }),

    change(terminateGCJob, async ({ tx, at, instance }) => {
      const live = await findLiveRun(tx, instance.id)
      const isStopped = live !== undefined && (await cancelJob(tx, live.id, at))
      return isStopped
        ? { Status: 'success' as const, Message: 'GC job stopped successfully' }
        : { Status: 'error' as const, Message: 'no GC job is running' }
    }),

    read(describeStorageCleanups, async ({ ground, instance, input }) => {
      const kinds = (input.Types ?? []).map((type) => kindOf[type])
      const filter = { instanceId: instance.id, number: input.CleanupId, kinds }
      const page = pageRange(describeStorageCleanups.paging, input)
      const { total, runs } = await listRuns(ground.db.heavy, filter, page)
      return { Cleanups: runs.map(toWire), TotalCount: total }
    }),

    read(describeStorageCleanupItems, async ({ ground, instance, input }) => {
      const filter = {
        instanceId: instance.id,
        number: input.CleanupId,
        kinds: (input.Kinds ?? []).map((kind) => itemKindOf[kind]),
        search: input.Search ?? '',
        onlyDue: input.OnlyDue,
      }
      const page = pageRange(describeStorageCleanupItems.paging, input)
      const { total, items } = await listItems(ground.db.heavy, filter, page)
      return { Items: items.map(toItem), TotalCount: total }
    }),

    read(describeReclaimableSpace, async ({ ground, db, instance }) => {
      const { graceMs } = ground.program
      const space = await spaces.of(ground.db.heavy, instance.id)
      return {
        StoredBytes: await getUsage(db, instance.id, 'bytes'),
        KeptBytes: space.keptBytes,
        UntaggedBytes: space.untaggedBytes,
        BinBytes: space.binBytes,
        UnreferencedBytes: space.unreferencedBytes,
        CondemnedBytes: space.condemnedBytes,
        GraceHours: Math.round(graceMs / hourMs),
        CountTime: isoUtc(space.countedAt),
        ...(await describeSchedule(db, instance.id, await ground.clock.deployment(db))),
      }
    }),
  ]
}

async function describeSchedule(db: Queryable, instanceId: string, now: number) {
  const { bin_days: binDays } = await db
    .selectFrom('instances')
    .select('bin_days')
    .where('id', '=', instanceId)
    .executeTakeFirstOrThrow()
  const timer = await db
    .selectFrom('jobs')
    .select(['run_at', 'state', 'started_at', 'ended_at'])
    .where('key', '=', 'gc.blobs')
    .where('every_ms', 'is not', null)
    .executeTakeFirst()
  const clockState = await db.selectFrom('clock_state').select('paused_until').executeTakeFirst()
  const pausedUntil = clockState?.paused_until ?? 0
  const hold = await findHold(db, now)
  return {
    BinDays: binDays,
    LastRunTime: timeOf(timer?.ended_at),
    NextRunTime: timer ? isoUtc(Math.max(now, timer.run_at)) : null,
    PausedUntil: pausedUntil > now ? isoUtc(pausedUntil) : null,
    IsHeld: hold !== undefined,
    WaitsForOperator: hold === 'operator' || (await listQuestions(db)).length > 0,
  }
}

function timeOf(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : isoUtc(at)
}

const kindOf = { Manual: 'manual', Dryrun: 'dry', Hourly: 'hourly' } as const
const typeOf = { manual: 'Manual', dry: 'Dryrun', hourly: 'Hourly' } as const

const statusOf: Readonly<Record<Run['state'], string>> = {
  waiting: 'pending',
  running: 'running',
  succeeded: 'finished',
  failed: 'error',
  cancelled: 'stopped',
}

function toJob(run: Run) {
  return {
    ID: run.number,
    JobStatus: statusOf[run.state],
    CreationTime: isoUtc(run.created_at),
    UpdateTime: isoUtc(Math.max(run.updated_at, run.ended_at ?? 0)),
    Schedule: { Type: typeOf[run.kind] },
  }
}

type WireCleanup = ActionReply<typeof describeStorageCleanups>['Cleanups'][number]

const states: Readonly<Record<Run['state'], WireCleanup['State']>> = {
  waiting: 'Waiting',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

function toWire(run: Run & { readonly items: number }): WireCleanup {
  const went = JSON.parse(run.went) as Counts
  return {
    CleanupId: run.number,
    Type: typeOf[run.kind],
    State: states[run.state],
    JobId: run.job_id,
    Counts: {
      Referrers: went.referrers,
      Manifests: went.manifests,
      Links: went.links,
      Blobs: went.blobs,
      Uploads: went.uploads,
      Objects: went.objects,
      Orphans: went.orphans,
      Bytes: went.bytes,
    },
    Stays: (JSON.parse(run.stays) as readonly Stay[]).map(toStay),
    ExpectedSeconds: run.expected_ms === null ? null : Math.ceil(run.expected_ms / 1000),
    ItemCount: run.items,
    CreatedBy: run.kind === 'hourly' ? null : run.created_by,
    CreateTime: isoUtc(run.created_at),
    StartTime: timeOf(run.started_at),
    EndTime: timeOf(run.ended_at),
  }
}

const reasonOf = {
  grace: 'Grace',
  bin: 'Bin',
  delay: 'Delay',
  clock: 'Clock',
  hold: 'Hold',
  operator: 'Operator',
} as const

function toStay(stay: Stay): WireCleanup['Stays'][number] {
  return {
    Reason: reasonOf[stay.reason],
    Count: stay.count,
    Bytes: stay.bytes,
    DueTime: timeOf(stay.dueAt),
    LastDueTime: timeOf(stay.lastDueAt),
  }
}

const itemKindOf = {
  Referrer: 'referrer',
  Manifest: 'manifest',
  Link: 'link',
  Blob: 'blob',
  Upload: 'upload',
  Object: 'object',
} as const

type WireItem = ActionReply<typeof describeStorageCleanupItems>['Items'][number]

const wireKinds: Readonly<Record<Item['kind'], WireItem['Kind']>> = {
  referrer: 'Referrer',
  manifest: 'Manifest',
  link: 'Link',
  blob: 'Blob',
  upload: 'Upload',
  object: 'Object',
}

const itemReasons: Readonly<Record<string, WireItem['Reason']>> = {
  'subject-deleted': 'SubjectDeleted',
  'subject-missing': 'SubjectMissing',
  deleted: 'Deleted',
  'in-bin': 'InBin',
  unnamed: 'Unnamed',
  unheld: 'Unheld',
  expired: 'Expired',
  condemned: 'Condemned',
}

function toItem(item: Item): WireItem {
  return {
    Kind: wireKinds[item.kind],
    RepositoryPath: item.repository_path,
    Digest: item.digest,
    SizeBytes: item.size_bytes,
    Reason: itemReasons[item.reason] ?? 'Unnamed',
    DueTime: timeOf(item.due_at),
  }
}
