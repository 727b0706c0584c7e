// What can be waited for: an instance that runs or is gone, a job that is over, the bytes of an instance that moved.

import { describeInstanceStorageMove } from '@entrepot/contract/entrepot/instances.ts'
import { describeJob } from '@entrepot/contract/entrepot/jobs.ts'
import { describeInstanceStatus } from '@entrepot/contract/tcr/instances.ts'
import type { Client, Reply } from './client.ts'
import { CallError } from './errors.ts'
import { type Look, type WaitOptions, waitUntil } from './wait.ts'

/** Of these an instance gets out only by a person. */
const failedStates = ['FailedCreated', 'FailedUpdated', 'DeleteFailed', 'DeleteBucketFailed']

/** Resolves with the state, `Running` unless another one is wanted. */
export function waitForInstance(
  client: Client,
  registryId: string,
  wanted = 'Running',
  options: WaitOptions = {},
): Promise<string> {
  return waitUntil(async () => {
    const { RegistryStatusSet } = await client.call(
      describeInstanceStatus,
      { RegistryIds: [registryId] },
      options,
    )
    const found = RegistryStatusSet?.find((one) => one.RegistryId === registryId)
    const state: string = found?.Status ?? 'unknown'
    if (state === wanted) return over(state)
    return failedStates.includes(state) ? failed(`instance ${registryId}: ${state}`) : waiting
  }, options)
}

/** An instance that is gone is not found. */
export function waitForInstanceGone(
  client: Client,
  registryId: string,
  options: WaitOptions = {},
): Promise<void> {
  return waitUntil(async () => {
    try {
      const request = { RegistryIds: [registryId] }
      const { RegistryStatusSet } = await client.call(describeInstanceStatus, request, options)
      const state = RegistryStatusSet?.find((one) => one.RegistryId === registryId)?.Status
      if (state === undefined) return over(undefined)
      return failedStates.includes(state) ? failed(`instance ${registryId}: ${state}`) : waiting
    } catch (error) {
      if (error instanceof CallError && error.is('ResourceNotFound')) return over(undefined)
      throw error
    }
  }, options)
}

type Job = Reply<typeof describeJob>['Job']

export function waitForJob(
  client: Client,
  jobId: string,
  options: WaitOptions & { readonly onProgress?: (job: Job) => void } = {},
): Promise<Job> {
  return waitUntil(async () => {
    const { Job: job } = await client.call(describeJob, { JobId: jobId, MaxLines: 0 }, options)
    options.onProgress?.(job)
    return outcome(job.State, `job ${jobId}`, job.Reason, job)
  }, options)
}

/** The move that ModifyInstanceStorage began. */
export function waitForStorageMove(
  client: Client,
  registryId: string,
  options: WaitOptions = {},
): Promise<Reply<typeof describeInstanceStorageMove>> {
  return waitUntil(async () => {
    const request = { RegistryId: registryId }
    const move = await client.call(describeInstanceStorageMove, request, options)
    if (move.State === 'None') return over(move)
    return outcome(move.State, `storage of ${registryId}`, move.Reason, move)
  }, options)
}

const waiting = { kind: 'waiting' } as const

function over<T>(value: T): Look<T> {
  return { kind: 'over', value }
}

function failed(reason: string): Look<never> {
  return { kind: 'failed', reason }
}

type JobState = Job['State']

function outcome<T>(state: JobState, what: string, reason: string | null, value: T): Look<T> {
  switch (state) {
    case 'Succeeded':
      return over(value)
    case 'Failed':
    case 'Cancelled':
      return failed(`${what}: ${state}${reason ? `: ${reason}` : ''}`)
    case 'Waiting':
    case 'Running':
      return waiting
  }
}
