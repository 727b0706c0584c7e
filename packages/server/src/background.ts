// Everything that runs by itself, in one place.

import type { Sending } from './audit-log/forward.ts'
import { auditJobs } from './audit-log/jobs.ts'
import type { RunningHashes } from './blobs/hashing.ts'
import { bulkDeletionJobs } from './bulk-deletions/jobs.ts'
import { chartJobs } from './charts/jobs.ts'
import type { Clock } from './clock.ts'
import { credentialJobs } from './credentials/jobs.ts'
import type { Vault } from './crypto/vault.ts'
import type { Database } from './db/database.ts'
import { EventDelivery } from './events/delivery.ts'
import { trimEvents } from './events/trim.ts'
import { gcJobs } from './gc/jobs.ts'
import { instanceJobs } from './instances/jobs.ts'
import type { ClockWatch } from './jobs/clock-watch.ts'
import { trimJobs } from './jobs/trim.ts'
import type { Wake } from './jobs/wake.ts'
import { JobWorker } from './jobs/worker.ts'
import type { Log } from './log.ts'
import { loginJobs } from './logins/jobs.ts'
import { meteringJobs } from './metering/jobs.ts'
import { personalMigrationJobs } from './personal-migration/jobs.ts'
import type { Rights } from './policies/rights.ts'
import { providerLoginJobs } from './provider-logins/jobs.ts'
import { quotaJobs } from './quotas/jobs.ts'
import { recycleBinJobs } from './recycle-bin/jobs.ts'
import { repositoryJobs } from './repositories/jobs.ts'
import { retentionJobs } from './retention/jobs.ts'
import { roleJobs } from './roles/service-linked.ts'
import type { Stores } from './storage/stores.ts'
import { webhookJobs } from './webhooks/jobs.ts'
import { webhookSubscriber } from './webhooks/subscriber.ts'

interface Background {
  readonly db: Database
  readonly clock: Clock
  readonly stores: Stores
  readonly hashes: RunningHashes
  readonly rights: Rights
  readonly log: Log
  readonly graceMs: number
  readonly region: string
  /** In which it is midnight when rules run by time. */
  readonly timeZone: string
  readonly wake: Wake
  readonly clockWatch: ClockWatch
  readonly vault: Vault
  readonly baseDomain: string | undefined
  /** Of the audit log; its guard is that of all outgoing requests. */
  readonly sending: Sending
}

export function buildJobWorker(background: Background): JobWorker {
  const { db, clock, log, wake, clockWatch } = background
  const isPaused = () => clockWatch.isPaused()
  const jobs = [
    trimJobs(background),
    trimEvents(background),
    ...auditJobs(background),
    ...meteringJobs(background),
    ...gcJobs({ ...background, isPaused }),
    ...quotaJobs(),
    ...instanceJobs(background),
    ...repositoryJobs(background),
    ...recycleBinJobs(background),
    ...chartJobs(background),
    ...retentionJobs({ ...background, isPaused }),
    ...personalMigrationJobs(background),
    ...bulkDeletionJobs({ ...background, region: background.sending.region }),
    ...credentialJobs(background),
    ...loginJobs(background),
    ...providerLoginJobs(background),
    ...roleJobs(),
    ...webhookJobs({ ...background, guard: background.sending.guard, isPaused }),
  ]
  return new JobWorker({ db, clock, log, wake, jobs })
}

export function buildEventDelivery(
  background: Pick<Background, 'db' | 'clock' | 'log' | 'wake' | 'baseDomain'>,
): EventDelivery {
  return new EventDelivery({ ...background, subscribers: [webhookSubscriber(background)] })
}
