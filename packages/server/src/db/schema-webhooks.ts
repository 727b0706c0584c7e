// The tables of webhooks as TypeScript sees them.

import type { Generated } from 'kysely'

export interface WebhookTriggersTable {
  id: string
  /** What the API calls Id. */
  number: number
  namespace_id: string
  name: string
  description: string
  /** JSON: a list of the API's words. */
  event_types: string
  /** Whether one of them is a pull, which is told of only where somebody asks. */
  wants_pulls: number
  /** RE2. */
  condition: string
  body_format: 'tcr' | 'cloudevents'
  /** By which whoever made it reached the instance: names images where there is no base domain. */
  host: string
  is_on: number
  /** Sealed. */
  secret: Uint8Array
  /** Of its events, so that a receiver sees which it has not got. */
  last_sequence: number
  created_at: number
  created_by: string
  updated_at: number
}

export interface WebhookTargetsTable {
  id: string
  trigger_id: string
  position: number
  address: string
  /** Sealed JSON. */
  headers: Uint8Array
  is_on: number
  /** Null: its last attempt succeeded, or there was none. */
  failing_since: number | null
  /** When it was switched off. */
  off_at: number | null
  problem: string | null
}

export type DeliveryState = 'pending' | 'finished' | 'error' | 'stopped'

/** An event that goes, or went, to one target. */
export interface WebhookDeliveriesTable {
  id: Generated<number>
  trigger_id: string
  /** Which may have been removed since. */
  target_id: string
  address: string
  /** First attempts of a lane leave in the order of their ids. */
  lane: number
  event_id: string
  sequence: number
  event_type: string
  repository: string
  tag: string
  content_type: string
  body: string
  is_test: number
  state: DeliveryState
  attempts: number
  /** How far its back-off is. */
  step: number
  /** Null of what was never sent: it waits for its lane. */
  next_attempt_at: number | null
  /** Of the last attempt, as the two below. */
  status: number | null
  duration_ms: number | null
  problem: string | null
  created_at: number
  updated_at: number
}

export interface WebhookAttemptsTable {
  delivery_id: number
  number: number
  at: number
  duration_ms: number
  by_hand: number
  status: number | null
  problem: string | null
  /** A line each; secrets are masked. */
  request_headers: string
  response_headers: string | null
  response_body: string | null
  is_cut: number
}
