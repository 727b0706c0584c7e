// Webhooks: a trigger of a namespace says on which events of which images a request goes to which targets.
//
// What holds:
// - A delivery is an event on its way to one target. Its row is written in the transaction that moves the cursor of the
//   event log past the event (`subscriber.ts`), and ends only when an attempt's result was written: whoever dies between
//   a request and its result sends it again. So it arrives at least once, under one event id.
// - First attempts leave in the order of events, per target and repository: deliveries of one lane one after the other
//   (`jobs.ts`). Whatever fails leaves its lane and holds nobody up.
// - A trigger numbers its events without gaps, so that a receiver sees what it has not got.

import type { eventTypes } from '@entrepot/contract/tcr/webhooks.ts'

export type WireEvent = (typeof eventTypes)[number]
export type BodyFormat = 'tcr' | 'cloudevents'

export interface Header {
  readonly Key: string
  readonly Values: readonly string[]
}

export interface Trigger {
  readonly id: string
  /** What the API calls Id. */
  readonly number: number
  readonly namespaceId: string
  readonly events: readonly WireEvent[]
  readonly condition: string
  readonly bodyFormat: BodyFormat
  readonly host: string
}

export const pullEvents: readonly WireEvent[] = ['pullImage', 'chartPull']

export const maxTriggersPerNamespace = 50
/** More that wait for one target are not sent: their log says so, and they can be sent by hand. */
export const maxWaitingPerTarget = 10_000
/** Of those that ended; the log of a trigger. */
export const maxLogRows = 1000
export const keepLogMs = 30 * 24 * 3_600_000

/** How many of a target's deliveries are on their way at once. Those of a repository share a lane. */
export const laneCount = 4
/** Of what failed once: it waits for its time and not for its turn. */
export const retryLane = -1

export function laneOf(repository: string): number {
  let hash = 0
  for (const char of repository) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003
  return hash % laneCount
}

const [second, minute, hour] = [1000, 60_000, 3_600_000]

/** After the n-th failure; over a day in all, and then it has failed. */
export const backOffMs: readonly number[] = [
  ...[10 * second, 30 * second, minute, 5 * minute, 15 * minute, 30 * minute],
  ...[hour, 2 * hour, 4 * hour, 8 * hour, 8.5 * hour],
]

export const lastStep = backOffMs.length
/** What somebody asked for by hand is sent once. */
export const byHandStep = lastStep + 1

/** A target at which nothing succeeded for so long is switched off. */
export const deadAfterMs = 24 * hour

/** Succeeded: any 2xx. A redirect is not followed: it would lose the body, or take it elsewhere. */
export function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300
}

/** The job that tells of the rest of a large deleted repository. */
export const expandKind = 'webhooks.expand'
