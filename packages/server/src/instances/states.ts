// The life of an instance: pending → deploying → running → deleting → gone; failed and delete-failed wait for somebody
// to delete it (again). What the API calls these, and what may be done in which.

import type { Action } from '@entrepot/contract/action.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Instance, InstanceState } from './instances.ts'
import { assertWritable, isReadOnly } from './prepaid.ts'

export type WireStatus =
  | 'Pending'
  | 'Deploying'
  | 'Running'
  | 'Isolate'
  | 'FailedCreated'
  | 'Deleting'
  | 'DeleteFailed'

const statuses: Readonly<Record<InstanceState, WireStatus>> = {
  pending: 'Pending',
  deploying: 'Deploying',
  running: 'Running',
  failed: 'FailedCreated',
  deleting: 'Deleting',
  'delete-failed': 'DeleteFailed',
}

type Standing = Pick<Instance, 'state' | 'chargeType' | 'renewFlag' | 'expiresAt'>

/** `Isolate` is what the service calls an instance whose time is over. */
export function wireStatus(instance: Standing, atMs: number): WireStatus {
  if (instance.state === 'running' && isReadOnly(instance, atMs)) return 'Isolate'
  return statuses[instance.state]
}

export interface Condition {
  readonly Type: string
  readonly Status: string
  readonly Reason: string
}

/** The steps to a running instance. */
export function conditionsOf(instance: Standing, reason: string, atMs: number): Condition[] {
  const status = wireStatus(instance, atMs)
  if (status === 'Running') return [{ Type: '', Status: 'Running', Reason: '' }]
  return [
    {
      Type: instance.state === 'deploying' ? 'Storage' : 'Instance',
      Status: status,
      Reason: reason,
    },
  ]
}

/** What is done with one that doesn't run. */
const inAnyState: ReadonlySet<string> = new Set(['DeleteInstance', 'RenewInstance'])

/**
 * Before a change through the API. Content is what lies on `repository/…`: an instance whose time is over keeps it as
 * it is. Throws INSTANCE_NOT_RUNNING, INSTANCE_READ_ONLY.
 */
export function assertChangeable(instance: Instance, action: Action, atMs: number): void {
  if (inAnyState.has(action.name)) return
  if (instance.state !== 'running') {
    const status = wireStatus(instance, atMs)
    throw new ApiError('INSTANCE_NOT_RUNNING', {
      message: {
        en: `instance ${instance.id} is ${status}; only a running one can be changed`,
        zh: `实例 ${instance.id} 的状态为 ${status}，运行中的实例才能修改`,
      },
      detail: { instance: instance.id, status },
    })
  }
  const { access } = action
  const isContent =
    access.kind === 'resource' && access.resources.some((path) => path.startsWith('repository/'))
  if (isContent) assertWritable(instance, atMs)
}
