// Roles by which a service acts, made for it by name: only it may take them on. They go by a job, whose id is the
// task that the deletion is followed by.

import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { defineJob, type JobDefinition, schedule } from '../jobs/jobs.ts'
import { createRole, deleteRole, findRole, type NewRole, type Role } from './roles.ts'

export interface NewServiceLinkedRole extends Pick<NewRole, 'description' | 'at'> {
  readonly services: readonly string[]
  /** Tells several of one service apart. */
  readonly suffix: string | undefined
}

/** As a role's name may be. */
const maxNameChars = 128

/** Throws ROLE_EXISTS, ROLE_LIMIT, INVALID_PARAMETER_VALUE. */
export async function createServiceLinkedRole(
  tx: Tx,
  ownerUin: number,
  { services, suffix, description, at }: NewServiceLinkedRole,
): Promise<number> {
  // The contract wants one at least.
  const [first = ''] = services
  const name = linkedRoleName(first, suffix)
  if (name.length > maxNameChars) {
    throw invalidValue('CustomSuffix', {
      en: `makes the role’s name longer than ${maxNameChars} characters`,
      zh: `使角色名称超过 ${maxNameChars} 个字符`,
    })
  }
  const trustPolicy = JSON.stringify({
    version: '2.0',
    statement: [
      { effect: 'allow', action: 'name/sts:AssumeRole', principal: { service: [...services] } },
    ],
  })
  return createRole(tx, ownerUin, {
    name,
    kind: 'service_linked',
    description,
    trustPolicy,
    sessionSeconds: 0,
    mayLogIn: false,
    at,
  })
}

const serviceDomain = /\.(cloud\.tencent|qcloud)\.com$/

/** `eks.tke.cloud.tencent.com` is part `eks` of the product `tke`: `TKE_QCSLinkedRoleInEks`. */
export function linkedRoleName(service: string, suffix: string | undefined): string {
  const parts = service.replace(serviceDomain, '').split(/[.-]/)
  const product = productOf(service)
  const part = parts.slice(0, -1).map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
  const place = part.length > 0 ? `In${part.join('')}` : ''
  const end = suffix === undefined ? '' : `_${suffix}`
  return `${product.toUpperCase()}_QCSLinkedRole${place}${end}`
}

/** The short name of the product: `tke`. */
function productOf(service: string): string {
  return service.replace(serviceDomain, '').split(/[.-]/).at(-1) ?? service
}

/** Throws OPERATION_DENIED: what a service acts by is its own. */
export function assertNotServiceLinked({ kind, name }: Role): void {
  if (kind !== 'service_linked') return
  throw new ApiError('OPERATION_DENIED', {
    message: {
      en: `${name} is linked to a service: it is made and deleted whole, by DeleteServiceLinkedRole`,
      zh: `${name} 是服务相关角色，只能整体创建，并通过 DeleteServiceLinkedRole 删除`,
    },
  })
}

const deletionJob = 'roles.delete-service-linked'

function deletionKey(roleId: number): string {
  return `${deletionJob}:${roleId}`
}

/** Returns the task; asked for again while it lives it is the same. Throws OPERATION_DENIED. */
export async function scheduleDeletion(tx: Tx, role: Role, at: number): Promise<string> {
  if (role.kind !== 'service_linked') {
    throw new ApiError('OPERATION_DENIED', {
      message: {
        en: `${role.name} is not linked to a service: call DeleteRole`,
        zh: `${role.name} 不是服务相关角色，请使用 DeleteRole`,
      },
    })
  }
  const { id, ownerUin, trustPolicy } = role
  return schedule(tx, {
    kind: deletionJob,
    key: deletionKey(id),
    payload: { roleId: id, ownerUin, service: serviceOf(trustPolicy) },
    ownerUin,
    isCancellable: false,
    at,
  })
}

/** Of a trust policy that was written here. */
function serviceOf(trustPolicy: string): string {
  const { statement } = JSON.parse(trustPolicy) as {
    readonly statement: readonly [{ readonly principal: { readonly service: readonly string[] } }]
  }
  return statement[0].principal.service[0] ?? ''
}

interface Deletion {
  readonly roleId: number
  readonly ownerUin: number
  readonly service: string
}

/** Only `scheduleDeletion` writes them. */
function parseDeletion(payload: unknown): Deletion {
  return payload as Deletion
}

export function roleJobs(): readonly JobDefinition[] {
  return [
    defineJob({
      kind: deletionJob,
      parse: parseDeletion,
      async run({ payload: { roleId, ownerUin }, write }) {
        await write(async (tx) => {
          const role = await findRole(tx, ownerUin, { id: roleId })
          if (role) await deleteRole(tx, role)
        })
      },
    }),
  ]
}

export interface DeletionTask {
  readonly status: 'NOT_STARTED' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED'
  readonly reason: string
  readonly serviceType: string
  readonly serviceName: string
}

/** Throws RESOURCE_NOT_FOUND; ended tasks are forgotten after some days, as all jobs are. */
export async function getDeletion(
  db: Queryable,
  ownerUin: number,
  taskId: string,
): Promise<DeletionTask> {
  const row = await db
    .selectFrom('jobs')
    .select(['state', 'attempts', 'error', 'payload'])
    .where('id', '=', taskId)
    .where('kind', '=', deletionJob)
    .where('owner_uin', '=', ownerUin)
    .executeTakeFirst()
  if (!row) {
    throw new ApiError('RESOURCE_NOT_FOUND', {
      message: {
        en: `there is no deletion ${taskId} in this account`,
        zh: `该账号下没有删除任务 ${taskId}`,
      },
    })
  }
  const { service } = parseDeletion(JSON.parse(row.payload))
  const status = statusOf(row)
  return {
    status,
    reason: status === 'FAILED' ? (row.error ?? '') : '',
    serviceType: productOf(service),
    serviceName: service,
  }
}

function statusOf(row: {
  readonly state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly attempts: number
}): DeletionTask['status'] {
  switch (row.state) {
    case 'waiting':
      return row.attempts === 0 ? 'NOT_STARTED' : 'IN_PROGRESS'
    case 'running':
      return 'IN_PROGRESS'
    case 'succeeded':
      return 'SUCCEEDED'
    case 'failed':
    case 'cancelled':
      return 'FAILED'
  }
}

/** The tasks that are to delete roles, by role. */
export async function findDeletions(
  db: Queryable,
  roles: readonly Role[],
): Promise<ReadonlyMap<number, string>> {
  const byKey = new Map(
    roles.filter(({ kind }) => kind === 'service_linked').map(({ id }) => [deletionKey(id), id]),
  )
  if (byKey.size === 0) return new Map()
  const rows = await db
    .selectFrom('jobs')
    .select(['id', 'key'])
    .where('key', 'in', [...byKey.keys()])
    .where('state', 'in', ['waiting', 'running'])
    .execute()
  return new Map(rows.map(({ id, key }) => [byKey.get(key) ?? 0, id]))
}
