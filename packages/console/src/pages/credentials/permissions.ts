// What a service account may do in each namespace: three levels that the grid offers, and deleting beside them. Any
// other set of actions, which only the API makes, is shown as it is and kept until a level is chosen.

import type { Request } from '../../api/call.ts'

type Permission = Request<'CreateServiceAccount'>['Permissions'][number]
export type Action = Permission['Actions'][number]

/** Actions by namespace; `*` is all of them. A namespace without actions isn't there. */
export type Grants = Readonly<Record<string, readonly Action[]>>

export type Level = 'none' | 'read' | 'write' | 'custom'

export const everyNamespace = '*'

const read: readonly Action[] = ['tcr:PullRepository', 'tcr:DescribeHelmCharts']
const write: readonly Action[] = [
  ...read,
  'tcr:PushRepository',
  'tcr:CreateRepository',
  'tcr:CreateHelmChart',
]
const deletes: Action = 'tcr:DeleteImage'
/** Older accounts have levels without them. */
const ofCharts: readonly Action[] = ['tcr:DescribeHelmCharts', 'tcr:CreateHelmChart']

export function levelOf(actions: readonly Action[]): Level {
  const plain = actions.filter((one) => one !== deletes && !ofCharts.includes(one))
  if (actions.length === 0) return 'none'
  if (isSet(plain, read) && !mayDelete(actions)) return 'read'
  return isSet(plain, write) ? 'write' : 'custom'
}

/** The same actions, leaving charts out. */
function isSet(actions: readonly Action[], level: readonly Action[]): boolean {
  const wanted = level.filter((one) => !ofCharts.includes(one))
  return actions.length === wanted.length && wanted.every((one) => actions.includes(one))
}

export function mayDelete(actions: readonly Action[]): boolean {
  return actions.includes(deletes)
}

/** Deleting stays only with read-write. */
export function withLevel(
  actions: readonly Action[],
  level: Exclude<Level, 'custom'>,
): readonly Action[] {
  switch (level) {
    case 'none':
      return []
    case 'read':
      return read
    case 'write':
      return mayDelete(actions) ? [...write, deletes] : write
  }
}

export function withDelete(actions: readonly Action[], isWanted: boolean): readonly Action[] {
  const others = actions.filter((one) => one !== deletes)
  return isWanted ? [...others, deletes] : others
}

export function grantsOf(permissions: readonly Permission[] | null | undefined): Grants {
  return Object.fromEntries((permissions ?? []).map(({ Resource, Actions }) => [Resource, Actions]))
}

export function permissionsOf(grants: Grants): Permission[] {
  return Object.entries(grants)
    .filter(([, actions]) => actions.length > 0)
    .map(([Resource, actions]) => ({ Resource, Actions: [...actions] }))
}

export interface GrantSummary {
  readonly read: readonly string[]
  readonly write: readonly string[]
  readonly deletes: readonly string[]
  readonly custom: readonly string[]
}

export function summarizeGrants(grants: Grants): GrantSummary {
  const names = Object.keys(grants).sort()
  const at = (level: Level) => names.filter((name) => levelOf(grants[name] ?? []) === level)
  return {
    read: at('read'),
    write: at('write'),
    deletes: at('write').filter((name) => mayDelete(grants[name] ?? [])),
    custom: at('custom'),
  }
}
